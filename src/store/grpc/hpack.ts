/** The headers of HTTP/2 in their compressed form (RFC 7541), both ways. */
import { type Header, STATIC_HEADERS } from "./header_table.ts";
import { huffmanText } from "./huffman.ts";

/** What a table of headers may hold until another size is agreed, bytes. */
const TABLE_BYTES = 4096;
/** What an entry costs beyond its name and value, bytes. */
const ENTRY_BYTES = 32;
/** The longest list of headers that is read, bytes as a table counts them. */
const MOST_BYTES = 64 * 1024;

/** The headers that one side of a connection has sent before, the newest first. */
class HeaderTable {
  readonly #entries: Header[] = [];
  #bytes = 0;
  #most = TABLE_BYTES;

  /** The header of a number. */
  get(number: number): Header {
    const header = number <= STATIC_HEADERS.length
      ? STATIC_HEADERS[number - 1]
      : this.#entries[number - STATIC_HEADERS.length - 1];
    if (header === undefined) throw new RangeError(`Cannot read a header: none is ${number}`);
    return header;
  }

  /** The number of a header; 0 where it has none. */
  find([name, value]: Header): number {
    const same = ([n, v]: Header) => n === name && v === value;
    const fixed = STATIC_HEADERS.findIndex(same);
    if (fixed >= 0) return fixed + 1;
    const own = this.#entries.findIndex(same);
    return own < 0 ? 0 : STATIC_HEADERS.length + 1 + own;
  }

  add(header: Header): void {
    this.#entries.unshift(header);
    this.#bytes += sizeOf(header);
    this.#shrink();
  }

  /** Sets how much it may hold, bytes. */
  resize(bytes: number): void {
    this.#most = bytes;
    this.#shrink();
  }

  #shrink(): void {
    while (this.#bytes > this.#most) this.#bytes -= sizeOf(this.#entries.pop()!);
  }
}

function sizeOf([name, value]: Header): number {
  return name.length + value.length + ENTRY_BYTES;
}

/** Writes headers. What was written once on the connection is a number from then on. */
export class HeaderEncoder {
  readonly #table = new HeaderTable();
  #written = 0;

  /** How many headers were written for the first time. Each such one gives others new numbers. */
  get written(): number {
    return this.#written;
  }

  /** @param headers Names in lower case; of ASCII. */
  encode(headers: readonly Header[]): Uint8Array {
    const bytes: number[] = [];
    for (const header of headers) {
      const number = this.#table.find(header);
      if (number > 0) {
        pushNumber(bytes, 0x80, 7, number);
        continue;
      }
      pushNumber(bytes, 0x40, 6, STATIC_HEADERS.findIndex(([name]) => name === header[0]) + 1);
      if (bytes.at(-1) === 0x40) pushText(bytes, header[0]);
      pushText(bytes, header[1]);
      this.#table.add(header);
      this.#written++;
    }
    return Uint8Array.from(bytes);
  }
}

function pushNumber(bytes: number[], mark: number, bits: number, number: number): void {
  const most = 2 ** bits - 1;
  if (number < most) {
    bytes.push(mark | number);
    return;
  }
  bytes.push(mark | most);
  let rest = number - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(rest % 128 | 128);
  bytes.push(rest);
}

function pushText(bytes: number[], text: string): void {
  pushNumber(bytes, 0, 7, text.length);
  for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i));
}

/** Reads headers. */
export class HeaderDecoder {
  readonly #table = new HeaderTable();
  /** The block that was read last, and what it said: answers are mostly alike. */
  #last: { block: Uint8Array; headers: ReadonlyMap<string, string> } | undefined;

  /**
   * Reads a block.
   *
   * @returns The headers by name; of one that is there twice, the last.
   * @throws {RangeError} Where it is none.
   */
  decode(block: Uint8Array): ReadonlyMap<string, string> {
    const last = this.#last;
    if (last !== undefined && isSame(last.block, block)) return last.headers;
    const reader = new BlockReader(block);
    const headers = new Map<string, string>();
    let changed = false;
    let bytes = 0;
    while (!reader.ended) {
      const first = reader.peek();
      if ((first & 0xe0) === 0x20) {
        const size = reader.number(5);
        if (size > TABLE_BYTES) {
          throw new RangeError("Cannot read headers: their table is too large");
        }
        this.#table.resize(size);
        changed = true;
        continue;
      }
      const header = this.#header(reader, first);
      if ((first & 0xc0) === 0x40) {
        this.#table.add(header);
        changed = true;
      }
      bytes += sizeOf(header);
      if (bytes > MOST_BYTES) throw new RangeError("Cannot read headers: there are too many");
      headers.set(header[0], header[1]);
    }
    // What changed the table says something else the next time.
    this.#last = changed ? undefined : { block: block.slice(), headers };
    return headers;
  }

  #header(reader: BlockReader, first: number): Header {
    if (first & 0x80) return this.#table.get(reader.number(7));
    const number = reader.number(first & 0x40 ? 6 : 4);
    const name = number === 0 ? reader.text() : this.#table.get(number)[0];
    return [name, reader.text()];
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Goes through a block. */
class BlockReader {
  readonly #block: Uint8Array;
  #at = 0;

  constructor(block: Uint8Array) {
    this.#block = block;
  }

  get ended(): boolean {
    return this.#at >= this.#block.length;
  }

  peek(): number {
    return this.#block[this.#at] ?? cutOff();
  }

  number(bits: number): number {
    const most = 2 ** bits - 1;
    let number = this.#byte() & most;
    if (number < most) return number;
    for (let unit = 1; unit <= 2 ** 21; unit *= 128) {
      const byte = this.#byte();
      number += (byte & 127) * unit;
      if (byte < 128) return number;
    }
    throw new RangeError("Cannot read a header: a number in it is too large");
  }

  text(): string {
    const coded = (this.peek() & 0x80) !== 0;
    const length = this.number(7);
    const bytes = this.#block.subarray(this.#at, this.#at + length);
    if (bytes.length < length) cutOff();
    this.#at += length;
    return coded ? huffmanText(bytes) : String.fromCharCode(...bytes);
  }

  #byte(): number {
    const byte = this.peek();
    this.#at++;
    return byte;
  }
}

function cutOff(): never {
  throw new RangeError("Cannot read a header: it is cut off");
}
