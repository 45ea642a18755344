/** What overlapped the slow operations of a load: why they may have been slow. */
import { LOAD_OPERATIONS } from "../../workload/mod.ts";
import type { SlowOperation } from "./slow.ts";

/**
 * What goes on beside operations, in the order in which it is held for the cause of one that overlaps
 * several: `stall`, writes are stopped or delayed by the engine; `flush`, `compaction`, by the engine;
 * `steal`, the hypervisor gave the processors' time to others.
 */
export const ACTIVITIES = ["stall", "flush", "compaction", "steal"] as const;
/** One of them. */
export type Activity = (typeof ACTIVITIES)[number];

/** Why an operation was slow: what went on meanwhile; or its thread waited for a processor. */
export const CAUSES = ["runQueue", ...ACTIVITIES, "unknown"] as const;
/** A cause by its name; the same as in results. */
export type Cause = (typeof CAUSES)[number];

/** A stretch of time between two looks, and what went on at either end of it. */
interface Stretch {
  from: number;
  to: number;
  on: ReadonlySet<Activity>;
}

/** What went on, as it was looked at now and then. */
export class Timeline {
  readonly #stretches: Stretch[] = [];
  readonly #ns = new Map<Activity, number>();
  /** Looks that told of an activity at all, whether it went on or not. */
  readonly #known = new Set<Activity>();
  #all = 0;
  #last: { at: number; on: ReadonlySet<Activity> } | undefined;

  /**
   * Takes down a look.
   *
   * @param states What goes on, and what does not; what is not known is absent.
   */
  look(at: number, states: Partial<Record<Activity, boolean>>): void {
    const on = new Set<Activity>();
    for (const activity of ACTIVITIES) {
      if (states[activity] === undefined) continue;
      this.#known.add(activity);
      if (states[activity]) on.add(activity);
    }
    const before = this.#last;
    this.#last = { at, on };
    if (before === undefined || at <= before.at) return;
    const either = new Set([...before.on, ...on]);
    this.#all += at - before.at;
    for (const activity of either) {
      this.#ns.set(activity, (this.#ns.get(activity) ?? 0) + at - before.at);
    }
    this.#stretches.push({ from: before.at, to: at, on: either });
  }

  /** When it was looked last. */
  get end(): number | undefined {
    return this.#last?.at;
  }

  /** Forgets what was before a moment; the shares keep it. */
  forget(before: number): void {
    const first = this.#stretches.findIndex(({ to }) => to >= before);
    this.#stretches.splice(0, first < 0 ? this.#stretches.length : first);
  }

  /** For what share of the time something went on; `null` where that is not known. */
  share(activity: Activity): number | null {
    return this.#known.has(activity) && this.#all > 0
      ? (this.#ns.get(activity) ?? 0) / this.#all
      : null;
  }

  /** What went on at a moment; after the last look, what did then. */
  at(moment: number): ReadonlySet<Activity> {
    const stretch = this.#stretches.findLast(({ from, to }) => from <= moment && moment <= to);
    return stretch?.on ?? this.#last?.on ?? new Set();
  }

  /** What is known to go on or not. */
  get known(): readonly Activity[] {
    return ACTIVITIES.filter((activity) => this.#known.has(activity));
  }

  /** What went on between two moments. */
  between(from: number, to: number): ReadonlySet<Activity> {
    const met = this.#stretches.filter((stretch) => stretch.from < to && stretch.to > from);
    return new Set(met.flatMap(({ on }) => [...on]));
  }
}

/** Share of an operation's time from which on waiting for a processor is what made it slow. */
const MOST_OF_IT = 1 / 2;

/**
 * Why an operation was slow: its thread waited for a processor for most of it, or the first of what
 * overlapped it. That something overlapped proves nothing by itself: shares of causes are held against
 * how often each went on anyway.
 */
export function causeOf(
  { operation, started, ns, waited }: SlowOperation,
  beside: Timeline,
): Cause {
  if (waited !== null && waited >= MOST_OF_IT * ns) return "runQueue";
  const on = beside.between(started, started + ns);
  // A stop of writes holds up no read.
  const { writes } = LOAD_OPERATIONS[operation];
  return ACTIVITIES.find((activity) => on.has(activity) && (activity !== "stall" || writes)) ??
    "unknown";
}
