/**
 * The KvStore: etcd's multi-version store over RocksDB. It stands for a storage layer that offers
 * etcd's requests, and does what etcd's own store does: every put is a new revision with a record of
 * its own, an index in memory leads from keys to revisions, and older revisions can be read until
 * they are compacted. What it leaves out is etcd's replication, its network and its quota.
 *
 * `etcd_contract.ts` says what each request does, and where it is refused. That file, `errors.ts`,
 * `messages.ts` and the files named after etcd's concepts know no I/O; the programs (`steps.ts`)
 * yield what they need of the engine, and the two drivers run them.
 *
 * @module
 */
export { KEY_FAMILY, KVSTORE_FAMILIES } from "./families.ts";
export { KvStoreSync, openKvStore } from "./sync_store.ts";
export { KvStoreAsync, openKvStoreAsync } from "./async_store.ts";
export type * from "./etcd_contract.ts";
export { KvError, type KvErrorName } from "./errors.ts";
export type * from "./messages.ts";
