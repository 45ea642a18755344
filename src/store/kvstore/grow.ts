/**
 * Room for at least `needed` elements, a half more than there was: growing costs a constant number
 * of copies an element, and at most a third of the memory is spare.
 */
export function grownCapacity(capacity: number, needed: number): number {
  return Math.max(needed, capacity + (capacity >>> 1) + 16);
}

/** A copy of an array with room for more, or for less: what does not fit is dropped. */
export function resized<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  array: T,
  capacity: number,
): T {
  const Type = array.constructor as new (length: number) => T;
  const copy = new Type(capacity);
  copy.set(capacity < array.length ? array.subarray(0, capacity) : array);
  return copy;
}
