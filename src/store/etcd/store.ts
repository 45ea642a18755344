/** etcd behind the contract: its own keys and values, each operation one call of its interface. */
import { compareBytes, joinBytes } from "../bytes.ts";
import type {
  AsyncStore,
  ScanRange,
  ServerProbe,
  StoreDescription,
  StoreOptions,
} from "../contract.ts";
import { failure, type StoreCall, StoreError } from "../error.ts";
import type { EtcdApi } from "../etcd_api.ts";
import { ProtoWriter, RPC_CODE, RpcError } from "../grpc/mod.ts";
import { KeptBatch } from "../kept_batch.ts";
import { keyAfter, PageCursor } from "../page_cursor.ts";
import { ServerCalls } from "../server_calls.ts";
import type { Slice } from "../slice.ts";
import { ServerApi } from "./api.ts";
import { connectEtcd, type Endpoint, type EtcdClient, EtcdError } from "./client.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { etcdProgram } from "./program.ts";
import {
  FIRST_KEY,
  METHOD,
  NO_END,
  type RangeQuery,
  readRange,
  readRevision,
  readStatus,
  readValue,
  type Status,
  writeRange,
  writeTxn,
} from "./messages.ts";
import { EtcdProbe } from "./probe.ts";
import { cableOf, etcdTarget, nodesOf } from "./options.ts";
import { reasonOf } from "./reason.ts";

/** How long a cluster that was started may take until it has a leader, ms. */
const START_MS = 30_000;
/** Between two looks at it, ms. */
const LOOK_MS = 25;

/**
 * Connects to the servers that the options name; or starts some of its own in a folder, which end
 * with the store.
 *
 * @param path The folder; of servers that are named, what errors call the database.
 * @throws {StoreError} Where they cannot be used, or not be started.
 */
export async function openEtcd(path: string, options: StoreOptions = {}): Promise<EtcdStore> {
  let cluster: Cluster | undefined;
  try {
    if (options.endpoints !== undefined) {
      const client = await connectEtcd(etcdTarget(options));
      return new EtcdStore(path, client, options, undefined, ownPrefix());
    }
    cluster = await startCluster(path, nodesOf(options), cableOf(options));
    return new EtcdStore(path, await whenItLeads(cluster, options), options, cluster, "");
  } catch (error) {
    await cluster?.end();
    if (!(error instanceof EtcdError)) throw error;
    throw failure("open", path, error.message, error.usage ? "usage" : "engine");
  }
}

/** Keys of one opening among others' on a server that is not our own. */
function ownPrefix(): string {
  return `tidemark/${crypto.randomUUID()}/`;
}

/** Connects to a cluster that starts. */
async function whenItLeads(cluster: Cluster, options: StoreOptions): Promise<EtcdClient> {
  const target = etcdTarget({ ...options, endpoints: "" }, cluster.endpoints);
  const late = performance.now() + START_MS;
  for (;;) {
    try {
      return await connectEtcd(target, true);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      const complaint = await cluster.complaint();
      if (complaint !== undefined) throw new EtcdError(`etcd ended: ${complaint}`);
      const hopeless = target.endpoints.length === 1 && target.role === "follower";
      if (hopeless) throw error;
      if (performance.now() > late) {
        const what = `${etcdProgram()} was started and cannot be used within ${START_MS / 1000} s`;
        throw new EtcdError(`${what}: ${error.message}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const encoder = new TextEncoder();

/** A cluster of etcd. Made by {@linkcode openEtcd}. */
export class EtcdStore implements AsyncStore {
  readonly api = "async";
  readonly #path: string;
  readonly #client: EtcdClient;
  readonly #options: StoreOptions;
  readonly #cluster: Cluster | undefined;
  /** What stands before every key; nothing in a cluster of our own. */
  readonly #prefix: Uint8Array;
  /** The end of the keys with the prefix. */
  readonly #end: Uint8Array;
  readonly #serializable: boolean;
  readonly servers: ServerProbe;
  readonly etcdApi: EtcdApi;
  readonly #message = new ProtoWriter();
  readonly #cursors = new Set<PageCursor>();
  #key = new Uint8Array(256);
  /** The newest revision that was heard of. */
  #revision: number;
  readonly #calls: ServerCalls;

  constructor(
    path: string,
    client: EtcdClient,
    options: StoreOptions,
    cluster: Cluster | undefined,
    prefix: string,
  ) {
    this.#path = path;
    this.#calls = new ServerCalls(path, (call, error) => this.#inWords(call, error));
    this.#client = client;
    this.#options = options;
    this.#cluster = cluster;
    this.#prefix = encoder.encode(prefix);
    this.#end = this.#prefix.length === 0 ? NO_END : encoder.encode(`${prefix.slice(0, -1)}0`);
    this.#serializable = options.consistency === "serializable";
    this.#revision = client.status.revision;
    this.etcdApi = new ServerApi(client, this.#calls, this.#prefix, {
      newest: () => this.#revision,
      saw: (revision) => this.#saw(revision),
    });
    this.servers = new EtcdProbe(client, etcdTarget(options, cluster?.endpoints));
  }

  describe(): StoreDescription {
    this.#calls.check("describe");
    const { consistency = "linearizable", connections = 1, deadlineMs } = this.#options;
    const target = etcdTarget(this.#options, this.#cluster?.endpoints);
    return {
      store: "etcd",
      engine: "etcd",
      version: this.#client.status.version,
      library: "gRPC by a client of Tidemark's own",
      api: "async",
      durability: "synced",
      network: true,
      options: {
        servers: this.#cluster === undefined ? "named" : "started for the run",
        ...(this.#cluster?.cable && { cable: this.#cluster.cable.kind, ...cableOf(this.#options) }),
        endpoints: target.endpoints.length,
        role: this.#client.role,
        consistency,
        connections,
        deadlineMs: deadlineMs ?? target.deadlineMs,
        tls: target.tls !== undefined,
      },
    };
  }

  put(key: Slice, value: Slice, family = 0): Promise<void> {
    return this.#calls.do("put", family, () => {
      const message = this.#message.clear();
      this.#writeKey(message, key);
      message.bytes(2, value.bytes, value.length);
      return this.#client.call(
        METHOD.put,
        message.view,
        (answer) => this.#saw(readRevision(answer)),
      );
    });
  }

  get(key: Slice, into: Slice, family = 0): Promise<number> {
    let length = -1;
    return this.#calls.do("get", family, () => {
      const message = this.#message.clear();
      this.#writeKey(message, key);
      message.flag(7, this.#serializable);
      return this.#client.call(METHOD.range, message.view, (answer) => {
        const value = readValue(answer, (revision) => this.#saw(revision));
        if (value === undefined) return;
        length = value.length;
        if (length <= into.bytes.length) into.fill(value);
      });
    }).then(() => length);
  }

  delete(key: Slice, family = 0): Promise<void> {
    return this.#calls.do("delete", family, () => {
      const message = this.#message.clear();
      this.#writeKey(message, key);
      return this.#client.call(
        METHOD.delete,
        message.view,
        (answer) => this.#saw(readRevision(answer)),
      );
    });
  }

  batch(): KeptBatch {
    this.#calls.check("batch");
    return new KeptBatch((key, family) => {
      this.#calls.checkFamily("batch", family);
      return joinBytes(this.#prefix, key.view());
    });
  }

  write(batch: KeptBatch): Promise<void> {
    // A transaction of etcd may have a key once only.
    const writes = batch.last();
    return this.#calls.do("write", 0, () => {
      if (writes.length === 0) return Promise.resolve();
      const message = writeTxn(this.#message, writes);
      return this.#client.call(
        METHOD.txn,
        message.view,
        (answer) => this.#saw(readRevision(answer)),
      );
    });
  }

  cursor(range: ScanRange = {}): PageCursor {
    this.#calls.check("scan", range.family);
    const { from, to, reverse = false, most } = range;
    const first = from === undefined ? this.#prefix : joinBytes(this.#prefix, from.view());
    const key = first.length === 0 ? FIRST_KEY : first;
    const end = to === undefined ? this.#end : joinBytes(this.#prefix, to.view());
    let query: RangeQuery = {
      key,
      end,
      limit: 0,
      // As it was now: what has been acknowledged so far, and nothing of later.
      revision: this.#serializable ? 0 : this.#revision,
      reverse,
      serializable: this.#serializable,
    };
    const isEmpty = to !== undefined && (end.length === 0 || compareBytes(key, end) >= 0);
    const cursor: PageCursor = new PageCursor({
      isEmpty,
      prefix: this.#prefix.length,
      most,
      fetch: async (limit) => {
        const { entries, more, revision } = await this.#range({ ...query, limit });
        const last = entries.at(-1);
        if (last === undefined) return { entries, more: false };
        query = {
          ...query,
          // What follows is of the same revision.
          revision: query.revision || revision,
          ...(reverse ? { end: last.key } : { key: keyAfter(last.key) }),
        };
        return { entries, more };
      },
      onClose: () => this.#cursors.delete(cursor),
    });
    this.#cursors.add(cursor);
    return cursor;
  }

  /** etcd has no flush: what was acknowledged is synced. */
  flush(): Promise<void> {
    return this.#calls.do("flush", 0, () => Promise.resolve());
  }

  /**
   * Forgets the revisions before the newest one. etcd does that for all keys, so that a server that
   * is not our own is left alone.
   */
  compact(range: Pick<ScanRange, "family"> = {}): Promise<void> {
    return this.#calls.do("compact", range.family ?? 0, async () => {
      const [revision, before] = [this.#revision, this.#compacted];
      if (this.#cluster === undefined || revision <= before) return;
      this.#compacted = revision;
      const message = this.#message.clear().number(1, revision).flag(2, true);
      try {
        await this.#client.call(METHOD.compact, message.view, () => {});
      } catch (error) {
        // It was, by an earlier opening of the same servers.
        if (!(error instanceof RpcError) || error.code !== RPC_CODE.outOfRange) throw error;
      }
    });
  }

  #compacted = 1;

  property(name: string): string | undefined {
    this.#calls.check("property");
    if (name === "etcd.revision") return String(this.#revision);
    if (name === "etcd.retries") return String(this.#client.retries);
    return undefined;
  }

  /** The member that is spoken to, as it says now. */
  async status(): Promise<Status> {
    let status: Status | undefined;
    await this.#calls.do(
      "property",
      0,
      () =>
        this.#client.call(METHOD.status, new Uint8Array(0), (answer) => {
          status = readStatus(answer);
        }),
    );
    return status!;
  }

  /** The processes of the servers that were started; none of those that were named. */
  get pids(): readonly number[] {
    return this.#cluster?.pids ?? [];
  }

  /** Which of the servers that were started an endpoint is, as {@linkcode pids} has them; or −1. */
  indexOf({ host, port }: Endpoint): number {
    const endpoints = this.#cluster?.endpoints ?? [];
    return endpoints.findIndex((one) => one.host === host && one.port === port);
  }

  /** What is spoken to. */
  get client(): EtcdClient {
    return this.#client;
  }

  close(): Promise<void> {
    for (const cursor of [...this.#cursors]) cursor.end();
    return this.#calls.close(() => this.#close());
  }

  async #close(): Promise<void> {
    try {
      if (this.#cluster === undefined) await this.#removeAll();
    } finally {
      this.#client.close();
      await this.#cluster?.end();
    }
  }

  /** Leaves nothing on a server that is not our own. */
  async #removeAll(): Promise<void> {
    const message = this.#message.clear().bytes(1, this.#prefix).bytes(2, this.#end);
    try {
      await this.#client.call(METHOD.delete, message.view, () => {});
    } catch (error) {
      const said = this.#inWords("close", error);
      if (!(said instanceof StoreError)) throw said;
      const prefix = new TextDecoder().decode(this.#prefix);
      throw new StoreError(
        `${said.message}; its keys, which begin with ${prefix}, stay there`,
        "close",
      );
    }
  }

  async #range(query: RangeQuery): Promise<ReturnType<typeof readRange>> {
    let read: ReturnType<typeof readRange> | undefined;
    await this.#calls.do("scan", 0, () => {
      const message = writeRange(this.#message, query);
      return this.#client.call(METHOD.range, message.view, (answer) => {
        read = readRange(answer);
        this.#saw(read.revision);
      });
    });
    return read!;
  }

  #saw(revision: number): void {
    if (revision > this.#revision) this.#revision = revision;
  }

  #inWords(call: StoreCall, error: unknown): unknown {
    if (!(error instanceof RpcError)) return error;
    const { deadlineMs } = etcdTarget(this.#options, this.#cluster?.endpoints);
    return failure(call, this.#path, reasonOf(error, deadlineMs));
  }

  #writeKey(message: ProtoWriter, key: Slice): void {
    const prefix = this.#prefix.length;
    if (prefix === 0) {
      message.bytes(1, key.bytes, key.length);
      return;
    }
    const length = prefix + key.length;
    if (this.#key.length < length || this.#key[0] === 0) {
      this.#key = new Uint8Array(Math.max(2 * length, this.#key.length));
      this.#key.set(this.#prefix);
    }
    this.#key.set(key.view(), prefix);
    message.bytes(1, this.#key, length);
  }
}
