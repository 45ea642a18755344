import { compareBytes } from "../bytes.ts";
import type { KeyIndex } from "./key_index.ts";

/**
 * Visits the keys that a request means and that exist at a revision, in key order: the key alone
 * where there is no end, from the key on where the end is a single zero byte, else those in
 * [key, end).
 *
 * @param visit Is given each key's id and the node of its state; false ends the walk.
 */
export function visitRange(
  index: KeyIndex,
  key: Uint8Array,
  end: Uint8Array | undefined,
  main: number,
  visit: (id: number, node: number) => boolean,
): void {
  if (end === undefined || end.length === 0) {
    const id = index.find(key, key.length);
    const node = id < 0 ? 0 : index.nodeAt(id, main);
    if (node !== 0) visit(id, node);
    return;
  }
  const { keys, order } = index;
  const open = isFromKey(end);
  for (let at = order.atOrAfter(key, key.length); at >= 0; at = order.next(at)) {
    const id = order.idAt(at);
    if (!open && keys.compare(id, end, end.length) >= 0) return;
    const node = index.nodeAt(id, main);
    if (node !== 0 && !visit(id, node)) return;
  }
}

/** Whether a range's end means that it has none. */
export function isFromKey(end: Uint8Array): boolean {
  return end.length === 1 && end[0] === 0;
}

/** Whether a key is among those that a request means. */
export function isInRange(
  key: Uint8Array,
  from: Uint8Array,
  end: Uint8Array | undefined,
): boolean {
  if (end === undefined || end.length === 0) return compareBytes(key, from) === 0;
  return compareBytes(key, from) >= 0 && (isFromKey(end) || compareBytes(key, end) < 0);
}
