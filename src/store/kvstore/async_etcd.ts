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
import type * as m from "./messages.ts";
import { range } from "./range.ts";
import type { KvState } from "./state.ts";
import type { Program } from "./steps.ts";
import { deleteRange, put, txn } from "./txn.ts";
import { pollWatch } from "./watching.ts";
import { watchPosition } from "./watch_hub.ts";

/** A watch of a store whose operations end through promises. */
export interface AsyncWatch {
  /**
   * The next response, once there is one; `undefined` when the watch has ended. To be called again
   * only after the promise has been resolved.
   */
  next(): Promise<m.WatchResponse | undefined>;
  /** Ends the watch. */
  cancel(): void;
}

/** {@linkcode EtcdSync} of a {@linkcode KvStoreAsync}. */
export class EtcdAsync {
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

  /** Sets a key. */
  put(request: m.PutRequest): Promise<m.PutResponse> {
    return this.#transact(() => put(this.#state, request));
  }

  /** Reads keys. */
  range(request: m.RangeRequest): Promise<m.RangeResponse> {
    return this.#read(range(this.#state, request));
  }

  /** Removes keys. */
  deleteRange(request: m.DeleteRangeRequest): Promise<m.DeleteRangeResponse> {
    return this.#transact(() => deleteRange(this.#state, request));
  }

  /** Does several operations at one revision, as conditions hold or not. */
  txn(request: m.TxnRequest): Promise<m.TxnResponse> {
    return this.#transact(() => txn(this.#state, request));
  }

  /**
   * Drops what only older revisions need. It is done when the promise is resolved; other requests
   * are served between its batches.
   */
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

  /** Makes a lease. */
  leaseGrant(request: m.LeaseGrantRequest): Promise<m.LeaseGrantResponse> {
    return this.#write(() => leaseGrant(this.#state, request));
  }

  /** Revokes a lease, and removes the keys attached to it. */
  leaseRevoke(id: bigint): Promise<m.LeaseRevokeResponse> {
    return this.#write(() => leaseRevoke(this.#state, id));
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
  expireLeases(): Promise<bigint[]> {
    return this.#write(() => expireLeases(this.#state));
  }

  /** Watches keys. */
  watch(request: m.WatchCreateRequest): AsyncWatch {
    this.#check();
    const { watches } = this.#state;
    const position = watchPosition(request, this.#state.currentRevision);
    watches.add(position);
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
    return { next, cancel: () => watches.remove(position) };
  }

  /** Hashes the keys up to a revision; 0 is the current one. */
  hashKv(revision = 0): Promise<m.HashKvResponse> {
    return this.#write(() => hashKv(this.#state, revision));
  }
}
