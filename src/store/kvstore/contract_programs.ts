/** The plain contract's writes, as a transaction. */
import type { KvOperation } from "./batch.ts";
import { refuseTooLarge } from "./refuse.ts";
import type { KvState } from "./state.ts";
import type { Program } from "./steps.ts";
import { inTransaction } from "./write_transaction.ts";

/**
 * Does puts and deletes in one transaction, in their order; absent keys are not deleted, and a key
 * may occur more than once. Unlike etcd's `txn` it takes any number of operations.
 *
 * @param call The call to name in an error.
 * @throws {KvError} RequestTooLarge.
 */
export function* writeOperations(
  state: KvState,
  operations: readonly KvOperation[],
  call: string,
): Program<void> {
  let bytes = 0;
  for (const { key, value } of operations) bytes += key.length + (value?.length ?? 0);
  refuseTooLarge(bytes, call);
  yield* inTransaction(state, function* (transaction): Program<void> {
    for (const { key, value } of operations) {
      if (value !== undefined) {
        transaction.put(key, value, 0n);
        continue;
      }
      const id = state.index.find(key, key.length);
      if (id >= 0 && state.index.newest(id) !== 0) transaction.delete(id);
    }
  });
}
