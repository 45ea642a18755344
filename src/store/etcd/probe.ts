/** What the members of a cluster say of themselves, and what the way to them takes. */
import { networkReason } from "../../disk/mod.ts";
import type { ServerMember, ServerProbe } from "../contract.ts";
import { endpointText, tlsOf } from "../grpc/mod.ts";
import type { EtcdClient, EtcdTarget } from "./client.ts";
import { readMetrics } from "./metrics.ts";

/** How long a member may take to tell its metrics, ms. */
const PATIENCE_MS = 3000;
/** The longest text of metrics that is read; etcd's has 250 KB. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Asks the members by the ports that their clients use: etcd tells its metrics there. */
export class EtcdProbe implements ServerProbe {
  readonly #client: EtcdClient;
  readonly #target: EtcdTarget;

  constructor(client: EtcdClient, target: EtcdTarget) {
    this.#client = client;
    this.#target = target;
  }

  get retries(): number {
    return this.#client.retries;
  }

  get wire(): { requests: number; ns: number } {
    const { requests, ms } = this.#client.wire;
    return { requests, ns: ms * 1e6 };
  }

  watchGaps(): () => { ns: number; atNs: number } {
    const meter = this.#client.wire;
    const start = performance.now();
    [meter.lastAt, meter.gapMs, meter.gapAt] = [start, 0, start];
    return () => ({ ns: meter.gapMs * 1e6, atNs: (meter.gapAt - start) * 1e6 });
  }

  ping(): Promise<number> | undefined {
    return this.#client.ping()?.then((ms) => ms * 1e6);
  }

  async connect(): Promise<void> {
    const { host, port } = this.#client.endpoint;
    const connection = await Deno.connect({ hostname: host, port });
    connection.close();
  }

  async read(): Promise<{ members: ServerMember[]; unread?: string }> {
    const { endpoints, tls } = this.#target;
    using http = tls === undefined ? undefined : Deno.createHttpClient(tlsOf(tls));
    const asked = endpointText(this.#client.endpoint);
    const read = await Promise.allSettled(endpoints.map(async (endpoint, place) => {
      const at = endpointText(endpoint);
      const text = await metricsAt(`${tls === undefined ? "http" : "https"}://${at}/metrics`, http);
      return { place, asked: at === asked, ...readMetrics(text) };
    }));
    const failed = read.find((one) => one.status === "rejected");
    return {
      members: read.flatMap((one) => one.status === "fulfilled" ? [one.value] : []),
      ...(failed !== undefined && { unread: networkReason(failed.reason) }),
    };
  }
}

async function metricsAt(url: string, client: Deno.HttpClient | undefined): Promise<string> {
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    redirect: "error",
    ...(client !== undefined && { client }),
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`it answers with HTTP's ${answer.status}`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error("its metrics are too long");
  }
  return await new Blob(parts as BlobPart[]).text();
}
