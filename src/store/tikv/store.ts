/** TiKV behind the contract: raw keys and values, each operation one call to a region's leader. */
import { compareBytes, joinBytes } from "../bytes.ts";
import type { AsyncStore, ScanRange, StoreDescription, StoreOptions } from "../contract.ts";
import { failure, type StoreCall } from "../error.ts";
import { type ProtoReader, ServerError } from "../grpc/mod.ts";
import { KeptBatch } from "../kept_batch.ts";
import { PageCursor } from "../page_cursor.ts";
import { ServerCalls } from "../server_calls.ts";
import type { Slice } from "../slice.ts";
import { connectTikv, type TikvClient } from "./client.ts";
import { endOfPrefix } from "./keys.ts";
import { METHOD } from "./messages.ts";
import { tikvTarget } from "./options.ts";

/** Fields of requests and answers for one key. */
const FIELD = { key: 2, value: 3, error: 2, notFound: 4 } as const;

/**
 * Connects to the servers that the options name. Its keys are its own, and are removed when it is
 * closed.
 *
 * @param path What errors call the database.
 * @param keep What its keys begin with, so that they are found again; they are not removed then.
 * @throws {StoreError} Where the servers cannot be used.
 */
export async function openTikv(
  path: string,
  options: StoreOptions = {},
  keep?: string,
): Promise<TikvStore> {
  try {
    const client = await connectTikv(tikvTarget(options));
    return new TikvStore(path, client, options, keep);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw failure("open", path, error.message, error.usage ? "usage" : "engine");
  }
}

const encoder = new TextEncoder();

/** A cluster of TiKV. Made by {@linkcode openTikv}. */
export class TikvStore implements AsyncStore {
  readonly api = "async";
  readonly #path: string;
  readonly #client: TikvClient;
  readonly #options: StoreOptions;
  readonly #keeps: boolean;
  /** What stands before every key: of its keyspace, and of this opening. */
  readonly #prefix: Uint8Array;
  /** The end of the keys with the prefix. */
  readonly #end: Uint8Array;
  readonly #cursors = new Set<PageCursor>();
  #key = new Uint8Array(256);
  readonly #calls: ServerCalls;
  readonly #onClose: () => Promise<void>;

  /** @param onClose Done when nothing is asked for any more. @default nothing */
  constructor(
    path: string,
    client: TikvClient,
    options: StoreOptions,
    keep: string | undefined,
    onClose: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#path = path;
    this.#onClose = onClose;
    this.#calls = new ServerCalls(path, (call, error) => this.#inWords(call, error));
    this.#client = client;
    this.#options = options;
    this.#keeps = keep !== undefined;
    const own = encoder.encode(keep ?? `tidemark/${crypto.randomUUID()}/`);
    this.#prefix = joinBytes(client.prefix, own);
    this.#end = endOfPrefix(this.#prefix);
    this.#key.set(this.#prefix);
  }

  describe(): StoreDescription {
    this.#calls.check("describe");
    const { api, connections, deadlineMs, keyspace, pd, tls } = tikvTarget(this.#options);
    const version = this.#client.versions.join(", ");
    const double = isDouble(this.#client.versions);
    return {
      store: "tikv",
      engine: double ? "a double of TiKV" : "TiKV",
      version,
      library: "gRPC by a client of Tidemark's own",
      api: "async",
      durability: double ? "none" : "synced",
      network: true,
      options: {
        ...(double && { double }),
        pd: pd.length,
        api,
        ...(api === 2 && { keyspace }),
        commands: "those of a moment together (BatchCommands)",
        batches: "whole in a region, puts and deletes apart",
        scans: "as it is when a part is read",
        connections,
        deadlineMs,
        tls: tls !== undefined,
      },
    };
  }

  put(key: Slice, value: Slice, family = 0): Promise<void> {
    return this.#calls.do("put", family, () => {
      const whole = this.#wholeOf(key);
      return this.#client.call(METHOD.put, whole, (message) => {
        message.bytes(FIELD.key, whole).bytes(FIELD.value, value.bytes, value.length);
      }, takeError);
    });
  }

  get(key: Slice, into: Slice, family = 0): Promise<number> {
    let length = 0;
    let isAbsent = false;
    return this.#calls.do("get", family, () => {
      const whole = this.#wholeOf(key);
      return this.#client.call(METHOD.get, whole, (message) => {
        message.bytes(FIELD.key, whole);
      }, (field, answer) => {
        if (field === FIELD.value) {
          const value = answer.bytes();
          length = value.length;
          if (length <= into.bytes.length) into.fill(value);
        } else if (field === FIELD.notFound) isAbsent = answer.number() !== 0;
        else takeError(field, answer);
      });
    }).then(() => {
      if (isAbsent) return -1;
      // An empty value is a field that is not there.
      if (length === 0) into.fill(EMPTY);
      return length;
    });
  }

  delete(key: Slice, family = 0): Promise<void> {
    return this.#calls.do("delete", family, () => {
      const whole = this.#wholeOf(key);
      return this.#client.call(METHOD.delete, whole, (message) => {
        message.bytes(FIELD.key, whole);
      }, takeError);
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
    const writes = batch.last();
    return this.#calls.do("write", 0, () => this.#client.write(writes));
  }

  cursor(range: ScanRange = {}): PageCursor {
    this.#calls.check("scan", range.family);
    const { from, to, reverse = false, most } = range;
    let rest: { from: Uint8Array; to: Uint8Array } | undefined = {
      from: from === undefined ? this.#prefix : joinBytes(this.#prefix, from.view()),
      to: to === undefined ? this.#end : joinBytes(this.#prefix, to.view()),
    };
    const cursor: PageCursor = new PageCursor({
      isEmpty: compareBytes(rest.from, rest.to) >= 0,
      prefix: this.#prefix.length,
      most,
      fetch: async (limit) => {
        let page: Awaited<ReturnType<TikvClient["scan"]>> | undefined;
        await this.#calls.do("scan", 0, async () => {
          page = await this.#client.scan(rest!.from, rest!.to, Math.min(limit, MOST_SCAN), reverse);
        });
        rest = page!.rest;
        return { entries: page!.entries, more: rest !== undefined };
      },
      onClose: () => this.#cursors.delete(cursor),
    });
    this.#cursors.add(cursor);
    return cursor;
  }

  /** TiKV has no flush for its clients: what was acknowledged is synced. */
  flush(): Promise<void> {
    return this.#calls.do("flush", 0, () => Promise.resolve());
  }

  /** TiKV compacts by itself; it has nothing of the kind for its clients' keys. */
  compact(range: Pick<ScanRange, "family"> = {}): Promise<void> {
    return this.#calls.do("compact", range.family ?? 0, () => Promise.resolve());
  }

  property(name: string): string | undefined {
    this.#calls.check("property");
    const { retries, lookups, regions } = this.#client;
    if (name === "tikv.retries") return String(retries);
    if (name === "tikv.lookups") return String(lookups);
    if (name === "tikv.regions") return String(regions);
    return undefined;
  }

  close(): Promise<void> {
    for (const cursor of [...this.#cursors]) cursor.end();
    return this.#calls.close(() => this.#close());
  }

  async #close(): Promise<void> {
    try {
      if (!this.#keeps) await this.#client.deleteRange(this.#prefix, this.#end);
    } catch (error) {
      throw this.#inWords("close", error);
    } finally {
      this.#client.close();
      await this.#onClose();
    }
  }

  #inWords(call: StoreCall, error: unknown): unknown {
    if (!(error instanceof ServerError)) return error;
    return failure(call, this.#path, error.message, error.usage ? "usage" : "engine");
  }

  /** A key with the prefix; good until the next one. */
  #wholeOf(key: Slice): Uint8Array {
    const length = this.#prefix.length + key.length;
    if (this.#key.length < length) {
      this.#key = new Uint8Array(2 * length);
      this.#key.set(this.#prefix);
    }
    this.#key.set(key.view(), this.#prefix.length);
    return this.#key.subarray(0, length);
  }
}

/** Entries that TiKV gives at once, at most. */
const MOST_SCAN = 10_240;

const EMPTY = new Uint8Array(0);

/** Whether servers say of themselves that they are none of TiKV, but speak like it. */
function isDouble(versions: readonly string[]): boolean {
  return versions.some((version) => /double|mock/i.test(version));
}

/** Takes a field of an answer that is no value. @throws {ServerError} What the server says. */
function takeError(field: number, answer: ProtoReader): void {
  if (field === FIELD.error) throw new ServerError(answer.text());
  answer.skip();
}
