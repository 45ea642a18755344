/**
 * Keys as TiKV has them: under API 1 they are the user's own; under API 2 they begin with what says
 * that they are raw ones and of which keyspace, and PD's regions have theirs in an order-keeping form.
 */

/** Versions of TiKV's interface. */
export type TikvApi = 1 | 2;

/** The largest id of a keyspace: it has three bytes in a key. */
export const MOST_KEYSPACE = 2 ** 24 - 1;

/** What raw keys begin with under API 2. */
const RAW_MODE = 0x72;
/** Bytes that the order-keeping form takes together, each group with one more that says how many. */
const GROUP = 8;
const FULL = 0xff;

/** What stands before every raw key. */
export function keyPrefix(api: TikvApi, keyspace: number): Uint8Array {
  if (api === 1) return new Uint8Array(0);
  return Uint8Array.of(RAW_MODE, keyspace >> 16 & 255, keyspace >> 8 & 255, keyspace & 255);
}

/** A key as PD's regions have it. */
export function regionKey(api: TikvApi, key: Uint8Array): Uint8Array {
  return api === 1 ? key : ordered(key);
}

/**
 * The key of one of PD's regions as stores have it; none stays none.
 *
 * @throws {RangeError} Where it has no such form.
 */
export function plainKey(api: TikvApi, key: Uint8Array): Uint8Array {
  return api === 1 || key.length === 0 ? key.slice() : unordered(key);
}

function ordered(key: Uint8Array): Uint8Array {
  const groups = Math.floor(key.length / GROUP) + 1;
  const form = new Uint8Array(groups * (GROUP + 1));
  for (let i = 0; i < groups; i++) {
    const group = key.subarray(i * GROUP, (i + 1) * GROUP);
    form.set(group, i * (GROUP + 1));
    form[i * (GROUP + 1) + GROUP] = FULL - (GROUP - group.length);
  }
  return form;
}

function unordered(form: Uint8Array): Uint8Array {
  const key = new Uint8Array(form.length);
  let length = 0;
  for (let at = 0; at + GROUP < form.length; at += GROUP + 1) {
    const bytes = GROUP - (FULL - form[at + GROUP]!);
    if (bytes < 0) break;
    key.set(form.subarray(at, at + bytes), length);
    length += bytes;
    if (bytes < GROUP) return key.slice(0, length);
  }
  throw new RangeError("the key of a region has not the form of API 2");
}

/** The first key that does not begin with a prefix, which has another byte than 255. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 255) length--;
  const end = prefix.slice(0, length);
  if (length > 0) end[length - 1]!++;
  return end;
}
