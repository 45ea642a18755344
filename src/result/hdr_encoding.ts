/**
 * The encodings of HDR histograms, of which log formats 1.0 to 1.3 have three: V0 and V1 write their
 * counts as words of a fixed size, V2 as variable-length integers (ZigZag LEB128). The library reads
 * V2; the older ones are written anew as V2, count for count. After AbstractHistogram of
 * HdrHistogram (Java), which reads all three.
 */
import { Buffer } from "node:buffer";
import { deflateSync, inflateSync } from "node:zlib";

const V0 = 0x1c849308;
const V1 = 0x1c849301;
const V2 = 0x1c849303;
const V2_COMPRESSED = 0x1c849304;
/** The bits of a cookie that say the encoding; the others say the size of a word. */
const BASE = ~0xf0;

/** Bytes of a V2 or V1 histogram before its counts: cookie, payload's length, offset, digits, least, most, ratio. */
const HEADER = 40;
/** Bytes of a V0 histogram before its counts: cookie, digits, least, most, total. */
const V0_HEADER = 32;

/**
 * A histogram's compressed text in the encoding that the library reads.
 *
 * @param text Compressed, in base64.
 * @param mostBytes Bytes that it may unpack to.
 * @returns `null` where its header is none.
 * @throws {Error} Where it cannot be unpacked, or is larger.
 */
export function asV2(text: string, mostBytes: number): string | null {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const head = inflateSync(bytes.subarray(8), { maxOutputLength: mostBytes });
  if (head.byteLength < V0_HEADER) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const cookie = view.getInt32(0);
  const encoding = cookie & BASE;
  if (encoding === (V2 & BASE)) return isSane(view, head.byteLength) ? text : null;
  if (encoding !== (V1 & BASE) && encoding !== (V0 & BASE)) return null;
  const wordBytes = ((cookie & 0xf0) >> 4) & 0xe;
  if (![2, 4, 8].includes(wordBytes)) return null;
  const old = encoding === (V0 & BASE);
  const countsAt = old ? V0_HEADER : HEADER;
  if (head.byteLength < countsAt) return null;
  const counts = countsOf(view, countsAt, wordBytes);
  if (counts === null) return null;
  const payload = packed(counts);
  const made = new Uint8Array(HEADER + payload.length);
  const header = new DataView(made.buffer);
  header.setInt32(0, V2 | 0x10);
  header.setInt32(4, payload.length);
  // V0 has neither offset nor ratio.
  header.setInt32(8, old ? 0 : view.getInt32(8));
  header.setInt32(12, view.getInt32(old ? 4 : 12));
  header.setBigInt64(16, view.getBigInt64(old ? 8 : 16));
  header.setBigInt64(24, view.getBigInt64(old ? 16 : 24));
  header.setFloat64(32, old ? 1 : view.getFloat64(32));
  made.set(payload, HEADER);
  if (!isSane(header, made.length)) return null;
  return wrapped(made);
}

/**
 * Whether a V2 histogram is what its header says: the library believes its lengths, and counts a run of
 * zeros one by one, however long it is.
 */
function isSane(view: DataView, bytes: number): boolean {
  if (bytes < HEADER) return false;
  const digits = view.getInt32(12);
  const [least, most] = [view.getBigInt64(16), view.getBigInt64(24)];
  if (
    view.getInt32(4) !== bytes - HEADER || digits < 1 || digits > 5 || least < 1n ||
    most < 2n * least
  ) return false;
  const slots = slotsOf(digits, Number(least), Number(most));
  let slot = 0;
  for (let at = HEADER; at < bytes;) {
    const { value, next } = readZigZag(view, at, bytes);
    if (next === null) return false;
    if (value < 0n) slot += Number(-value);
    else {
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) return false;
      slot++;
    }
    if (slot > slots) return false;
    at = next;
  }
  return true;
}

/** How many counts a histogram of such bounds has (`AbstractHistogram`'s countsArrayLength). */
function slotsOf(digits: number, least: number, most: number): number {
  const subBuckets = 2 ** Math.ceil(Math.log2(2 * 10 ** digits));
  let smallestUntrackable = subBuckets * 2 ** Math.floor(Math.log2(least));
  let buckets = 1;
  for (; smallestUntrackable <= most; buckets++) smallestUntrackable *= 2;
  return (buckets + 1) * subBuckets / 2;
}

/** A ZigZag LEB128 of at most nine bytes; `next` is `null` where it is cut off. */
function readZigZag(
  view: DataView,
  at: number,
  end: number,
): { value: bigint; next: number | null } {
  let raw = 0n;
  for (let i = 0; i < 9; i++) {
    if (at + i >= end) return { value: 0n, next: null };
    const byte = BigInt(view.getUint8(at + i));
    // The ninth byte has eight bits, and none that says that there is more.
    raw |= (i === 8 ? byte : byte & 127n) << BigInt(7 * i);
    if (byte < 128n || i === 8) return { value: (raw >> 1n) ^ -(raw & 1n), next: at + i + 1 };
  }
  return { value: 0n, next: null };
}

/** `null` where one is negative, or no double has it exactly. */
function countsOf(view: DataView, at: number, wordBytes: number): number[] | null {
  const counts: number[] = [];
  for (let i = at; i + wordBytes <= view.byteLength; i += wordBytes) {
    const count = wordBytes === 2
      ? view.getInt16(i)
      : wordBytes === 4
      ? view.getInt32(i)
      : Number(view.getBigInt64(i));
    if (count < 0 || !Number.isSafeInteger(count)) return null;
    counts.push(count);
  }
  while (counts.at(-1) === 0) counts.pop();
  return counts;
}

/** Counts as V2 has them: each as ZigZag LEB128, a run of zeros as its negative length. */
function packed(counts: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < counts.length;) {
    let zeros = 0;
    while (counts[i + zeros] === 0) zeros++;
    writeZigZag(bytes, zeros > 1 ? -zeros : counts[i]!);
    i += Math.max(1, zeros);
  }
  return Uint8Array.from(bytes);
}

function writeZigZag(bytes: number[], value: number): void {
  let rest = value < 0 ? 2n * BigInt(-value) - 1n : 2n * BigInt(value);
  // Nine bytes at most, of which the last has eight bits.
  for (let i = 0; i < 8 && rest >= 128n; i++) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
}

function wrapped(histogram: Uint8Array): string {
  const body = deflateSync(histogram);
  const whole = Buffer.alloc(8 + body.length);
  whole.writeInt32BE(V2_COMPRESSED | 0x10, 0);
  whole.writeInt32BE(body.length, 4);
  whole.set(body, 8);
  return whole.toString("base64");
}
