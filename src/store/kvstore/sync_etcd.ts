import { compactBatch, scheduleCompaction } from "./compaction.ts";
import { hashKv } from "./hash.ts";
import {
  expireLeases,
  leaseGrant,
  leaseKeepAlive,
  leaseLeases,
  leaseRevoke,
  leaseTimeToLive,
} from "./leases.ts";
import type * as m from "./messages.ts";
import { range } from "./range.ts";
import type { KvState } from "./state.ts";
import type { Program } from "./steps.ts";
import { deleteRange, put, txn } from "./txn.ts";
import { pollWatch } from "./watching.ts";
import { watchPosition } from "./watch_hub.ts";

/** A watch of a store that returns at once: it is asked, and never calls. */
export interface SyncWatch {
  /** The next response, or `undefined` where there is none now, or the watch has ended. */
  poll(): m.WatchResponse | undefined;
  /** Ends the watch. */
  cancel(): void;
}

/**
 * etcd's services of a {@linkcode KvStoreSync}. Methods are named as in `rpc.proto` and throw
 * {@linkcode KvError}s; the messages tell what each field means.
 */
export class EtcdSync {
  readonly #state: KvState;
  readonly #run: <T>(program: Program<T>) => T;

  /** @param run Runs a program to its end. */
  constructor(state: KvState, run: <T>(program: Program<T>) => T) {
    this.#state = state;
    this.#run = run;
  }

  /** Sets a key. */
  put(request: m.PutRequest): m.PutResponse {
    return this.#run(put(this.#state, request));
  }

  /** Reads keys. */
  range(request: m.RangeRequest): m.RangeResponse {
    return this.#run(range(this.#state, request));
  }

  /** Removes keys. */
  deleteRange(request: m.DeleteRangeRequest): m.DeleteRangeResponse {
    return this.#run(deleteRange(this.#state, request));
  }

  /** Does several operations at one revision, as conditions hold or not. */
  txn(request: m.TxnRequest): m.TxnResponse {
    return this.#run(txn(this.#state, request));
  }

  /** Drops what only older revisions need. It is done when this returns. */
  compact({ revision }: m.CompactionRequest): m.CompactionResponse {
    const kept = this.#run(scheduleCompaction(this.#state, revision));
    const header = this.#state.header();
    for (
      let from = this.#run(compactBatch(revision, kept));
      from !== undefined;
      from = this.#run(compactBatch(revision, kept, from))
    );
    return { header };
  }

  /** Makes a lease. */
  leaseGrant(request: m.LeaseGrantRequest): m.LeaseGrantResponse {
    return this.#run(leaseGrant(this.#state, request));
  }

  /** Revokes a lease, and removes the keys attached to it. */
  leaseRevoke(id: bigint): m.LeaseRevokeResponse {
    return this.#run(leaseRevoke(this.#state, id));
  }

  /** Starts a lease's time anew. */
  leaseKeepAlive(id: bigint): m.LeaseKeepAliveResponse {
    return leaseKeepAlive(this.#state, id);
  }

  /** Asks how long a lease has to live. */
  leaseTimeToLive(request: m.LeaseTimeToLiveRequest): m.LeaseTimeToLiveResponse {
    return leaseTimeToLive(this.#state, request);
  }

  /** Asks for all leases. */
  leaseLeases(): m.LeaseLeasesResponse {
    return leaseLeases(this.#state);
  }

  /** Revokes the leases whose time is over; to be called now and then, etcd does it every 500 ms. */
  expireLeases(): bigint[] {
    return this.#run(expireLeases(this.#state));
  }

  /** Watches keys. */
  watch(request: m.WatchCreateRequest): SyncWatch {
    const position = watchPosition(request, this.#state.currentRevision);
    this.#state.watches.add(position);
    return {
      poll: () => this.#run(pollWatch(this.#state, position)),
      cancel: () => this.#state.watches.remove(position),
    };
  }

  /** Hashes the keys up to a revision; 0 is the current one. */
  hashKv(revision = 0): m.HashKvResponse {
    return this.#run(hashKv(this.#state, revision));
  }
}
