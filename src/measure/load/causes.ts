/** What overlapped the slow operations of a load: why they may have been slow. */
import { LOAD_OPERATIONS, type SlowCause } from "../../workload/mod.ts";
import type { SlowOperation } from "./slow.ts";

/**
 * What goes on beside operations, or does not, at each look. `runQueue`: a client's thread waited a
 * millisecond or more for a processor; `hiccup`: a thread that only sleeps was held up; `stall`: writes are stopped or delayed by the engine; `memtable`:
 * another one took its place; `flush`, `compaction`, by the engine; `collection`: V8 collected what a
 * client's isolate no longer uses; `steal`: the hypervisor gave the processors' time to others.
 */
export const ACTIVITIES = [
  "runQueue",
  "hiccup",
  "stall",
  "collection",
  "memtable",
  "flush",
  "compaction",
  "steal",
] as const;
/** One of them. */
export type Activity = (typeof ACTIVITIES)[number];

/** Whether a cause is something that goes on or not at any time. */
export function isActivity(cause: SlowCause): cause is Activity {
  return ACTIVITIES.some((activity) => activity === cause);
}

/**
 * What a look tells of the time since the look before, where the others are told of its moment: it was
 * over by the look, and is none of what follows.
 */
const SINCE_LAST = ["runQueue", "collection", "memtable", "steal"] as const satisfies Activity[];

/** Activities as bits, by their places: looks come 50 times a second, and leave little behind. */
type Bits = number;

const bitOf = (activity: Activity): Bits => 1 << ACTIVITIES.indexOf(activity);

const SINCE_LAST_BITS = SINCE_LAST.reduce((bits, activity) => bits | bitOf(activity), 0);

/** Each set of activities, once. */
const SETS: readonly ReadonlySet<Activity>[] = Array.from(
  { length: 1 << ACTIVITIES.length },
  (_, bits) => new Set(ACTIVITIES.filter((activity) => (bits & bitOf(activity)) !== 0)),
);

/** A stretch of time between two looks, and what went on in it or at either end. */
interface Stretch {
  from: number;
  to: number;
  on: Bits;
}

/** What went on, as it was looked at now and then. */
export class Timeline {
  readonly #stretches: Stretch[] = [];
  /** For how long each went on, ns. */
  readonly #ns = new Float64Array(ACTIVITIES.length);
  /** Those that looks told of at all, whether they went on or not. */
  #known: Bits = 0;
  #all = 0;
  #lastAt: number | undefined;
  /** What went on at the last look. */
  #lastOn: Bits = 0;

  /**
   * Takes down a look.
   *
   * @param states What goes on, and what does not, or did since the last look; what is not known is
   * absent.
   */
  look(at: number, states: Partial<Record<Activity, boolean>>): void {
    let on = 0;
    for (let i = 0; i < ACTIVITIES.length; i++) {
      const state = states[ACTIVITIES[i]!];
      if (state === undefined) continue;
      this.#known |= 1 << i;
      if (state) on |= 1 << i;
    }
    const [before, either] = [this.#lastAt, this.#lastOn | on];
    this.#lastAt = at;
    this.#lastOn = on & ~SINCE_LAST_BITS;
    if (before === undefined || at <= before) return;
    this.#all += at - before;
    for (let i = 0; i < ACTIVITIES.length; i++) {
      if ((either & (1 << i)) !== 0) this.#ns[i]! += at - before;
    }
    this.#stretches.push({ from: before, to: at, on: either });
  }

  /** When it was looked last. */
  get end(): number | undefined {
    return this.#lastAt;
  }

  /** Forgets what was before a moment; the shares keep it. */
  forget(before: number): void {
    const first = this.#stretches.findIndex(({ to }) => to >= before);
    this.#stretches.splice(0, first < 0 ? this.#stretches.length : first);
  }

  /** For what share of the time something went on; `null` where that is not known. */
  share(activity: Activity): number | null {
    return (this.#known & bitOf(activity)) !== 0 && this.#all > 0
      ? this.#ns[ACTIVITIES.indexOf(activity)]! / this.#all
      : null;
  }

  /** For what share of a stretch each went on, as far as it is remembered; what is not known is absent. */
  sharesOf(from: number, to: number): Partial<Record<Activity, number>> {
    const shares: Partial<Record<Activity, number>> = {};
    for (const activity of this.known) {
      const bit = bitOf(activity);
      const ns = this.#stretches.reduce((sum, stretch) => {
        if ((stretch.on & bit) === 0) return sum;
        return sum + Math.max(0, Math.min(stretch.to, to) - Math.max(stretch.from, from));
      }, 0);
      shares[activity] = Math.round(1000 * ns / (to - from)) / 1000;
    }
    return shares;
  }

  /** What went on at a moment; after the last look, what did then. */
  at(moment: number): ReadonlySet<Activity> {
    const stretch = this.#stretches.findLast(({ from, to }) => from <= moment && moment <= to);
    return SETS[stretch?.on ?? this.#lastOn]!;
  }

  /** What is known to go on or not. */
  get known(): readonly Activity[] {
    return [...SETS[this.#known]!];
  }

  /** What went on between two moments. */
  between(from: number, to: number): ReadonlySet<Activity> {
    let met = 0;
    // What is asked for is among the last, of thousands.
    for (let i = this.#stretches.length - 1; i >= 0; i--) {
      const stretch = this.#stretches[i]!;
      if (stretch.to <= from) break;
      if (stretch.from < to) met |= stretch.on;
    }
    return SETS[met]!;
  }
}

/** Share of an operation's time from which on something of its own thread is what made it slow. */
const MOST_OF_IT = 1 / 2;

/** What is held for the cause of what it overlaps, and whether of writes alone. */
const OVERLAPPING = [
  ["memtable", true],
  ["flush", false],
  ["compaction", false],
  ["steal", false],
] as const satisfies readonly (readonly [Activity, boolean])[];

/**
 * Why an operation was slow. What its own thread did for most of its time comes first, then a stop of
 * writes, and what overlapped it last. That something overlapped proves nothing by itself: shares of
 * causes are held against how often each went on anyway.
 *
 * @param synced Whether the store syncs its log at each write.
 * @param held For how much of the operation's time a thread that only sleeps was held up, ns.
 */
export function causeOf(
  slow: SlowOperation,
  beside: Timeline,
  synced = false,
  held: number | null = null,
): SlowCause {
  const { operation, started, ns, waited, blocked, late, collected } = slow;
  const most = MOST_OF_IT * (ns + late);
  if (waited !== null && waited >= most) return "runQueue";
  // What takes processors away holds up one that only sleeps, too, and clients before they begin.
  const machine = held !== null && held >= most;
  if (machine || late >= most) {
    if (!machine && collected) return "collection";
    if (beside.between(started - late, started + ns).has("steal")) return "steal";
    return machine ? "hiccup" : "generator";
  }
  const on = beside.between(started, started + ns);
  // What holds up writes holds up no read.
  const { writes } = LOAD_OPERATIONS[operation];
  if (writes && on.has("stall")) return "stall";
  if (writes && synced && blocked !== null && blocked >= most) return "fsync";
  // One in a thread that had nothing to do for most of that time held nothing up, as of a thread of many
  // operations in flight that all wait for the store.
  if (collected && (blocked === null || blocked < most)) return "collection";
  const [first] = OVERLAPPING.find(([each, ofWrites]) => on.has(each) && (writes || !ofWrites)) ??
    [];
  return first ?? "unknown";
}
