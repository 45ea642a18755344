/** What an engine tells of what it did beside the operations, summed up by kinds. */
import type { EngineEvent, Store } from "../../store/mod.ts";

/** Events of one kind. */
export interface EventTotal {
  count: number;
  /** What they took together; of several at once all. What was before the measuring is left out. */
  ns: number;
  /** That they wrote, as far as it is known. */
  bytes: number;
}

/** Kinds that were not told are absent. */
export type EngineEvents =
  & Partial<Record<Exclude<EngineEvent["kind"], "lost">, EventTotal>>
  & {
    /** Events that the engine did not keep until they were asked for; absent where there are none. */
    lost?: number;
  };

/** Sums up events from a moment on. */
export class EventTally {
  readonly #store: Store;
  readonly #fromNs: number;
  readonly #totals: EngineEvents = {};
  /** The longest that have ended since they were asked for, but for syncs: there may be one a write. */
  #ended: EngineEvent[] = [];

  /** @param fromNs By the system's monotonic clock. */
  constructor(store: Store, fromNs: number) {
    this.#store = store;
    this.#fromNs = fromNs;
    this.#take();
  }

  /** What has ended since then; `undefined` of an engine that tells no events. */
  totals(): EngineEvents | undefined {
    const told = this.#take();
    return told ? structuredClone(this.#totals) : undefined;
  }

  /** The longest events that have ended since the last time, of what is no sync. */
  takeEnded(): EngineEvent[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** @returns Whether the engine tells events. */
  #take(): boolean {
    const { api } = this.#store;
    if (api !== "sync" || this.#store.takeEvents === undefined) return false;
    for (const event of this.#store.takeEvents()) {
      const { kind, beginNs, endNs, bytes } = event;
      // What fell out of the ring has no time of its own.
      if (kind === "lost") {
        if (endNs > this.#fromNs) this.#totals.lost = (this.#totals.lost ?? 0) + bytes;
        continue;
      }
      if (endNs <= this.#fromNs) continue;
      const total = this.#totals[kind] ??= { count: 0, ns: 0, bytes: 0 };
      total.count++;
      total.ns += Math.max(0, endNs - Math.max(beginNs, this.#fromNs));
      total.bytes += bytes;
      if (kind !== "sync") this.#ended.push(event);
    }
    this.#ended = longest(this.#ended);
    return true;
  }
}

/** Events of a window that are kept one by one. */
const KEPT = 16;

/** The longest of some events. */
export function longest(events: readonly EngineEvent[]): EngineEvent[] {
  const length = ({ beginNs, endNs }: EngineEvent) => endNs - beginNs;
  return events.toSorted((a, b) => length(b) - length(a)).slice(0, KEPT);
}
