import { compareBytes, isFromKey, isInRange } from "./key_range.ts";
import type { KeyValue } from "./key_value.ts";
import type { WatchCreateRequest } from "./messages.ts";

/** Responses that wait for a watcher at most, as in etcd; one that falls behind further is slow. */
export const WATCH_BUFFER = 1024;

/** A change of a transaction. */
export interface Change {
  readonly kv: KeyValue;
  readonly tombstone: boolean;
}

/** The changes of one transaction that a watcher is to report. */
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
  /** Whether its range holds no key: then it is to be cancelled at once. */
  isEmpty: boolean;

  constructor(request: WatchCreateRequest, currentRevision: number) {
    this.request = request;
    const { key, rangeEnd } = request;
    const start = request.startRevision ?? 0;
    this.isEmpty = rangeEnd !== undefined && rangeEnd.length > 0 && !isFromKey(rangeEnd) &&
      compareBytes(key, rangeEnd) >= 0;
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

/** Where a watch begins. The empty key stands for the smallest, as in etcd. */
export function watchPosition(
  request: WatchCreateRequest,
  currentRevision: number,
): WatchPosition {
  const key = request.key.length > 0 ? request.key.slice() : new Uint8Array(1);
  return new WatchPosition({ ...request, key }, currentRevision);
}

/** The watches of a store, to be told of every transaction. */
export class WatchHub {
  readonly #positions = new Set<WatchPosition>();
  readonly #wakers = new Set<() => void>();

  /** Whether there is any watch. */
  get active(): boolean {
    return this.#positions.size > 0;
  }

  /** Adds a watch. */
  add(position: WatchPosition): void {
    this.#positions.add(position);
  }

  /** Removes a watch, and what waits for it. */
  remove(position: WatchPosition): void {
    position.canceled = true;
    position.buffer.length = 0;
    this.#positions.delete(position);
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
      if (!position.synced || revision < position.nextRevision) continue;
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
}
