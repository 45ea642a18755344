/**
 * A plug-in as the check talks with it: each call by itself, with several sessions, and buffers that
 * have guards around them. It is not measured, so that nothing of it has to be fast.
 */
import { addressOf, keepAlive } from "../../store/mod.ts";
import {
  Code,
  errorText,
  Handle,
  InFlight,
  Kind,
  NOT_FOUND,
  parseOpenDescription,
  type PluginLibrary,
  type PluginSymbols,
  REVERSE,
  textFrom,
} from "../../store/plugin/mod.ts";
import { CheckError } from "./verdict.ts";

/** Bytes on either side of a buffer that nobody may touch. */
const GUARD = 64;
/** What they hold. */
const MARK = 0xa5;

/** Memory with its own buffer, so that it does not move. */
function fixed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(new ArrayBuffer(Math.max(1, bytes.length)), 0, bytes.length);
  copy.set(bytes);
  return copy;
}

/** A place that a plug-in writes a handle or a length to. */
class Out {
  readonly #longs = new BigUint64Array(new ArrayBuffer(8));
  readonly address = addressOf(this.#longs);
  get value(): bigint {
    return this.#longs[0]!;
  }
}

/** A value that was read, or why not. */
export type Read = { code: number; length: number; bytes: Uint8Array };

/** A database of the plug-in under check. */
export class Database {
  readonly library: PluginLibrary;
  readonly #symbols: PluginSymbols;
  readonly #handle: bigint;
  readonly #sessions = new Set<Session>();

  /**
   * @param config What `open` is given.
   * @throws {CheckError} Where it does not open.
   */
  constructor(library: PluginLibrary, config: Record<string, unknown>) {
    const { code, handle, error } = Database.tryOpen(library, config);
    if (code !== Code.ok || handle === 0n) {
      throw new CheckError(`open returned ${code}: ${error || "no text"}`);
    }
    this.library = library;
    this.#symbols = library.symbols;
    this.#handle = handle;
  }

  /** Opens, and closes the handle of what failed. */
  static tryOpen(library: PluginLibrary, config: Record<string, unknown>) {
    const { symbols } = library;
    const out = new Out();
    const text = fixed(new TextEncoder().encode(JSON.stringify({ families: 1, ...config })));
    const code = symbols.tidemark_open(addressOf(text), BigInt(text.length), out.address);
    keepAlive(text, out);
    const handle = out.value;
    if (code === Code.ok) return { code, handle, error: "" };
    const error = handle === 0n ? "" : errorText(symbols, handle, Handle.database);
    if (handle !== 0n) symbols.tidemark_close(handle);
    return { code, handle: 0n, error };
  }

  /** What it says is in effect. @throws {CheckError} Where that is no description. */
  describe() {
    const text = textFrom((buffer, capacity, length) =>
      this.#symbols.tidemark_describe(this.#handle, buffer, capacity, length)
    );
    if (typeof text === "number") throw new CheckError(`describe returned ${text}`);
    try {
      return parseOpenDescription(text);
    } catch (error) {
      throw new CheckError((error as Error).message);
    }
  }

  /** @throws {CheckError} Where it makes none. */
  session(): Session {
    const out = new Out();
    const code = this.#symbols.tidemark_session(this.#handle, out.address);
    if (code !== Code.ok || out.value === 0n) {
      const said = errorText(this.#symbols, this.#handle, Handle.database);
      throw new CheckError(`session returned ${code}: ${said || "no text"}`);
    }
    const session = new Session(
      this.#symbols,
      out.value,
      (closed) => this.#sessions.delete(closed),
    );
    this.#sessions.add(session);
    return session;
  }

  /** Takes what it did beside the operations. @returns Each event. */
  events(most: number): ToldEvent[] {
    const words = new BigUint64Array(new ArrayBuffer(8 * (4 * most + 1))).fill(MARKS);
    const count = this.#symbols.tidemark_events!(this.#handle, addressOf(words), BigInt(most));
    keepAlive(words);
    if (count < 0) {
      const said = errorText(this.#symbols, this.#handle, Handle.database);
      throw new CheckError(`events returned ${count}: ${said || "no text"}`);
    }
    if (count > most || words[4 * most] !== MARKS) {
      throw new CheckError(`events of at most ${most} returned ${count}, or wrote beyond them`);
    }
    return Array.from({ length: count }, (_, i) => {
      const [begin, end, bytes, kind] = words.subarray(4 * i, 4 * i + 4);
      return { begin: begin!, end: end!, bytes: bytes!, kind: Number(kind! & 0xffff_ffffn) };
    });
  }

  /** Waits until nothing works in the background. @returns What the call returned. */
  settle(timeoutMs: number): number {
    return this.#symbols.tidemark_settle!(this.#handle, BigInt(timeoutMs));
  }

  /** Syncs and merges, where the plug-in can. */
  work(): void {
    this.flush();
    this.#symbols.tidemark_sync?.(this.#handle);
    this.#symbols.tidemark_compact?.(this.#handle, 0, 0n, 0n, 0n, 0n);
  }

  /** Flushes, where the plug-in can. */
  flush(): void {
    const code = this.#symbols.tidemark_flush?.(this.#handle) ?? Code.ok;
    if (code !== Code.ok && code !== Code.unsupported) {
      const said = errorText(this.#symbols, this.#handle, Handle.database);
      throw new CheckError(`flush returned ${code}: ${said || "no text"}`);
    }
  }

  /** Closes it, with its sessions. @throws {CheckError} Where that fails. */
  close(): void {
    for (const session of [...this.#sessions]) session.close();
    const code = this.#symbols.tidemark_close(this.#handle);
    if (code !== Code.ok) throw new CheckError(`close returned ${code}`);
  }
}

/** An event; times by the monotonic clock, ns. */
interface ToldEvent {
  begin: bigint;
  end: bigint;
  bytes: bigint;
  kind: number;
}

/** {@linkcode MARK} in every byte of a word. */
const MARKS = 0xa5a5_a5a5_a5a5_a5a5n;

/** An operation of a batch. */
export interface Operation {
  /** @default a put, or a delete where there is no value */
  kind?: number;
  key: Uint8Array;
  value?: Uint8Array;
}

/** A session of a database under check. */
export class Session {
  readonly #symbols: PluginSymbols;
  readonly #handle: bigint;
  readonly #closed: (session: Session) => void;
  /** Made where something is handed in. */
  #inFlight: InFlight | undefined;
  /** What is lent to operations that are under way. */
  readonly #under = new Map<number, Lent>();

  constructor(symbols: PluginSymbols, handle: bigint, closed: (session: Session) => void) {
    this.#symbols = symbols;
    this.#handle = handle;
    this.#closed = closed;
  }

  /** The last error's text. */
  get error(): string {
    return errorText(this.#symbols, this.#handle, Handle.session) || "no text";
  }

  /** @throws {CheckError} Where the result says that something failed. */
  #require(call: string, code: number): void {
    if (code !== Code.ok) throw new CheckError(`${call} returned ${code}: ${this.error}`);
  }

  put(key: Uint8Array, value: Uint8Array): void {
    const [k, v] = [fixed(key), fixed(value)];
    const code = this.#symbols.tidemark_put(
      this.#handle,
      0,
      addressOf(k),
      BigInt(k.length),
      addressOf(v),
      BigInt(v.length),
    );
    // A plug-in that keeps the address instead of the bytes finds others there.
    k.fill(MARK);
    v.fill(MARK);
    this.#require("put", code);
  }

  /**
   * Reads a value.
   *
   * @param capacity Of the buffer that is given.
   * @throws {CheckError} Where something beyond it was written, or an absent value was.
   */
  get(key: Uint8Array, capacity: number): Read {
    const k = fixed(key);
    const memory = new Uint8Array(new ArrayBuffer(capacity + 2 * GUARD)).fill(MARK);
    const out = new Out();
    const code = this.#symbols.tidemark_get(
      this.#handle,
      0,
      addressOf(k),
      BigInt(k.length),
      addressOf(memory) + BigInt(GUARD),
      BigInt(capacity),
      out.address,
    );
    keepAlive(k);
    requireGuards("get", memory, capacity);
    const isMark = (byte: number) => byte === MARK;
    const length = Number(out.value);
    const inside = memory.subarray(GUARD, GUARD + capacity);
    if (code === Code.ok && length > capacity) {
      throw new CheckError(`get returned ${code} with ${length} bytes in a buffer of ${capacity}`);
    }
    if (code !== Code.ok && !inside.every(isMark)) {
      throw new CheckError(`get returned ${code}, and has written into the buffer`);
    }
    if (code < Code.tooSmall) this.#require("get", code);
    return { code, length, bytes: inside.slice(0, code === Code.ok ? length : 0) };
  }

  /** A value, or `undefined` of an absent key. */
  value(key: Uint8Array, capacity = 4096): Uint8Array | undefined {
    const { code, bytes, length } = this.get(key, capacity);
    if (code === Code.ok) return bytes;
    if (code === Code.tooSmall) return this.value(key, length);
    return undefined;
  }

  delete(key: Uint8Array): void {
    const k = fixed(key);
    this.#require(
      "delete",
      this.#symbols.tidemark_delete(this.#handle, 0, addressOf(k), BigInt(k.length)),
    );
    keepAlive(k);
  }

  /** Writes a batch. @returns What the call returned. */
  batch(operations: readonly Operation[]): number {
    const bytes = encode(operations);
    const code = this.#symbols.tidemark_batch!(
      this.#handle,
      addressOf(bytes),
      BigInt(bytes.length),
      BigInt(operations.length),
    );
    bytes.fill(MARK);
    return code;
  }

  /** Writes a batch on another thread. @returns What the call returned, once it has. */
  async batchMeanwhile(path: string, operations: readonly Operation[]): Promise<number> {
    const { symbols } = Deno.dlopen(path, {
      tidemark_batch: {
        parameters: ["u64", "u64", "u64", "u64"],
        result: "i32",
        nonblocking: true,
      },
    });
    const bytes = encode(operations);
    const code = await symbols.tidemark_batch(
      this.#handle,
      addressOf(bytes),
      BigInt(bytes.length),
      BigInt(operations.length),
    );
    keepAlive(bytes);
    return code;
  }

  /** A walk that has begun; null where the plug-in has no cursors. */
  walk(
    { from, to, reverse = false }: { from?: Uint8Array; to?: Uint8Array; reverse?: boolean } = {},
  ): Walk {
    const out = new Out();
    const [f, t] = [fixed(from ?? new Uint8Array()), fixed(to ?? new Uint8Array())];
    const code = this.#symbols.tidemark_cursor!(
      this.#handle,
      0,
      addressOf(f),
      BigInt(f.length),
      addressOf(t),
      BigInt(t.length),
      reverse ? REVERSE : 0,
      out.address,
    );
    f.fill(MARK);
    t.fill(MARK);
    this.#require("cursor", code);
    return new Walk(this.#symbols, out.value, () => this.error);
  }

  get #cells(): InFlight {
    return this.#inFlight ??= new InFlight(MOST_REAPED);
  }

  /**
   * Hands an operation in.
   *
   * @returns Whether it was taken: there may be no room for it.
   */
  handIn({ ticket, kind, key, value, capacity = 0 }: HandedIn): boolean {
    const k = fixed(key);
    const buffer = kind === Kind.get
      ? new Uint8Array(new ArrayBuffer(capacity + 2 * GUARD)).fill(MARK)
      : fixed(value ?? new Uint8Array());
    const isGet = kind === Kind.get;
    this.#cells.set(0, {
      ticket: BigInt(ticket),
      kind,
      family: 0,
      key: addressOf(k),
      keyLength: BigInt(k.length),
      value: addressOf(buffer) + (isGet ? BigInt(GUARD) : 0n),
      valueLength: BigInt(isGet ? capacity : buffer.length),
    });
    const taken = this.#symbols.tidemark_submit!(this.#handle, this.#cells.operationsAddress, 1n);
    if (taken !== 0 && taken !== 1) {
      throw new CheckError(`submit of one operation returned ${taken}: ${this.error}`);
    }
    if (taken === 1) this.#under.set(ticket, { key: k, buffer, capacity, isGet });
    return taken === 1;
  }

  /** Takes what has ended, after a wait of so many ns at most. */
  reap(waitNs: number): Ended[] {
    const cells = this.#cells;
    const count = this.#symbols.tidemark_reap!(
      this.#handle,
      cells.completionsAddress,
      BigInt(MOST_REAPED),
      BigInt(waitNs),
    );
    if (count < 0) throw new CheckError(`reap returned ${count}: ${this.error}`);
    if (count > MOST_REAPED) {
      throw new CheckError(`reap of at most ${MOST_REAPED} operations returned ${count}`);
    }
    return Array.from({ length: count }, (_, place) => {
      const { ticket, result, length, error } = cells.completion(place);
      const own = this.#under.get(Number(ticket));
      this.#under.delete(Number(ticket));
      const text = error === 0n ? "" : errorText(this.#symbols, error, Handle.completion);
      return ended(Number(ticket), result, length, text, own);
    });
  }

  /** Marks all that is still lent to operations. @returns Whether it is so still. */
  markAll(): () => boolean {
    const lent = [...this.#under.values()];
    // Their keys are left as they are: a get that goes on is to find something.
    for (const { buffer } of lent) buffer.fill(MARK);
    return () => lent.every(({ buffer }) => buffer.every((byte) => byte === MARK));
  }

  /** Gets several keys at once. @returns What the call returned, and each value. */
  multiGet(keys: readonly Uint8Array[], capacity: number): SeveralRead {
    const copies = keys.map(fixed);
    const asked = new BigUint64Array(new ArrayBuffer(16 * Math.max(1, keys.length)));
    for (const [i, key] of copies.entries()) {
      asked[2 * i] = addressOf(key);
      asked[2 * i + 1] = BigInt(key.length);
    }
    const found = new BigUint64Array(new ArrayBuffer(16 * Math.max(1, keys.length)));
    const memory = new Uint8Array(new ArrayBuffer(capacity + 2 * GUARD)).fill(MARK);
    const out = new Out();
    const code = this.#symbols.tidemark_multi_get!(
      this.#handle,
      0,
      addressOf(asked),
      BigInt(keys.length),
      addressOf(memory) + BigInt(GUARD),
      BigInt(capacity),
      addressOf(found),
      out.address,
    );
    keepAlive(copies, asked);
    requireGuards("multi_get", memory, capacity);
    if (code < Code.tooSmall) this.#require("multi_get", code);
    const length = Number(out.value);
    const values = keys.map((_, i) => {
      const [offset, bytes] = found.subarray(2 * i, 2 * i + 2);
      if (code !== Code.ok || bytes === NOT_FOUND) return undefined;
      if (Number(offset! + bytes!) > capacity) {
        throw new CheckError(
          `multi_get says that a value lies beyond its buffer of ${capacity} bytes`,
        );
      }
      return memory.slice(GUARD + Number(offset), GUARD + Number(offset! + bytes!));
    });
    return { code, length, values };
  }

  close(): void {
    this.#symbols.tidemark_session_close(this.#handle);
    this.#closed(this);
  }
}

/** An operation to be handed in. */
export interface HandedIn {
  ticket: number;
  kind: number;
  key: Uint8Array;
  /** Of a put. */
  value?: Uint8Array;
  /** Of a get: of the buffer that is given. */
  capacity?: number;
}

/** What is lent to an operation. */
interface Lent {
  key: Uint8Array;
  buffer: Uint8Array;
  capacity: number;
  isGet: boolean;
}

/** How an operation ended. */
export interface Ended {
  ticket: number;
  result: number;
  length: number;
  /** Why it failed; empty where it did not, or does not say. */
  error: string;
  /** What a get has found. */
  bytes: Uint8Array;
  /** Marks its buffer. @returns Whether it is so still. */
  mark(): () => boolean;
}

/** Several values that were read, or why not. */
interface SeveralRead {
  code: number;
  length: number;
  values: (Uint8Array | undefined)[];
}

/** Completions that are taken at a time. */
const MOST_REAPED = 16;

function ended(
  ticket: number,
  result: number,
  length: number,
  error: string,
  own: Lent | undefined,
): Ended {
  let bytes = new Uint8Array();
  if (own?.isGet) {
    requireGuards("a get in flight", own.buffer, own.capacity);
    if (result === Code.ok && length > own.capacity) {
      throw new CheckError(`a get in flight has ${length} bytes in a buffer of ${own.capacity}`);
    }
    if (result === Code.ok) bytes = own.buffer.slice(GUARD, GUARD + length);
  }
  // A plug-in that keeps the address instead of the bytes finds others there.
  own?.key.fill(MARK);
  own?.buffer.fill(MARK);
  return {
    ticket,
    result,
    length,
    error,
    bytes,
    mark: () => () => own?.buffer.every((byte) => byte === MARK) ?? true,
  };
}

/** @throws {CheckError} Where something was written beyond a buffer. */
function requireGuards(call: string, memory: Uint8Array, capacity: number): void {
  const guards = [memory.subarray(0, GUARD), memory.subarray(GUARD + capacity)];
  if (guards.every((guard) => guard.every((byte) => byte === MARK))) return;
  throw new CheckError(`${call} wrote beyond its buffer of ${capacity} bytes`);
}

/** Operations as `tidemark_batch` takes them. */
function encode(operations: readonly Operation[]): Uint8Array<ArrayBuffer> {
  const size = ({ key, value }: Operation) =>
    Math.ceil((16 + key.length + (value?.length ?? 0)) / 8) * 8;
  const bytes = new Uint8Array(
    new ArrayBuffer(operations.reduce((sum, operation) => sum + size(operation), 0)),
  );
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const operation of operations) {
    const { key, value, kind = value === undefined ? Kind.delete : Kind.put } = operation;
    for (const [i, word] of [kind, 0, key.length, value?.length ?? 0].entries()) {
      view.setUint32(at + 4 * i, word, true);
    }
    bytes.set(key, at + 16);
    bytes.set(value ?? [], at + 16 + key.length);
    at += size(operation);
  }
  return bytes;
}

/** A walk over a database under check. */
export class Walk {
  readonly #symbols: PluginSymbols;
  readonly #handle: bigint;
  readonly #error: () => string;
  readonly #entry = new BigUint64Array(new ArrayBuffer(32));

  constructor(symbols: PluginSymbols, handle: bigint, error: () => string) {
    this.#symbols = symbols;
    this.#handle = handle;
    this.#error = error;
  }

  /** The next entry, or `undefined` at the end. */
  next(): { key: Uint8Array; value: Uint8Array } | undefined {
    const code = this.#symbols.tidemark_next!(this.#handle, addressOf(this.#entry));
    if (code === Code.absent) return undefined;
    if (code !== Code.ok) throw new CheckError(`next returned ${code}: ${this.#error()}`);
    const [key, keyLength, value, valueLength] = this.#entry;
    return { key: copied(key!, Number(keyLength)), value: copied(value!, Number(valueLength)) };
  }

  /** All entries that are left, and the end of the walk. */
  rest(): { key: Uint8Array; value: Uint8Array }[] {
    const entries = [];
    for (let entry = this.next(); entry !== undefined; entry = this.next()) entries.push(entry);
    if (this.next() !== undefined) throw new CheckError("a cursor at its end went on");
    this.close();
    return entries;
  }

  close(): void {
    this.#symbols.tidemark_cursor_close!(this.#handle);
  }
}

function copied(address: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (length === 0) return bytes;
  const pointer = Deno.UnsafePointer.create(address);
  if (pointer === null) throw new CheckError(`next gave no address for ${length} bytes`);
  new Deno.UnsafePointerView(pointer).copyInto(bytes);
  return bytes;
}
