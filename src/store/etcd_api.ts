/** What a store that serves etcd's requests can do beside the contract, as far as loads ask for it. */
import type { Slice } from "./slice.ts";

/** A key as it is at a revision. */
export interface KeyVersion {
  /** The revision at which it was written last. */
  modRevision: number;
  /** Bytes of its value. */
  bytes: number;
}

/** A change of a watched key. */
export interface KeyChange {
  kind: "put" | "delete";
  /** Of the change itself. */
  modRevision: number;
}

/** etcd's requests to a store. Slices may be filled anew as soon as a promise is returned. */
export interface EtcdApi {
  /** The newest revision that was heard of. */
  readonly revision: number;
  /**
   * Reads a key as it was at a revision; 0 is now.
   *
   * @returns `undefined` where it was not there.
   */
  read(key: Slice, revision: number): Promise<KeyVersion | undefined>;
  /**
   * Puts a key if it was written last at a revision, by a transaction with that condition, which reads the
   * key where it does not hold.
   *
   * @returns Whether it was put; and the revision of the put, or of what is there, 0 where nothing is.
   */
  swap(
    key: Slice,
    modRevision: number,
    value: Slice,
  ): Promise<{ succeeded: boolean; modRevision: number }>;
  /** Puts a key, with a lease where one is given. @returns The revision of the put. */
  put(key: Slice, value: Slice, lease?: bigint): Promise<number>;
  /** Grants a lease. @returns Its id, and for how long it was granted. */
  grant(seconds: number): Promise<{ id: bigint; seconds: number }>;
  /**
   * Watches a key from now on.
   *
   * @param tell Called with each change, in their order.
   * @param failed Called where the watch ends by itself.
   * @returns Once it is there, what ends it.
   */
  watch(
    key: Slice,
    tell: (change: KeyChange) => void,
    failed: (error: Error) => void,
  ): Promise<() => void>;
  /** Drops what only revisions below one need, and waits until that is done. */
  compact(revision: number): Promise<void>;
}
