/** Several keys in one call, as a plug-in's `multi_get` has them. */
import type { SyncStore } from "../contract.ts";
import { failure, type StoreCall } from "../error.ts";
import { addressOf } from "../memory.ts";
import type { NativeSession } from "./native_session.ts";
import { Code, Handle } from "./symbols.ts";

/** 32-bit words of where a value is: its offset and its length, 64 bits each. */
const FOUND = 4;
/** A word of an absent key's length, all bits of which are set. */
const NONE = 0xffff_ffff;
const HIGH = 2 ** 32;

/**
 * The call of a plug-in that has one. What it takes and gives lies in memory that is made once for as
 * many keys as were ever asked for together.
 *
 * @param family Refuses a family that there is not.
 */
export function multiGetBy(
  native: NativeSession,
  family: (number: number, call: StoreCall) => number,
): NonNullable<SyncStore["multiGet"]> {
  const call = native.optional("get", "tidemark_multi_get");
  let asked = new BigUint64Array(0);
  let words = new Uint32Array(0);
  let askedAddress = 0n;
  let foundAddress = 0n;
  const needed = new BigUint64Array(new ArrayBuffer(8));
  const neededAddress = addressOf(needed);
  return (keys, count, into, found, number = 0) => {
    if (2 * count > asked.length) {
      asked = new BigUint64Array(new ArrayBuffer(16 * count));
      words = new Uint32Array(new ArrayBuffer(16 * count));
      askedAddress = addressOf(asked);
      foundAddress = addressOf(words);
    }
    for (let i = 0; i < count; i++) {
      asked[2 * i] = keys[i]!.address;
      asked[2 * i + 1] = keys[i]!.size;
    }
    const capacity = into.bytes.length;
    const code = call(
      native.session,
      family(number, "get"),
      askedAddress,
      BigInt(count),
      into.address,
      BigInt(capacity),
      foundAddress,
      neededAddress,
    );
    if (code === Code.tooSmall) {
      throw new RangeError(
        `Cannot get ${count} keys: their values have ${needed[0]} bytes, and the slice ${capacity}`,
      );
    }
    if (code !== Code.ok) native.refuse("get", code, Handle.session);
    let bytes = 0;
    for (let i = 0; i < count; i++) {
      const at = FOUND * i;
      if (words[at + 2] === NONE && words[at + 3] === NONE) {
        found.lengths[i] = -1;
        continue;
      }
      const offset = words[at]! + HIGH * words[at + 1]!;
      const length = words[at + 2]! + HIGH * words[at + 3]!;
      if (offset + length > capacity) {
        throw failure("get", native.path, "its multi_get says that a value lies beyond the buffer");
      }
      found.offsets[i] = offset;
      found.lengths[i] = length;
      bytes = Math.max(bytes, offset + length);
    }
    into.length = bytes;
  };
}
