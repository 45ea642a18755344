import type { StoreDescription } from "../contract.ts";

/** What a KvStore says of itself: what its engine says, under its own name. */
export function describeKvStore(engine: StoreDescription): StoreDescription {
  return {
    ...engine,
    store: "kvstore",
    engine: `KvStore (etcd MVCC) over ${engine.engine}`,
  };
}
