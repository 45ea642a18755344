import type { Batch } from "../contract.ts";
import type { Slice } from "../slice.ts";
import { refuseEmptyKey, refuseFamily } from "./refuse.ts";

/** An operation of a {@linkcode KvBatch}; without a value it is a delete. */
export interface KvOperation {
  readonly key: Uint8Array;
  readonly value?: Uint8Array;
}

/**
 * Writes that a KvStore does in one transaction, at one main revision. They are kept in JavaScript
 * until then, since their revision is known only then.
 */
export class KvBatch implements Batch {
  readonly #operations: KvOperation[] = [];

  /** What was added, in order. */
  get operations(): readonly KvOperation[] {
    return this.#operations;
  }

  get count(): number {
    return this.#operations.length;
  }

  put(key: Slice, value: Slice, family = 0): void {
    refuseFamily(family, "put");
    refuseEmptyKey(key, "put");
    this.#operations.push({ key: key.view().slice(), value: value.view().slice() });
  }

  delete(key: Slice, family = 0): void {
    refuseFamily(family, "delete");
    refuseEmptyKey(key, "delete");
    this.#operations.push({ key: key.view().slice() });
  }

  clear(): void {
    this.#operations.length = 0;
  }

  close(): void {
    this.clear();
  }
}
