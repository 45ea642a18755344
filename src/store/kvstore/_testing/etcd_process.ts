/** A real etcd for tests: started on the loopback interface, asked through its JSON gateway. */
import { connect } from "node:http2";
import { Buffer } from "node:buffer";
import { limited, run } from "../../../_testing/child.ts";
import { KV_ERRORS } from "../errors.ts";
import type { KeyValue } from "../key_value.ts";
import type * as m from "../messages.ts";

/** JSON as the gateway writes it: int64s are texts, bytes are base64, zeros are left out. */
// deno-lint-ignore no-explicit-any -- what comes from another program is of no type until it is read
type Json = any;

/** Whether the program etcd is installed, and which version. */
export async function etcdVersion(): Promise<string | undefined> {
  try {
    const { out } = await run("etcd", ["--version"]);
    return /etcd Version: (\S+)/.exec(out)?.[1];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return;
    throw error;
  }
}

/** A port that nothing listens on at the moment. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** A refusal of the gateway, by etcd's name of it. */
interface Refused {
  readonly refused: string;
}

/** A running etcd. */
export class EtcdProcess {
  readonly #child: Deno.ChildProcess;
  readonly #directory: string;
  readonly #url: string;

  private constructor(child: Deno.ChildProcess, directory: string, url: string) {
    this.#child = child;
    this.#directory = directory;
    this.#url = url;
  }

  /**
   * Starts an etcd with an empty database, and waits until it answers.
   *
   * @param seconds How long it may run.
   */
  static async start(seconds: number): Promise<EtcdProcess> {
    const directory = await Deno.makeTempDir();
    const url = `http://127.0.0.1:${freePort()}`;
    const peer = `http://127.0.0.1:${freePort()}`;
    const options = {
      "data-dir": directory,
      "listen-client-urls": url,
      "advertise-client-urls": url,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `default=${peer}`,
    };
    const child = new Deno.Command("etcd", {
      args: Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      stdout: "null",
      stderr: "null",
    }).spawn();
    const etcd = new EtcdProcess(limited(child, seconds), directory, url);
    for (let tries = 600;; tries--) {
      const answer = await etcd.#post("kv/range", { key: "AA==" }).catch(() => undefined);
      if (answer?.header !== undefined) return etcd;
      if (tries === 0) {
        await etcd.stop();
        throw new Error("Cannot start etcd: it does not answer");
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends it, and removes its database. */
  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await Deno.remove(this.#directory, { recursive: true });
  }

  async #post(path: string, body: Json): Promise<Json> {
    const response = await fetch(`${this.#url}/v3/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return await response.json();
  }

  async #ask<T>(path: string, body: Json, read: (json: Json) => T): Promise<T | Refused> {
    const json = await this.#post(path, body);
    if (json.code === undefined) return read(json);
    const known = Object.entries(KV_ERRORS)
      .find(([, [, code, text]]) => code === json.code && text === json.message);
    // What the gateway itself cannot read.
    if (known === undefined && json.code === 3) return { refused: "InvalidArgument" };
    return { refused: known?.[0] ?? `${json.code} ${json.message}` };
  }

  /** Sets a key. */
  put(r: m.PutRequest) {
    return this.#ask("kv/put", putJson(r), readPut);
  }

  /** Reads keys. */
  range(r: m.RangeRequest) {
    return this.#ask("kv/range", rangeJson(r), readRange);
  }

  /** Removes keys. */
  deleteRange(r: m.DeleteRangeRequest) {
    return this.#ask("kv/deleterange", deleteJson(r), readDelete);
  }

  /** Does a transaction. */
  txn(r: m.TxnRequest) {
    return this.#ask("kv/txn", txnJson(r), readTxn);
  }

  /** Compacts, and waits until it is done. */
  compact({ revision }: m.CompactionRequest) {
    return this.#ask("kv/compaction", { revision, physical: true }, readHeader);
  }

  /** Makes a lease. */
  leaseGrant({ id = 0n, ttl }: m.LeaseGrantRequest) {
    return this.#ask("lease/grant", { ID: String(id), TTL: String(ttl) }, (json) => ({
      ...readHeader(json),
      id: BigInt(json.ID),
      ttl: Number(json.TTL),
    }));
  }

  /** Revokes a lease. */
  leaseRevoke(id: bigint) {
    return this.#ask("lease/revoke", { ID: String(id) }, readHeader);
  }

  /** Starts a lease's time anew. */
  leaseKeepAlive(id: bigint) {
    return this.#ask("lease/keepalive", { ID: String(id) }, ({ result }) => ({
      ...readHeader(result),
      id: BigInt(result.ID),
      ttl: Number(result.TTL ?? 0),
    }));
  }

  /** Asks how long a lease has to live; its keys are put in order. */
  leaseTimeToLive({ id, keys = false }: m.LeaseTimeToLiveRequest) {
    return this.#ask("lease/timetolive", { ID: String(id), keys }, (json) => ({
      ...readHeader(json),
      id: BigInt(json.ID),
      ttl: Number(json.TTL ?? 0),
      grantedTtl: Number(json.grantedTTL ?? 0),
      keys: ((json.keys ?? []) as string[]).map(readBytes)
        .sort((a, b) => a.toHex() < b.toHex() ? -1 : 1),
    }));
  }

  /** All events of a watch up to a revision at which something matches it, and how it ended. */
  async watch(r: m.WatchCreateRequest, upTo: number) {
    const abort = new AbortController();
    const body = {
      create_request: {
        ...rangeKeysJson(r),
        start_revision: r.startRevision,
        filters: r.filters,
        prev_kv: r.prevKv,
      },
    };
    const response = await fetch(`${this.#url}/v3/watch`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    const events: m.WatchEvent[] = [];
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split("\n");
      text = lines.pop()!;
      for (const { result } of lines.map((line) => JSON.parse(line))) {
        events.push(...(result.events ?? []).map(readEvent));
        const end = result.canceled
          ? {
            compactRevision: Number(result.compact_revision ?? 0),
            ...(result.cancel_reason && { cancelReason: result.cancel_reason as string }),
          }
          : undefined;
        if (end !== undefined || events.some(({ kv }) => kv.modRevision >= upTo)) {
          abort.abort();
          return { events, end };
        }
      }
    }
    throw new Error("Cannot watch: the stream ended");
  }

  /**
   * The first responses of a watch, that which says that it was created left out, with the sizes of
   * their events' values.
   */
  async watchResponses(r: m.WatchCreateRequest, count: number) {
    const abort = new AbortController();
    const response = await fetch(`${this.#url}/v3/watch`, {
      method: "POST",
      body: JSON.stringify({
        create_request: {
          ...rangeKeysJson(r),
          start_revision: r.startRevision,
          watch_id: String(r.watchId ?? 0n),
          fragment: r.fragment,
        },
      }),
      signal: abort.signal,
    });
    const responses: { watchId: bigint; sizes: number[]; fragment: boolean; reason?: string }[] =
      [];
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split("\n");
      text = lines.pop()!;
      for (const line of lines) {
        const { result } = JSON.parse(line);
        if (result.created && !result.canceled) continue;
        responses.push({
          watchId: BigInt(result.watch_id ?? 0),
          sizes: ((result.events ?? []) as Json[]).map(({ kv }) => readBytes(kv.value).length),
          fragment: result.fragment ?? false,
          ...(result.cancel_reason && { reason: result.cancel_reason as string }),
        });
      }
      if (responses.length >= count) {
        abort.abort();
        return responses;
      }
    }
    throw new Error("Cannot watch: the stream ended");
  }

  /** Asks for the hash by gRPC: the gateway of 3.4 has another hash at that address. */
  async hashKv(revision: number): Promise<m.HashKvResponse> {
    const session = connect(this.#url);
    try {
      const stream = session.request({
        ":method": "POST",
        ":path": "/etcdserverpb.Maintenance/HashKV",
        "content-type": "application/grpc",
        te: "trailers",
      });
      const message: number[] = [0x08];
      let rest = revision;
      for (; rest > 127; rest = Math.floor(rest / 128)) message.push(rest % 128 | 128);
      message.push(rest);
      stream.end(Buffer.from([0, 0, 0, 0, message.length, ...message]));
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk as Uint8Array);
      return readHash(Buffer.concat(chunks).subarray(5));
    } finally {
      session.close();
    }
  }
}

/** Reads HashKVResponse {1 header {3 revision}, 2 hash, 3 compact_revision}. */
function readHash(bytes: Uint8Array): m.HashKvResponse {
  const fields = (part: Uint8Array): Map<number, bigint | Uint8Array> => {
    const found = new Map<number, bigint | Uint8Array>();
    let at = 0;
    const varint = (): bigint => {
      let value = 0n;
      for (let shift = 0n;; shift += 7n) {
        const byte = part[at++]!;
        value |= BigInt(byte & 127) << shift;
        if (byte < 128) return BigInt.asIntN(64, value);
      }
    };
    while (at < part.length) {
      const tag = Number(varint());
      const value = varint();
      if (tag % 8 === 0) {
        found.set(tag >> 3, value);
      } else {
        found.set(tag >> 3, part.subarray(at, at + Number(value)));
        at += Number(value);
      }
    }
    return found;
  };
  const response = fields(bytes);
  const header = fields(response.get(1) as Uint8Array);
  return {
    header: { revision: Number(header.get(3) ?? 0n) },
    hash: Number(response.get(2) ?? 0n),
    compactRevision: Number(response.get(3) ?? 0n),
  };
}

const base64 = (bytes: Uint8Array | undefined) => (bytes ?? new Uint8Array(0)).toBase64();
const readBytes = (text: string | undefined) => Uint8Array.fromBase64(text ?? "");

function rangeKeysJson(r: m.KeyRange): Json {
  return { key: base64(r.key), range_end: base64(r.rangeEnd) };
}

function putJson(r: m.PutRequest): Json {
  return {
    key: base64(r.key),
    value: base64(r.value),
    lease: String(r.lease ?? 0n),
    prev_kv: r.prevKv,
    ignore_value: r.ignoreValue,
    ignore_lease: r.ignoreLease,
  };
}

function rangeJson(r: m.RangeRequest): Json {
  return {
    ...rangeKeysJson(r),
    limit: r.limit,
    revision: r.revision,
    sort_order: r.sortOrder,
    sort_target: r.sortTarget,
    keys_only: r.keysOnly,
    count_only: r.countOnly,
    min_mod_revision: r.minModRevision,
    max_mod_revision: r.maxModRevision,
    min_create_revision: r.minCreateRevision,
    max_create_revision: r.maxCreateRevision,
  };
}

function deleteJson(r: m.DeleteRangeRequest): Json {
  return { ...rangeKeysJson(r), prev_kv: r.prevKv };
}

function txnJson(r: m.TxnRequest): Json {
  const op = (one: m.RequestOp): Json =>
    "requestRange" in one
      ? { request_range: rangeJson(one.requestRange) }
      : "requestPut" in one
      ? { request_put: putJson(one.requestPut) }
      : "requestTxn" in one
      ? { request_txn: txnJson(one.requestTxn) }
      : "requestDeleteRange" in one
      ? { request_delete_range: deleteJson(one.requestDeleteRange) }
      : {};
  return {
    compare: (r.compare ?? []).map((c) => ({
      ...rangeKeysJson(c),
      target: c.target,
      result: c.result,
      ...(c.target === "VERSION" && { version: c.version }),
      ...(c.target === "CREATE" && { create_revision: c.createRevision }),
      ...(c.target === "MOD" && { mod_revision: c.modRevision }),
      ...(c.target === "VALUE" && { value: base64(c.value) }),
      ...(c.target === "LEASE" && { lease: String(c.lease ?? 0n) }),
    })),
    success: (r.success ?? []).map(op),
    failure: (r.failure ?? []).map(op),
  };
}

function readHeader(json: Json): { header: m.ResponseHeader } {
  return { header: { revision: Number(json.header?.revision ?? 0) } };
}

function readKeyValue(json: Json): KeyValue {
  return {
    key: readBytes(json.key),
    createRevision: Number(json.create_revision ?? 0),
    modRevision: Number(json.mod_revision ?? 0),
    version: Number(json.version ?? 0),
    value: readBytes(json.value),
    lease: BigInt(json.lease ?? 0),
  };
}

function readPut(json: Json): m.PutResponse {
  return { ...readHeader(json), ...(json.prev_kv && { prevKv: readKeyValue(json.prev_kv) }) };
}

function readRange(json: Json): m.RangeResponse {
  return {
    ...readHeader(json),
    kvs: (json.kvs ?? []).map(readKeyValue),
    more: json.more ?? false,
    count: Number(json.count ?? 0),
  };
}

function readDelete(json: Json): m.DeleteRangeResponse {
  return {
    ...readHeader(json),
    deleted: Number(json.deleted ?? 0),
    prevKvs: (json.prev_kvs ?? []).map(readKeyValue),
  };
}

function readTxn(json: Json): m.TxnResponse {
  return {
    ...readHeader(json),
    succeeded: json.succeeded ?? false,
    responses: (json.responses ?? []).map((one: Json): m.ResponseOp =>
      one.response_range
        ? { responseRange: readRange(one.response_range) }
        : one.response_put
        ? { responsePut: readPut(one.response_put) }
        : one.response_txn
        ? { responseTxn: readTxn(one.response_txn) }
        : { responseDeleteRange: readDelete(one.response_delete_range) }
    ),
  };
}

function readEvent(json: Json): m.WatchEvent {
  return {
    type: json.type ?? "PUT",
    kv: readKeyValue(json.kv),
    ...(json.prev_kv && { prevKv: readKeyValue(json.prev_kv) }),
  };
}
