import { checkWatchFields } from "./check_fields.ts";
import { compareBytes } from "../bytes.ts";
import { isFromKey, isInRange } from "./key_range.ts";
import { KV_ERRORS } from "./errors.ts";
import type { KeyValue } from "./key_value.ts";
import type { WatchCreateRequest, WatchResponse } from "./messages.ts";

/** Responses that wait for a watcher at most, as in etcd; one that falls behind further is slow. */
export const WATCH_BUFFER = 1024;

/** A change of a transaction. */
export interface Change {
  readonly kv: KeyValue;
  readonly tombstone: boolean;
}

/** The changes of one transaction that a watcher is to report; none where it is to tell its progress. */
interface WatchBatch {
  readonly revision: number;
  readonly changes: readonly Change[];
}

/**
 * Where a watch stands. It is synced while every change that concerns it since its start was
 * reported or waits in its buffer; where the buffer is full it is slow, and reads from the store
 * what it missed once its buffer was taken.
 */
export class WatchPosition {
  readonly request: WatchCreateRequest;
  /** The first revision that was neither reported nor put into the buffer. */
  nextRevision: number;
  readonly buffer: WatchBatch[] = [];
  synced: boolean;
  canceled = false;
  /** Parts of a response that are still to be given. */
  readonly fragments: WatchResponse[] = [];
  /** Whether nothing was reported since its progress was last asked for. */
  isQuiet = true;
  /** Why it is refused, in etcd's words: then it is to be cancelled at once. */
  readonly refusal: string | undefined;
  /** Its id; −1 where it is refused. */
  readonly id: bigint;

  /** @param id Its id, or `undefined` where another watch has the one that is asked for. */
  constructor(request: WatchCreateRequest, id: bigint | undefined, currentRevision: number) {
    this.request = request;
    const { key, rangeEnd } = request;
    const start = request.startRevision ?? 0;
    const isEmpty = rangeEnd !== undefined && rangeEnd.length > 0 && !isFromKey(rangeEnd) &&
      compareBytes(key, rangeEnd) >= 0;
    this.refusal = start < 0
      ? KV_ERRORS.Compacted[2]
      : isEmpty
      ? "mvcc: watcher range is empty"
      : id === undefined
      ? "mvcc: duplicate watch ID provided on the WatchStream"
      : undefined;
    this.id = this.refusal === undefined ? id! : -1n;
    this.synced = start === 0 || start > currentRevision;
    this.nextRevision = start === 0 ? currentRevision + 1 : start;
  }

  /** Whether a change is one to report. */
  wants(change: Change): boolean {
    const { key, rangeEnd, filters } = this.request;
    return !filters?.includes(change.tombstone ? "NODELETE" : "NOPUT") &&
      isInRange(change.kv.key, key, rangeEnd);
  }
}

/** The watches of a store, to be told of every transaction. */
export class WatchHub {
  readonly #positions = new Set<WatchPosition>();
  /** The ids of those that were not refused. */
  readonly #ids = new Set<bigint>();
  #nextId = 0n;
  readonly #wakers = new Set<() => void>();

  /** Whether there is any watch. */
  get active(): boolean {
    return this.#positions.size > 0;
  }

  /**
   * Begins a watch. The empty key stands for the smallest, as in etcd.
   *
   * @throws {KvError} InvalidArgument.
   */
  begin(request: WatchCreateRequest, currentRevision: number): WatchPosition {
    checkWatchFields(request);
    const key = request.key?.length > 0 ? request.key.slice() : new Uint8Array(1);
    const id = this.#idFor(request.watchId ?? 0n);
    const position = new WatchPosition({ ...request, key }, id, currentRevision);
    this.#positions.add(position);
    if (position.refusal !== undefined) return position;
    this.#ids.add(position.id);
    if (!request.watchId) this.#nextId = position.id + 1n;
    return position;
  }

  /** The id that is asked for, or the next one where it is 0; `undefined` where a watch has it. */
  #idFor(asked: bigint): bigint | undefined {
    if (asked !== 0n) return this.#ids.has(asked) ? undefined : asked;
    while (this.#ids.has(this.#nextId)) this.#nextId++;
    return this.#nextId;
  }

  /** Removes a watch, and what waits for it. */
  remove(position: WatchPosition): void {
    position.canceled = true;
    position.buffer.length = 0;
    position.fragments.length = 0;
    if (this.#positions.delete(position) && position.refusal === undefined) {
      this.#ids.delete(position.id);
    }
    this.wake();
  }

  /** Ends all watches. */
  close(): void {
    for (const position of [...this.#positions]) this.remove(position);
  }

  /** A promise for the next moment at which a watch may have something to report. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#wakers.add(resolve));
  }

  /** Lets all who wait look again. */
  wake(): void {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }

  /** Tells the watches of a transaction. */
  notify(revision: number, changes: readonly Change[]): void {
    for (const position of this.#positions) {
      const isBehind = !position.synced || revision < position.nextRevision;
      if (isBehind || position.refusal !== undefined) continue;
      const wanted = changes.filter((change) => position.wants(change));
      if (wanted.length > 0) {
        if (position.buffer.length >= WATCH_BUFFER) {
          position.synced = false;
          continue;
        }
        position.buffer.push({ revision, changes: wanted });
      }
      position.nextRevision = revision + 1;
    }
    this.wake();
  }

  /**
   * Lets those that asked for it tell their progress, where they have reported nothing since they were
   * last asked, and nothing is left to be read.
   */
  notifyProgress(revision: number): void {
    for (const position of this.#positions) {
      const { request, buffer, isQuiet, synced } = position;
      if (!request.progressNotify || position.refusal !== undefined) continue;
      position.isQuiet = true;
      // Nobody is told of a revision before the one from which he watches.
      const isThere = (request.startRevision ?? 0) <= revision;
      if (isQuiet && synced && isThere && buffer.length < WATCH_BUFFER) {
        buffer.push({ revision, changes: [] });
      }
    }
    this.wake();
  }
}
