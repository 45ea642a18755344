import type { AsyncDriver } from "./async_driver.ts";
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
import type { AsyncWatch, KvRequests } from "./etcd_contract.ts";
import type * as m from "./messages.ts";
import { range } from "./range.ts";
import type { KvState } from "./state.ts";
import type { Program } from "./steps.ts";
import { deleteRange, put, txn } from "./txn.ts";
import { pollWatch } from "./watching.ts";

/** {@linkcode KvRequests} to a {@linkcode KvStoreAsync}. */
export class EtcdAsync implements KvRequests<"async"> {
  readonly #state: KvState;
  readonly #driver: AsyncDriver;
  readonly #check: () => void;
  #compacting: Promise<unknown> = Promise.resolve();

  /** @param check Throws where the store is closed. */
  constructor(state: KvState, driver: AsyncDriver, check: () => void) {
    this.#state = state;
    this.#driver = driver;
    this.#check = check;
  }

  async #write<T>(program: () => Program<T>): Promise<T> {
    this.#check();
    return await this.#driver.write(program);
  }

  async #transact<T>(program: () => Program<T>): Promise<T> {
    this.#check();
    return await this.#driver.transact(program);
  }

  async #read<T>(program: Program<T>): Promise<T> {
    this.#check();
    return await this.#driver.read(program);
  }

  put(request: m.PutRequest): Promise<m.PutResponse> {
    return this.#transact(() => put(this.#state, request));
  }

  range(request: m.RangeRequest): Promise<m.RangeResponse> {
    return this.#read(range(this.#state, request));
  }

  deleteRange(request: m.DeleteRangeRequest): Promise<m.DeleteRangeResponse> {
    return this.#transact(() => deleteRange(this.#state, request));
  }

  txn(request: m.TxnRequest): Promise<m.TxnResponse> {
    return this.#transact(() => txn(this.#state, request));
  }

  async compact({ revision }: m.CompactionRequest): Promise<m.CompactionResponse> {
    const kept = await this.#write(() => scheduleCompaction(this.#state, revision));
    const header = this.#state.header();
    const turn = this.#compacting.then(async () => {
      const batch = (from?: Uint8Array) =>
        this.#driver.write(() => compactBatch(revision, kept, from));
      let from = await batch();
      while (from !== undefined) from = await batch(from);
    });
    this.#compacting = turn.catch(() => {});
    await turn;
    return { header };
  }

  /** Resolves when no compaction is under way. */
  async compacted(): Promise<void> {
    await this.#compacting;
  }

  leaseGrant(request: m.LeaseGrantRequest): Promise<m.LeaseGrantResponse> {
    return this.#write(() => leaseGrant(this.#state, request));
  }

  leaseRevoke(id: bigint): Promise<m.LeaseRevokeResponse> {
    return this.#write(() => leaseRevoke(this.#state, id));
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

  expireLeases(): Promise<bigint[]> {
    return this.#write(() => expireLeases(this.#state));
  }

  watch(request: m.WatchCreateRequest): AsyncWatch {
    this.#check();
    const { watches } = this.#state;
    const position = watches.begin(request, this.#state.currentRevision);
    const next = async (): Promise<m.WatchResponse | undefined> => {
      while (!position.canceled) {
        const response = await this.#read(pollWatch(this.#state, position));
        if (response !== undefined) return response;
        // Something may have been written, or the watch ended, while the read went on.
        const isIdle = position.synced && position.buffer.length === 0 && !position.canceled;
        if (isIdle) await watches.changed();
      }
      return undefined;
    };
    return { id: position.id, next, cancel: () => watches.remove(position) };
  }

  notifyProgress(): void {
    this.#check();
    this.#state.watches.notifyProgress(this.#state.currentRevision);
  }

  hashKv(revision = 0): Promise<m.HashKvResponse> {
    return this.#write(() => hashKv(this.#state, revision));
  }
}
