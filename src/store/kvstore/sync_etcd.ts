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
import type { KvRequests, SyncWatch } from "./etcd_contract.ts";
import type * as m from "./messages.ts";
import { range } from "./range.ts";
import type { KvState } from "./state.ts";
import type { Program } from "./steps.ts";
import type { SyncDriver } from "./sync_driver.ts";
import { deleteRange, put, txn } from "./txn.ts";
import { pollWatch } from "./watching.ts";

/** {@linkcode KvRequests} to a {@linkcode KvStoreSync}. */
export class EtcdSync implements KvRequests<"sync"> {
  readonly #state: KvState;
  readonly #driver: SyncDriver;
  readonly #check: () => void;

  /** @param check Throws where the store is closed. */
  constructor(state: KvState, driver: SyncDriver, check: () => void) {
    this.#state = state;
    this.#driver = driver;
    this.#check = check;
  }

  #run<T>(program: Program<T>): T {
    this.#check();
    return this.#driver.run(program);
  }

  put(request: m.PutRequest): m.PutResponse {
    return this.#run(put(this.#state, request));
  }

  range(request: m.RangeRequest): m.RangeResponse {
    return this.#run(range(this.#state, request));
  }

  deleteRange(request: m.DeleteRangeRequest): m.DeleteRangeResponse {
    return this.#run(deleteRange(this.#state, request));
  }

  txn(request: m.TxnRequest): m.TxnResponse {
    return this.#run(txn(this.#state, request));
  }

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

  leaseGrant(request: m.LeaseGrantRequest): m.LeaseGrantResponse {
    return this.#run(leaseGrant(this.#state, request));
  }

  leaseRevoke(id: bigint): m.LeaseRevokeResponse {
    return this.#run(leaseRevoke(this.#state, id));
  }

  leaseKeepAlive(id: bigint): m.LeaseKeepAliveResponse {
    this.#check();
    return leaseKeepAlive(this.#state, id);
  }

  leaseTimeToLive(request: m.LeaseTimeToLiveRequest): m.LeaseTimeToLiveResponse {
    this.#check();
    return leaseTimeToLive(this.#state, request);
  }

  leaseLeases(): m.LeaseLeasesResponse {
    this.#check();
    return leaseLeases(this.#state);
  }

  expireLeases(): bigint[] {
    return this.#run(expireLeases(this.#state));
  }

  watch(request: m.WatchCreateRequest): SyncWatch {
    this.#check();
    const position = this.#state.watches.begin(request, this.#state.currentRevision);
    return {
      id: position.id,
      poll: () => this.#run(pollWatch(this.#state, position)),
      cancel: () => this.#state.watches.remove(position),
    };
  }

  notifyProgress(): void {
    this.#check();
    this.#state.watches.notifyProgress(this.#state.currentRevision);
  }

  hashKv(revision = 0): m.HashKvResponse {
    return this.#run(hashKv(this.#state, revision));
  }
}
