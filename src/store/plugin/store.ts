/** Any engine behind the interface of `src/plugin/include/tidemark_plugin.h`. */
import type { ScanRange, StoreDescription, StoreOptions, SyncStore } from "../contract.ts";
import { failure, type StoreCall } from "../error.ts";
import { addressOf, keepAlive } from "../memory.ts";
import { memcpy } from "../raw/native.ts";
import type { Slice } from "../slice.ts";
import { PluginBatch } from "./batch.ts";
import { type CursorHost, PluginCursor } from "./cursor.ts";
import { eventsBy } from "./events.ts";
import { multiGetBy } from "./multi_get.ts";
import { type OpenDescription, parseOpenDescription } from "./description.ts";
import { loadPlugin, type PluginLibrary } from "./library.ts";
import { CLOSED, errorText, NativeSession } from "./native_session.ts";
import { ABI, Code, Handle, type PluginSymbols } from "./symbols.ts";
import { STATS_PREFIX } from "./stats.ts";
import { textFrom } from "./text.ts";

/** How to open a plug-in's database. */
export interface PluginOptions extends StoreOptions {
  /** The plug-in, loaded. */
  library: PluginLibrary;
  /** Column families, numbered from 0. @default 1 */
  families?: number;
}

/**
 * Opens a database of a plug-in, and makes it where there is none.
 *
 * @param path The database's directory.
 * @throws {StoreError} Where the engine refuses, or takes none of the options.
 */
export function openPlugin(path: string, options: PluginOptions): PluginStore {
  return new PluginStore(path, options);
}

/** What another thread of the process needs to use an open database. */
export interface SharedPlugin {
  path: string;
  /** The plug-in's file. */
  file: string;
  database: bigint;
  families: number;
}

/**
 * Uses a database that another thread has opened, by a session of its own.
 *
 * @throws {StoreError} Where the engine makes no further session.
 */
export function attachPlugin(shared: SharedPlugin): PluginStore {
  const { path, file, families } = shared;
  return new PluginStore(path, { library: loadPlugin(file), families, shared });
}

/** How long an engine may work in the background after a compaction, ms. */
const SETTLE_MS = 600_000n;

/** Cells of a get; inlined by the compiler. */
const enum Cell {
  session,
  /** Where the value's length is written to. */
  lengthAddress,
  length,
  /** Arguments: a bigint from a typed array is the register that native code takes. */
  key,
  keyLength,
  into,
  capacity,
  count,
}

/** What 32 bits hold. */
const MOST_CAPACITY = 0xffffffff;

/** The result of the loops' calls; inlined by the compiler, as an imported one would not be. */
const enum Done {
  ok = 0,
}

/** A database of a plug-in. Made by {@linkcode openPlugin}. */
export class PluginStore implements SyncStore {
  readonly api = "sync";
  /** The database's directory. */
  readonly path: string;
  readonly #library: PluginLibrary;
  readonly #native: NativeSession;
  /** The functions of the loops, a field each. */
  readonly #put: PluginSymbols["tidemark_put"];
  readonly #get: PluginSymbols["tidemark_get"];
  readonly #cells = new BigUint64Array(new ArrayBuffer(8 * Cell.count));
  /** The same as 32-bit words, for the length as a number. */
  readonly #words = new Uint32Array(this.#cells.buffer);
  readonly #cursors: CursorHost;
  readonly #batches = new Set<PluginBatch>();
  /** What another thread attaches to; absent where one session at a time is all that there may be. */
  readonly share?: () => SharedPlugin;
  /** Absent where the plug-in has no `multi_get`. */
  readonly multiGet?: NonNullable<SyncStore["multiGet"]>;
  /** Absent where it tells no events. */
  readonly takeEvents?: NonNullable<SyncStore["takeEvents"]>;
  /** Whether the database is another thread's, which closes it. */
  readonly #attached: boolean;
  #closed = false;

  /** @param options With `shared`, what another thread has opened already. */
  constructor(path: string, options: PluginOptions & { shared?: SharedPlugin }) {
    const { library, families = 1, shared, ...asked } = options;
    const { symbols, name } = library;
    this.path = path;
    this.#library = library;
    requireOptions(library, path, families, asked);
    const copy = memcpy();
    this.#attached = shared !== undefined;
    const database = shared?.database ?? open(library, path, { path, families, ...asked });
    const session = openSession(symbols, path, name, database, this.#attached);
    this.#native = new NativeSession(symbols, path, name, database, session, families);
    if (library.description.threads === "session") {
      this.share = () => {
        this.#native.require("share");
        return { path, file: library.path, database, families };
      };
    }
    if (symbols.tidemark_multi_get !== null) {
      this.multiGet = multiGetBy(this.#native, (number, call) => this.family(number, call));
    }
    if (symbols.tidemark_events !== null) this.takeEvents = eventsBy(this.#native);
    this.#put = symbols.tidemark_put;
    this.#get = symbols.tidemark_get;
    this.#cells[Cell.session] = session;
    this.#cells[Cell.lengthAddress] = addressOf(this.#cells) + 8n * BigInt(Cell.length);
    this.#cursors = { native: this.#native, cells: [], open: new Set(), copy };
  }

  /** The functions and the handles, for the form that hands operations in. */
  get native(): NativeSession {
    return this.#native;
  }

  describe(): StoreDescription {
    this.#native.require("describe");
    const { name, sha256, compiler, description } = this.#library;
    const said = this.#described();
    return {
      store: "plugin",
      engine: said.engine,
      version: said.version,
      library: `${name}, plug-in by C ABI ${ABI}`,
      api: "sync",
      durability: said.durability,
      ...(said.acknowledgement !== undefined && { acknowledgement: said.acknowledgement }),
      network: said.network,
      options: said.options,
      release: {
        name: description.name,
        sha256,
        pinned: false,
        source: `the file ${name}`,
        compiler,
        compressions: null,
      },
    };
  }

  #described(): OpenDescription {
    const { symbols, database } = this.#native;
    const text = textFrom((buffer, capacity, length) =>
      symbols.tidemark_describe(database, buffer, capacity, length)
    );
    if (typeof text === "number") this.#native.refuse("describe", text, Handle.database);
    try {
      return parseOpenDescription(text);
    } catch (error) {
      throw failure("describe", this.path, (error as Error).message);
    }
  }

  put(key: Slice, value: Slice, family = 0): void {
    const put = this.#put;
    const code = put(
      this.#cells[Cell.session]!,
      this.family(family, "put"),
      key.address,
      key.size,
      value.address,
      value.size,
    );
    if (code !== Done.ok) this.#refuse("put", code);
  }

  get(key: Slice, into: Slice, family = 0): number {
    const cells = this.#cells;
    const words = this.#words;
    const get = this.#get;
    const capacity = into.bytes.length;
    cells[Cell.key] = key.address;
    words[2 * Cell.keyLength] = key.length;
    cells[Cell.into] = into.address;
    // A larger one fits every value as well; only the lower half of the cell is ever written.
    words[2 * Cell.capacity] = capacity < MOST_CAPACITY ? capacity : MOST_CAPACITY;
    const code = get(
      cells[Cell.session]!,
      this.family(family, "get"),
      cells[Cell.key]!,
      cells[Cell.keyLength]!,
      cells[Cell.into]!,
      cells[Cell.capacity]!,
      cells[Cell.lengthAddress]!,
    );
    if (code === Done.ok) {
      const length = words[2 * Cell.length]!;
      into.length = length;
      return length;
    }
    return this.#notCopied(code);
  }

  /** What a get answers that has copied nothing. */
  #notCopied(code: number): number {
    if (code === Code.absent) return -1;
    if (code === Code.tooSmall) return this.#words[2 * Cell.length]!;
    return this.#refuse("get", code);
  }

  delete(key: Slice, family = 0): void {
    const code = this.#native.symbols.tidemark_delete(
      this.#cells[Cell.session]!,
      this.family(family, "delete"),
      key.address,
      key.size,
    );
    if (code !== Code.ok) this.#refuse("delete", code);
  }

  batch(): PluginBatch {
    this.#native.optional("batch", "tidemark_batch");
    const batch = new PluginBatch(
      (family) => this.family(family, "batch"),
      (closed) => this.#batches.delete(closed),
    );
    this.#batches.add(batch);
    return batch;
  }

  write(batch: PluginBatch): void {
    const write = this.#native.optional("write", "tidemark_batch");
    const operations = batch.operations();
    if (batch.count === 0) return;
    const code = write(
      this.#native.session,
      addressOf(operations),
      BigInt(operations.length),
      BigInt(batch.count),
    );
    keepAlive(operations);
    if (code !== Code.ok) this.#refuse("write", code);
  }

  cursor(range: ScanRange = {}): PluginCursor {
    return new PluginCursor(this.#cursors, this.family(range.family ?? 0, "scan"), range);
  }

  lacks(call: "flush" | "compact"): boolean {
    return this.#native.symbols[`tidemark_${call}`] === null;
  }

  flush(): void {
    const flush = this.#native.optional("flush", "tidemark_flush");
    const code = flush(this.#native.database);
    if (code !== Code.ok) this.#refuse("flush", code, Handle.database);
  }

  compact({ from, to, family = 0 }: Pick<ScanRange, "from" | "to" | "family"> = {}): void {
    const number = this.family(family, "compact");
    const compact = this.#native.optional("compact", "tidemark_compact");
    const code = compact(
      this.#native.database,
      number,
      from?.address ?? 0n,
      from?.size ?? 0n,
      to?.address ?? 0n,
      to?.size ?? 0n,
    );
    keepAlive(from, to);
    if (code !== Code.ok) this.#refuse("compact", code, Handle.database);
    this.#settle();
  }

  /** Waits until nothing works in the background, where the plug-in can tell. */
  #settle(): void {
    const settled = this.#native.symbols.tidemark_settle?.(this.#native.database, SETTLE_MS);
    if (settled === undefined || settled === Code.ok || settled === Code.unsupported) return;
    if (settled !== Code.absent) this.#refuse("compact", settled, Handle.database);
    const minutes = SETTLE_MS / 60_000n;
    throw failure(
      "compact",
      this.path,
      `it still works in the background after ${minutes} minutes`,
    );
  }

  /**
   * A property by the engine's own name; by {@linkcode STATS_PREFIX} and one of the interface's names
   * what the plug-in's numbers tell.
   */
  property(name: string, family = 0): string | undefined {
    const number = this.family(family, "property");
    if (name.startsWith(STATS_PREFIX)) return this.#stat(name.slice(STATS_PREFIX.length));
    const { symbols, database } = this.#native;
    const property = symbols.tidemark_property;
    if (property === null || name === "") return undefined;
    const asked = new TextEncoder().encode(name);
    const text = textFrom((buffer, capacity, length) =>
      property(database, number, addressOf(asked), BigInt(asked.length), buffer, capacity, length)
    );
    keepAlive(asked);
    if (typeof text === "string") return text;
    if (text === Code.absent || text === Code.unsupported) return undefined;
    return this.#refuse("property", text, Handle.database);
  }

  #stat(name: string): string | undefined {
    const { symbols, database } = this.#native;
    const stats = symbols.tidemark_stats;
    if (stats === null) return undefined;
    const text = textFrom((buffer, capacity, length) => stats(database, buffer, capacity, length));
    if (text === Code.unsupported) return undefined;
    if (typeof text === "number") return this.#refuse("statistics", text, Handle.database);
    let told: unknown;
    try {
      told = JSON.parse(text);
    } catch {
      throw failure("statistics", this.path, "what tidemark_stats writes is no JSON");
    }
    const value = Object(told)[name];
    return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  }

  cross(count: number): void {
    const abi = this.#native.symbols.tidemark_abi;
    for (let i = 0; i < count; i++) abi();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { symbols, database, session } = this.#native;
    for (const dependent of [...this.#cursors.open, ...this.#batches]) dependent.close();
    this.#native.end(CLOSED);
    symbols.tidemark_session_close(session);
    if (this.#attached) return;
    const code = symbols.tidemark_close(database);
    // The handle is gone, and cannot be asked why.
    if (code < 0) throw failure("close", this.path, `the plug-in returned ${code}`);
  }

  /** A family's number; there is none where no call may be made, so one check serves for both. */
  family(family: number, call: StoreCall): number {
    if (family >>> 0 !== family || family >= this.#native.families) {
      this.#refuseFamily(family, call);
    }
    return family;
  }

  #refuseFamily(family: number, call: StoreCall): never {
    this.#native.require(call);
    throw failure(call, this.path, `it has no column family ${family}`, "usage");
  }

  #refuse(call: StoreCall, code: number, kind: Handle = Handle.session): never {
    return this.#native.refuse(call, code, kind);
  }
}

/** Refuses what the plug-in says that it does not take. */
function requireOptions(
  { description, name }: PluginLibrary,
  path: string,
  families: number,
  asked: StoreOptions,
): void {
  const odd = Object.keys(asked).find((option) => !Object.hasOwn(description.options, option));
  if (odd !== undefined) {
    const takes = Object.keys(description.options).join(", ") || "none";
    throw failure("open", path, `${name} has no option ${odd}; it takes ${takes}`, "usage");
  }
  if (families > description.families) {
    const words = `${name} has at most ${description.families} column families`;
    throw failure("open", path, words, "usage");
  }
}

/** Opens a database. @returns Its handle. */
function open({ symbols, name }: PluginLibrary, path: string, config: object): bigint {
  if (!path.isWellFormed() || path.includes("\0")) {
    throw failure("open", path, "its path holds what no path may have", "usage");
  }
  const text = new TextEncoder().encode(JSON.stringify(config));
  const out = new BigUint64Array(new ArrayBuffer(8));
  const code = symbols.tidemark_open(addressOf(text), BigInt(text.length), addressOf(out));
  keepAlive(text, out);
  const database = out[0]!;
  if (code === Code.ok && database !== 0n) return database;
  const said = database === 0n ? "" : errorText(symbols, database, Handle.database);
  if (database !== 0n) symbols.tidemark_close(database);
  const panicked = code === Code.panicked ? `the plug-in ${name} panicked: ` : "";
  const reason = said === "" ? `the plug-in ${name} returned ${code}, and no text` : said;
  throw failure("open", path, panicked + reason);
}

/** Opens a session, or closes the database where that is ours. @returns Its handle. */
function openSession(
  symbols: PluginSymbols,
  path: string,
  name: string,
  database: bigint,
  attached: boolean,
): bigint {
  const out = new BigUint64Array(new ArrayBuffer(8));
  const code = symbols.tidemark_session(database, addressOf(out));
  keepAlive(out);
  if (code === Code.ok && out[0]! !== 0n) return out[0]!;
  const said = errorText(symbols, database, Handle.database);
  if (!attached) symbols.tidemark_close(database);
  const reason = said === "" ? `the plug-in ${name} made no session (${code})` : said;
  throw failure("open", path, reason);
}
