export { KEY_FAMILY, KVSTORE_FAMILIES, LEASE_FAMILY, META_FAMILY } from "./families.ts";
export type { KvStoreOptions } from "./options.ts";
export { KvStoreSync, openKvStore } from "./sync_store.ts";
export { KvStoreAsync, openKvStoreAsync } from "./async_store.ts";
export { EtcdSync, type SyncWatch } from "./sync_etcd.ts";
export { type AsyncWatch, EtcdAsync } from "./async_etcd.ts";
export { KV_ERRORS, KvError, type KvErrorName } from "./errors.ts";
export type * from "./messages.ts";
export type { KeyValue } from "./key_value.ts";
