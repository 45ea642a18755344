/**
 * The column families of a KvStore, named as etcd names its buckets, in the order in which they
 * are to be given to the engine's opener. Family 0, the default, stays empty.
 */
export const KVSTORE_FAMILIES = ["key", "meta", "lease"] as const;

/** The family of the revisions: revision key → KeyValue. */
export const KEY_FAMILY = 1;
/** The family of what is known of the store as a whole, such as the compaction's markers. */
export const META_FAMILY = 2;
/** The family of the leases: id → Lease. */
export const LEASE_FAMILY = 3;
