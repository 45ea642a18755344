export { KEY_FAMILY, KVSTORE_FAMILIES, LEASE_FAMILY, META_FAMILY } from "./families.ts";
export type { KvStoreOptions } from "./options.ts";
export { KvStoreSync, openKvStore } from "./sync_store.ts";
export { KvStoreAsync, openKvStoreAsync } from "./async_store.ts";
export { KV_ERRORS, KvError, type KvErrorName } from "./errors.ts";
