/**
 * The contract of etcd's requests to a KvStore, in a synchronous and an asynchronous form; `contract.ts`
 * has the plain one, over the same keys. `messages.ts` says what each field of a request means.
 *
 * A store begins at revision 1 and was compacted nowhere. Each transaction that changes something is
 * one new revision, whatever the number of its changes; what changes nothing has none. Answers begin
 * with a header that has the store's revision as the request was applied.
 *
 * A request that is refused has changed nothing, nor has one whose write the engine failed. What is
 * refused throws a {@linkcode KvError}, named here by etcd's own name for it; a record that is gone
 * or damaged is Corrupt in all that read it. Once the store is closed everything throws a StoreError.
 * In the asynchronous form errors come through the promise, where there is one.
 *
 * Of several reasons to refuse a request the one is named that etcd 3.6 names: InvalidArgument before
 * all else, then what is wrong in its form, its operations in their order, then its size, and only
 * then what the store has. etcd 3.4 looks at all puts of a transaction before its ranges.
 *
 * What is left out of etcd's API: its Auth, Cluster and Maintenance services but for HashKV; a
 * request for progress that a client sends (WatchProgressRequest), and the response that says that a
 * watch was created; of a range `serializable`, of a compaction `physical`, since here every range is
 * answered, and every compaction done, as if they were asked for; what headers have besides the revision.
 *
 * Revisions, limits and seconds are whole numbers of 64 bits, ids bigints of 64 bits; others are
 * refused as InvalidArgument, as are names that are none of the listed ones. The bytes of a request are the caller's again when
 * it was answered; until then they stay as they are. Those of an answer are its own, but that what a
 * transaction has put is what its own ranges answer with.
 */
import type * as m from "./messages.ts";

/** Whether an operation returns when it is done, or at once and ends through a promise. */
type KvForm = "sync" | "async";

/** What an operation returns that may wait for the engine. */
type Awaitable<F extends KvForm, T> = F extends "sync" ? T : Promise<T>;

/** Reading. In the asynchronous form reads run beside writes, and see the last one that was done. */
interface KvReads<F extends KvForm> {
  /**
   * Reads keys, at the current revision or an older one.
   *
   * - The range: a `rangeEnd` that is absent or empty means the key alone; a single zero byte, all
   *   keys from `key` on, so that `"\0"` to `"\0"` is everything; one that is not above `key`,
   *   nothing. The key itself may not be empty.
   * - The revision: 0 or less is the current one, and the header has the current one whatever is
   *   asked for. The compacted revision itself can be read, those below it cannot.
   * - The limit: 0 or less is none. `more` says that it left some out; `count` has all keys of the
   *   range, the limit and the filters apart.
   * - `countOnly`: no keys, `more` false; order, filters and limit do not matter.
   * - `keysOnly`: empty values and all the rest. An order by VALUE is still that of the values.
   * - The order: by key, where none is asked for. Those equal in what they are ordered by stay in key
   *   order. A `sortTarget` other than KEY without a `sortOrder` sorts what the limit leaves, and one
   *   key more, upwards: the keys that are answered then depend on the limit, as in etcd.
   * - The filters (`minModRevision` …): bounds are included, 0 is none, and they come before the limit.
   * - Asked for no revision while the keys are written again and compacted, it answers as of now.
   *
   * @throws {KvError} InvalidArgument; EmptyKey, InvalidSortOption; Compacted, FutureRev.
   */
  range(request: m.RangeRequest): Awaitable<F, m.RangeResponse>;

  /**
   * Hashes all revisions up to one, without those that a compaction drops. Equal histories have equal
   * hashes, whether a compaction of them is done or only begun; etcd's are the same.
   *
   * - `compactRevision` is −1 before the first compaction.
   * - At the compacted revision itself there is a hash. etcd 3.4 refuses it there.
   * - In the asynchronous form it has its turn among the writes, and they wait for it.
   *
   * @param revision 0, less, or absent: the current one.
   * @throws {KvError} InvalidArgument; Compacted, FutureRev.
   */
  hashKv(revision?: number): Awaitable<F, m.HashKvResponse>;
}

/** Writing. In the asynchronous form writes are done one after the other, as they were asked for. */
interface KvWrites<F extends KvForm> {
  /**
   * Sets a key. It is a new revision though the value be the same as before.
   *
   * - Without a value it has the empty one; without a lease it is taken off the one that it had.
   * - `ignoreValue` and `ignoreLease` keep what the key has; it must be there.
   * - `prevKv` is absent from the answer where the key was not there.
   * - A lease whose time is over takes keys until it is revoked.
   * - 1.5 MiB of request are allowed, in protobuf's encoding.
   *
   * @throws {KvError} InvalidArgument; EmptyKey, ValueProvided, LeaseProvided, RequestTooLarge; LeaseNotFound,
   * KeyNotFound.
   */
  put(request: m.PutRequest): Awaitable<F, m.PutResponse>;

  /**
   * Removes the keys of a range, as {@linkcode KvReads.range} takes it, at one revision, and takes
   * them off their leases. Where there are none it is no error, and no new revision. A key that is
   * put again begins at version 1.
   *
   * @throws {KvError} InvalidArgument; EmptyKey, RequestTooLarge.
   */
  deleteRange(request: m.DeleteRangeRequest): Awaitable<F, m.DeleteRangeResponse>;

  /**
   * Drops what only revisions below one need: of every key the last change up to it stays, unless
   * that was a delete below it. When it is done, so are the deletes on disk; one that a crash has
   * broken off is finished when the store is opened.
   *
   * - The current revision can be compacted; 0 can be once, and drops nothing.
   * - It makes no new revision, and the header has that at which it began.
   * - In the asynchronous form other requests are served between its batches. What they ask for below
   *   the revision is refused from its beginning on.
   *
   * @throws {KvError} InvalidArgument; Compacted, at or below the last compaction's revision; FutureRev.
   */
  compact(request: m.CompactionRequest): Awaitable<F, m.CompactionResponse>;
}

/** Several operations as one. */
interface KvTransactions<F extends KvForm> {
  /**
   * Does one of two lists of operations at one revision, as its conditions hold or not.
   *
   * - No conditions hold. An operation without a member is KeyNotFound, as in etcd. A condition on a range holds where it does for every key there. A key that
   *   is not there, or a range without any, is compared as zeros; its value is not comparable, so
   *   that no condition on it holds, NOT_EQUAL included.
   * - All conditions see the store as it was before, those of nested transactions too.
   * - Operations are done in their order, and ranges among them see what those before have changed.
   *   They may not ask for the revision that is being made. A negative revision is refused as
   *   Compacted where it is below the last compaction's, which is −1 where there was none.
   * - A key is put once at most, and not where it is deleted. Both lists of a nested transaction may
   *   put it. A delete to the end `"\0"` covers no key to this check, and a put of one nested
   *   transaction with a delete of a later one passes, as in etcd.
   * - 128 conditions and 128 operations of either list are allowed, and nested transactions have what
   *   theirs leaves. The size of a transaction of ranges alone does not matter.
   * - The header has the new revision, or the current one where nothing was changed; of a nested
   *   transaction it has 0.
   *
   * @throws {KvError} InvalidArgument; TooManyOps, KeyNotFound, DuplicateKey, RequestTooLarge, and what its operations do.
   */
  txn(request: m.TxnRequest): Awaitable<F, m.TxnResponse>;
}

/**
 * Leases, by the clock that the store was opened with. What only reads or renews one waits for
 * nothing, in either form. A lease lives until it is revoked, and nothing revokes it by itself:
 * {@linkcode KvLeases.expireLeases} is to be called.
 */
interface KvLeases<F extends KvForm> {
  /**
   * Makes a lease, which is no new revision.
   *
   * - An id that is absent or 0 is chosen: positive, and no other's. A negative one may be given.
   * - Less than 2 s are granted as 2 s, as etcd has it by default; 9,000,000,000 s at most.
   *
   * @throws {KvError} InvalidArgument; LeaseExists, LeaseTTLTooLarge.
   */
  leaseGrant(request: m.LeaseGrantRequest): Awaitable<F, m.LeaseGrantResponse>;

  /**
   * Revokes a lease, and removes the keys attached to it, in their order at one new revision; without
   * keys there is none.
   *
   * @throws {KvError} InvalidArgument; LeaseNotFound.
   */
  leaseRevoke(id: bigint): Awaitable<F, m.LeaseRevokeResponse>;

  /**
   * Starts a lease's time anew. One that is not there, or whose time is over, answers 0 s and is no
   * error. Nothing is written: after a restart every lease has the whole of its time again.
   *
   * @throws {KvError} InvalidArgument.
   */
  leaseKeepAlive(id: bigint): m.LeaseKeepAliveResponse;

  /**
   * How long a lease has to live, in whole seconds, cut towards zero. Of one whose time is over that
   * is 0 or less; of one that is not there it is −1, and `grantedTtl` 0. Keys are answered where they
   * are asked for.
   *
   * @throws {KvError} InvalidArgument.
   */
  leaseTimeToLive(request: m.LeaseTimeToLiveRequest): m.LeaseTimeToLiveResponse;

  /** All leases that were not revoked, those whose time is over too. */
  leaseLeases(): m.LeaseLeasesResponse;

  /**
   * Revokes the leases whose time is over, each by itself; to be called now and then, etcd does it
   * every 500 ms.
   *
   * @returns Their ids, the one that expired first in front.
   */
  expireLeases(): Awaitable<F, bigint[]>;
}

/** Watching. */
interface KvWatches<F extends KvForm> {
  /**
   * Watches keys, a range as {@linkcode KvReads.range} takes it, but that the empty key stands for
   * the smallest. Puts and deletes by the plain contract are reported too.
   *
   * - From revision 0: what comes next. One that is not there yet: from there on. One that is there
   *   already: what has been since is read from the store first.
   * - From below the compacted revision, it is cancelled with that in `compactRevision`, and so is
   *   one that has fallen behind when what it still needs is compacted. From that revision itself,
   *   it has each key's last change there, since others of the same revision are gone.
   * - A range that holds no key is cancelled, with etcd's reason for it. Both come as its last
   *   response, not as an error.
   * - A response has whole revisions, in their order, and no events only where it tells progress. It has one of them, unless
   *   the watch was behind: it lets 1024 wait, reads what it missed beyond, and then has up to 1000
   *   at once. No change is left out, or reported twice.
   * - `prevKv` is absent where the key was not there before, or where that is compacted.
   * - Nothing comes once it was cancelled, though something waited.
   * - All watches of a store have ids, as those of one of etcd's streams. One that is asked for may be
   *   negative; where another watch has it the new one is cancelled, with etcd's reason for it. What
   *   was refused has the id −1. An id that was a cancelled watch's may be asked for again.
   * - A start below 0 is cancelled as compacted, in etcd's words, as in 3.6.
   * - `fragment`: where a response has 2 MiB in protobuf's encoding, which are etcd's by default, it
   *   comes in parts below that, of one event at least; all but the last say so. Without it, however
   *   large it is, it comes whole.
   * - `progressNotify`: as {@linkcode KvWatches.notifyProgress} says.
   *
   * @throws {KvError} InvalidArgument.
   */
  watch(request: m.WatchCreateRequest): F extends "sync" ? SyncWatch : AsyncWatch;

  /**
   * Tells every watch with `progressNotify` that has reported nothing since the last call how far it
   * is: its next response has no events, and the revision up to which it has reported all. One that is
   * behind, or begins at a revision that is not there yet, is told nothing. To be called now and then,
   * as nothing tells it by itself; etcd does it every 10 minutes.
   */
  notifyProgress(): void;
}

/** A watch of a store that returns at once: it is asked, and never calls. */
export interface SyncWatch {
  /** Its id; −1 where it is refused. */
  readonly id: bigint;
  /**
   * The next response, or `undefined` where there is none now, or the watch has ended.
   *
   * @throws {StoreError} Once the store is closed.
   */
  poll(): m.WatchResponse | undefined;
  /** Ends the watch. Ending it twice is harmless. */
  cancel(): void;
}

/** A watch of a store whose operations end through promises. */
export interface AsyncWatch {
  /** Its id; −1 where it is refused. */
  readonly id: bigint;
  /**
   * The next response, once there is one; `undefined` when the watch has ended, as it has with its
   * store. To be called again only after the promise has been resolved.
   */
  next(): Promise<m.WatchResponse | undefined>;
  /** Ends the watch, and what waits for it. Ending it twice is harmless. */
  cancel(): void;
}

/** All of etcd's requests. Methods are named as in `rpc.proto`. */
export interface KvRequests<F extends KvForm>
  extends KvReads<F>, KvWrites<F>, KvTransactions<F>, KvLeases<F>, KvWatches<F> {}
