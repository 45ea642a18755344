/**
 * A plug-in that works on threads of its own. Operations are handed in as they come, as many at a
 * time as it says, and what has ended is taken when nothing else is to be done: no call comes from
 * one of its threads.
 */
import { setImmediate } from "node:timers";
import type { AsyncCursor, AsyncStore, ScanRange, StoreDescription } from "../contract.ts";
import { failure, type StoreCall } from "../error.ts";
import { LaterCursor } from "../later_cursor.ts";
import { keepAlive } from "../memory.ts";
import { lengthAsBigInt, Slice } from "../slice.ts";
import type { PluginBatch } from "./batch.ts";
import { InFlight } from "./in_flight.ts";
import type { PluginOptions } from "./store.ts";
import { openPlugin, type PluginStore } from "./store.ts";
import { Code, Handle, Kind, type PluginSymbols } from "./symbols.ts";

/**
 * How long one look for what has ended waits, ns: all that goes on beside it, timers and signals, is
 * as much later at most.
 */
const WAIT_NS = 100_000n;
/** Completions that are taken at a time. */
const MOST_REAPED = 64;

/** An operation, and memory of its own: what it was given may be filled anew while it is under way. */
interface Operation {
  readonly ticket: bigint;
  call: StoreCall;
  kind: Kind;
  family: number;
  key: Slice;
  /** Of a put. */
  value: Slice;
  /** Of a get. */
  into: Slice | undefined;
  resolve: (length: number) => void;
  reject: (error: Error) => void;
}

/** Its kind of the calls that are handed in. */
const CALLS = { put: Kind.put, delete: Kind.delete, get: Kind.get } as const;

const EMPTY = new Slice(0);

/**
 * Opens a database of a plug-in that is asynchronous, and makes it where there is none.
 *
 * @param path The database's directory.
 * @throws {StoreError} Where the engine refuses, or takes none of the options.
 */
export function openAsyncPlugin(path: string, options: PluginOptions): AsyncPluginStore {
  return new AsyncPluginStore(openPlugin(path, options), options.library.description.inFlight);
}

/** A database of an asynchronous plug-in. Made by {@linkcode openAsyncPlugin}. */
export class AsyncPluginStore implements AsyncStore {
  readonly api = "async";
  readonly #store: PluginStore;
  readonly #most: number;
  readonly #submit: NonNullable<PluginSymbols["tidemark_submit"]>;
  readonly #reap: NonNullable<PluginSymbols["tidemark_reap"]>;
  readonly #cells = new InFlight(MOST_REAPED);
  /** Under way, by their tickets. */
  readonly #under = new Map<bigint, Operation>();
  /** Not taken yet. */
  #waiting: Operation[] = [];
  /** Whose memory is free. */
  readonly #free: Operation[] = [];
  #tickets = 0;
  #looks = false;
  /** Called when nothing is under way any more. */
  #idle: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  /**
   * @param store The same database, as it is called without handing in.
   * @param most Operations that are under way at a time.
   */
  constructor(store: PluginStore, most: number) {
    this.#store = store;
    this.#most = most;
    this.#submit = store.native.optional("open", "tidemark_submit");
    this.#reap = store.native.optional("open", "tidemark_reap");
  }

  describe(): StoreDescription {
    const own = this.#store.describe();
    return { ...own, api: "async", library: `${own.library}, at most ${this.#most} in flight` };
  }

  put(key: Slice, value: Slice, family = 0): Promise<void> {
    return this.#handIn("put", family, key, value) as Promise<unknown> as Promise<void>;
  }

  get(key: Slice, into: Slice, family = 0): Promise<number> {
    return this.#handIn("get", family, key, EMPTY, into);
  }

  delete(key: Slice, family = 0): Promise<void> {
    return this.#handIn("delete", family, key, EMPTY) as Promise<unknown> as Promise<void>;
  }

  #handIn(
    call: keyof typeof CALLS,
    family: number,
    key: Slice,
    value: Slice,
    into?: Slice,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#require(call);
      this.#store.family(family, call);
      const operation = this.#free.pop() ?? this.#made();
      operation.call = call;
      operation.kind = CALLS[call];
      operation.family = family;
      operation.key = filled(operation.key, key);
      operation.value = filled(operation.value, value);
      operation.into = into;
      operation.resolve = resolve;
      operation.reject = reject;
      this.#waiting.push(operation);
      this.#submitWaiting();
      this.#lookLater();
    });
  }

  #made(): Operation {
    return {
      ticket: lengthAsBigInt(this.#tickets++),
      call: "put",
      kind: Kind.put,
      family: 0,
      key: EMPTY,
      value: EMPTY,
      into: undefined,
      resolve: () => {},
      reject: () => {},
    };
  }

  /** Hands in what waits, as far as there is room. */
  #submitWaiting(): void {
    while (this.#waiting.length > 0 && this.#under.size < this.#most) {
      const operation = this.#waiting[0]!;
      const { ticket, kind, family, key, value, into } = operation;
      this.#cells.set(0, {
        ticket,
        kind,
        family,
        key: key.address,
        keyLength: key.size,
        value: (into ?? value).address,
        valueLength: into === undefined ? value.size : lengthAsBigInt(into.bytes.length),
      });
      const { native } = this.#store;
      const taken = this.#submit(native.session, this.#cells.operationsAddress, 1n);
      if (taken === 0) return;
      this.#waiting.shift();
      if (taken === 1) this.#under.set(ticket, operation);
      else this.#end(operation, native.errorOf(operation.call, taken, Handle.session));
    }
  }

  /** Looks for what has ended once all that it may lead to has been handed in. */
  #lookLater(): void {
    if (this.#looks) return;
    this.#looks = true;
    setImmediate(() => this.#look());
  }

  #look(): void {
    this.#looks = false;
    const { native } = this.#store;
    try {
      this.#submitWaiting();
      const ended = this.#reap(
        native.session,
        this.#cells.completionsAddress,
        BigInt(MOST_REAPED),
        WAIT_NS,
      );
      if (ended < 0) native.refuse("reap", ended, Handle.session);
      for (let place = 0; place < ended; place++) this.#completed(place);
    } catch (error) {
      // What is under way may never end, or may have ended as something else.
      native.end("its plug-in has ended what was not under way");
      for (const operation of [...this.#under.values(), ...this.#waiting]) {
        operation.reject(error as Error);
      }
      this.#under.clear();
      this.#waiting = [];
    }
    if (this.#under.size > 0 || this.#waiting.length > 0) return this.#lookLater();
    for (const tell of this.#idle.splice(0)) tell();
  }

  #completed(place: number): void {
    const { ticket, result, length, error } = this.#cells.completion(place);
    const operation = this.#under.get(ticket);
    const { native, path } = this.#store;
    if (operation === undefined) {
      const what = `its plug-in has ended an operation that is not under way (ticket ${ticket})`;
      throw failure("reap", path, what);
    }
    this.#under.delete(ticket);
    const { into, kind } = operation;
    if (result === Code.ok && into !== undefined) {
      if (length > into.bytes.length) {
        throw failure("get", path, "its plug-in wrote beyond a buffer");
      }
      into.length = length;
    }
    const answers = kind === Kind.get && (result === Code.absent || result === Code.tooSmall);
    if (result !== Code.ok && !answers) {
      return this.#end(operation, native.errorOf(operation.call, result, Handle.completion, error));
    }
    this.#end(operation, result === Code.absent ? -1 : length);
  }

  /** @param how The length of what was found, −1 of an absent key, or why it failed. */
  #end(operation: Operation, how: number | Error): void {
    const { resolve, reject } = operation;
    keepAlive(operation.into);
    operation.into = undefined;
    this.#free.push(operation);
    if (typeof how === "number") resolve(how);
    else reject(how);
  }

  batch(): PluginBatch {
    this.#require("batch");
    return this.#store.batch();
  }

  // deno-lint-ignore require-await -- what it throws is to be the promise's
  async write(batch: PluginBatch): Promise<void> {
    this.#require("write");
    this.#store.write(batch);
  }

  cursor(range: ScanRange = {}): AsyncCursor {
    this.#require("scan");
    return new LaterCursor(this.#store.cursor(range));
  }

  lacks(call: "flush" | "compact"): boolean {
    return this.#store.lacks(call);
  }

  async flush(): Promise<void> {
    this.#require("flush");
    await this.#ended();
    this.#store.flush();
  }

  async compact(range: Pick<ScanRange, "from" | "to" | "family"> = {}): Promise<void> {
    this.#require("compact");
    await this.#ended();
    this.#store.compact(range);
  }

  property(name: string, family = 0): string | undefined {
    this.#require("property");
    return this.#store.property(name, family);
  }

  cross(count: number): void {
    this.#store.cross(count);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    await this.#ended();
    this.#store.close();
  }

  /** Waits until nothing is under way. */
  #ended(): Promise<void> {
    if (this.#under.size === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** @throws {StoreError} Where no call may be made any more. */
  #require(call: StoreCall): void {
    if (this.#closing !== undefined) throw failure(call, this.#store.path, "it is closed", "usage");
    this.#store.native.require(call);
  }
}

/** The slice, or a larger one, with the content of another. */
function filled(own: Slice, from: Slice): Slice {
  const into = own !== EMPTY && own.bytes.length >= from.length ? own : new Slice(from.length);
  into.fill(from.view());
  return into;
}
