import type { ScanRange, SyncCursor } from "../contract.ts";
import { StoreError } from "../error.ts";
import { addressOf, keepAlive } from "../memory.ts";
import type { Slice } from "../slice.ts";
import type { NativeSession } from "./native_session.ts";
import { Code, Handle, type PluginSymbols, REVERSE } from "./symbols.ts";

/** What a walk has at hand; inlined by the compiler, since a look-up would be a good part of a step. */
const enum Cell {
  /** The cursor's handle. */
  cursor,
  /** Where the entry is written to: the next four cells. */
  entry,
  keyAddress,
  keyLength,
  valueAddress,
  valueLength,
  count,
}

/** The result of a step; inlined by the compiler, as an imported one would not be. */
const enum Step {
  ok = 0,
}

/** A step of a walk. */
type Next = NonNullable<PluginSymbols["tidemark_next"]>;

/**
 * The cells of a cursor. A bigint in a field is an object that each call checks and opens; read from
 * a typed array it is the register that native code takes. They are used again and again: making
 * them takes as long as a short scan.
 */
export class CursorCells {
  readonly longs = new BigUint64Array(new ArrayBuffer(8 * Cell.count));
  /** The same as 32-bit words: the lengths as numbers, which are below 4 GiB. */
  readonly words = new Uint32Array(this.longs.buffer);
  /** Their own address. */
  readonly address = addressOf(this.longs);

  constructor() {
    this.longs[Cell.entry] = this.address + 8n * BigInt(Cell.keyAddress);
  }
}

/** What the cursors of a store have in common. */
export interface CursorHost {
  native: NativeSession;
  /** Cells that are free. */
  cells: CursorCells[];
  /** The cursors that are open. */
  open: Set<PluginCursor>;
  /** Copies from one address to another. */
  copy: (to: bigint, from: bigint, bytes: bigint) => unknown;
}

/** A walk by a plug-in's cursor. Key and value stay in the engine's memory until they are read. */
export class PluginCursor implements SyncCursor {
  readonly #host: CursorHost;
  readonly #next: Next;
  readonly #cells: CursorCells;
  /** The cells themselves, a field each: a step asks for them. */
  readonly #longs: BigUint64Array<ArrayBuffer>;
  readonly #words: Uint32Array<ArrayBuffer>;
  /** Whether there is a current entry. */
  #inside = false;
  /** Whether it may move. */
  #walks: boolean;
  #closed = false;

  /** @param range Where `to` is empty there is nothing to walk. */
  constructor(host: CursorHost, family: number, range: ScanRange) {
    const { native } = host;
    const make = native.optional("scan", "tidemark_cursor");
    this.#host = host;
    this.#next = native.optional("scan", "tidemark_next");
    const cells = this.#cells = host.cells.pop() ?? new CursorCells();
    this.#longs = cells.longs;
    this.#words = cells.words;
    const { from, to, reverse = false } = range;
    const isEmpty = to !== undefined && to.length === 0;
    cells.longs[Cell.cursor] = 0n;
    if (!isEmpty) {
      const code = make(
        native.session,
        family,
        from?.address ?? 0n,
        from?.size ?? 0n,
        to?.address ?? 0n,
        to?.size ?? 0n,
        reverse ? REVERSE : 0,
        cells.address,
      );
      keepAlive(from, to);
      if (code !== Code.ok) {
        host.cells.push(cells);
        native.refuse("scan", code, Handle.session);
      }
    }
    this.#walks = !isEmpty;
    host.open.add(this);
  }

  get keyLength(): number {
    return this.#inside === true ? this.#words[2 * Cell.keyLength]! : 0;
  }

  get valueLength(): number {
    return this.#inside === true ? this.#words[2 * Cell.valueLength]! : 0;
  }

  next(): boolean {
    if (this.#walks !== true) return false;
    const longs = this.#longs;
    const next = this.#next;
    const code = next(longs[Cell.cursor]!, longs[Cell.entry]!);
    if (code !== Step.ok) return this.#end(code);
    return this.#inside = true;
  }

  #end(code: number): false {
    this.#inside = this.#walks = false;
    if (code !== Code.absent) this.#host.native.refuse("scan", code, Handle.session);
    return false;
  }

  readKey(into: Slice): void {
    this.#current("read a key");
    into.length = this.keyLength;
    this.#host.copy(into.address, this.#longs[Cell.keyAddress]!, into.size);
  }

  readValue(into: Slice): void {
    this.#current("read a value");
    into.length = this.valueLength;
    this.#host.copy(into.address, this.#longs[Cell.valueAddress]!, into.size);
  }

  #current(what: string): void {
    if (!this.#inside) {
      throw new StoreError(`Cannot ${what}: the cursor is at no entry`, "scan", "usage");
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inside = this.#walks = false;
    const { native, cells, open } = this.#host;
    const cursor = this.#longs[Cell.cursor]!;
    if (cursor !== 0n) native.symbols.tidemark_cursor_close!(cursor);
    cells.push(this.#cells);
    open.delete(this);
  }
}
