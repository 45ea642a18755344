/** How to open a KvStore. */
export interface KvStoreOptions {
  /** The clock by which leases expire, ms. @default performance.now */
  now?: () => number;
}

/** The clock that options name. */
export function clockOf(options: KvStoreOptions): () => number {
  return options.now ?? (() => performance.now());
}
