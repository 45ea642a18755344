/** The slow operations of a load's measured clients, each with its cause. */
import type { Client } from "./clients.ts";
import { CauseBlocks } from "./cause_blocks.ts";
import type { EngineEvent } from "../../store/mod.ts";
import { SLOW_CAUSES, type SlowCause } from "../../workload/mod.ts";
import { type Activity, causeOf, isActivity, Timeline } from "./causes.ts";
import type { Hiccups } from "./hiccups.ts";
import { quantileOf, totalOf } from "./histogram.ts";
import { Place } from "./memory.ts";
import type { CompactionLevels, CompactionSum, SlowOutcome, SlowWindow } from "./outcome.ts";
import type { Reading } from "./reading.ts";
import { slowSince } from "./slow.ts";

/** Beyond what quantile of the window before an operation is slow. */
const SLOW_QUANTILE = 0.999;
/** Of the slowest operations, how many are kept one by one: of all, and of each window. */
const SLOWEST = 20;
const SLOWEST_OF_WINDOW = 5;
/** How long what went on is remembered, ns: an operation that took longer is seen for its last part. */
const REMEMBERED_NS = 120e9;

/** What a thread has to wait for a processor between two looks to be told as one that did, ns. */
const WAITED_NS = 1e6;

/** Tells clients what is slow, takes what they write down, and keeps the sums. */
export class SlowTally {
  /** What went on meanwhile. */
  readonly beside = new Timeline();
  readonly #clients: readonly Client[];
  /** How many of each client's are known. */
  readonly #known: number[];
  readonly #synced: boolean;
  readonly #hiccups: Hiccups | undefined;
  /** What each client's thread had waited, and its isolate collected, at the last look. */
  readonly #waited: number[];
  #collections = 0;
  readonly #byCause = new Map<SlowCause, { operations: number; held: number }>();
  #blocks: CauseBlocks | undefined;
  #operations = 0;
  /** Compactions by their levels; none are known of before one has looked. */
  #compactions: Map<string, CompactionSum> | undefined;
  /** Those that have ended, as long as they are remembered. */
  #recent: EngineEvent[] = [];
  /** When operations were under way that are put down to a compaction which has not been found yet. */
  #sought: { from: number; to: number }[] = [];
  #begin = -Infinity;
  #slowest: SlowOutcome["slowest"] = [];
  /** The slowest since the last window. */
  #window: SlowOutcome["slowest"] = [];

  /**
   * @param synced Whether the store syncs its log at each write.
   * @param hiccups What a thread that only sleeps tells; absent where there is none.
   */
  constructor(clients: readonly Client[], synced: boolean, hiccups?: Hiccups) {
    this.#clients = clients;
    this.#synced = synced;
    this.#hiccups = hiccups;
    this.#waited = clients.map(() => 0);
    this.#known = clients.map(({ memory }) => memory.numbers[Place.slow]!);
  }

  /** Measuring begins. @param ns How long it takes. */
  begin(begin: number, ns: number): void {
    this.#blocks = new CauseBlocks(this.beside, begin, ns);
    this.#blocks.knows(this.#ended());
    this.#hiccups?.begin(begin, ns);
    this.#begin = begin;
  }

  /** Takes down what goes on, which operations ended meanwhile, and what clients say of the slow ones. */
  look(at: number, states: Partial<Record<Activity, boolean>>): void {
    const hiccup = this.#hiccups?.take();
    const all = this.#withThreads(states);
    if (hiccup !== undefined && this.#hiccups?.known) all.hiccup = hiccup;
    this.beside.look(at, all);
    this.#blocks?.took(this.#ended(), at);
    this.#read();
  }

  /** Adds what went on in the clients' threads since the last look; nothing where that is not known. */
  #withThreads(
    states: Partial<Record<Activity, boolean>>,
  ): Partial<Record<Activity, boolean>> {
    let [longest, collections, isKnown] = [0, 0, this.#clients.length > 0];
    for (const [i, { memory: { numbers } }] of this.#clients.entries()) {
      const [waited, before] = [numbers[Place.waited]!, this.#waited[i]!];
      // A thread that is known of has waited for its first processor at least.
      if (waited === 0) isKnown = false;
      if (before !== 0) longest = Math.max(longest, waited - before);
      collections += numbers[Place.collections]!;
    }
    if (!isKnown) return states;
    for (const [i, { memory }] of this.#clients.entries()) {
      this.#waited[i] = memory.numbers[Place.waited]!;
    }
    const collection = collections > this.#collections;
    this.#collections = collections;
    return { ...states, runQueue: longest >= WAITED_NS, collection };
  }

  #ended(): number {
    return this.#clients.reduce((sum, { memory }) => sum + memory.numbers[Place.operations]!, 0);
  }

  /** Takes down what has ended of compactions and flushes since the last time. */
  compacted(events: readonly EngineEvent[]): void {
    const sums = this.#compactions ??= new Map();
    for (const event of events) {
      const { kind, levels, bytes, beginNs, endNs } = event;
      if (kind !== "compaction" || levels === undefined || endNs <= this.#begin) continue;
      this.#recent.push(event);
      const sum = sumOf(sums, levels);
      sum.count++;
      sum.bytes += bytes;
      sum.ns += endNs - Math.max(beginNs, this.#begin);
    }
  }

  /** Finds the compactions of operations that are put down to one, as far as these have ended. */
  #seek(): void {
    const sums = this.#compactions;
    if (sums === undefined) return;
    const bySize = this.#recent.toSorted((a, b) => b.bytes - a.bytes);
    this.#sought = this.#sought.filter(({ from, to }) => {
      const found = bySize.find(({ beginNs, endNs }) => beginNs < to && endNs > from);
      if (found !== undefined) sumOf(sums, found.levels!).operations++;
      return found === undefined;
    });
  }

  /**
   * Sets what is slow from now on, by times that were counted; by none it stays as it is. With a schedule
   * they have the client's lateness in them, as what is held against them: by service times alone every
   * operation would be slow that began late by as much as the store takes.
   */
  setFloor({ service, times: { taken } }: Pick<Reading, "service" | "times">): void {
    const times = totalOf(taken) > 0 ? taken : service;
    const total = totalOf(times);
    if (total === 0) return;
    const floor = quantileOf(times, total, SLOW_QUANTILE);
    for (const { memory } of this.#clients) memory.numbers[Place.floor] = floor;
  }

  /**
   * What was slow since the last time that this was asked.
   *
   * @returns The slowest of it, the slowest first.
   */
  take(): SlowWindow {
    this.#read();
    this.#seek();
    const last = this.beside.end;
    if (last !== undefined) {
      this.#recent = this.#recent.filter(({ endNs }) => endNs >= last - REMEMBERED_NS);
      this.#sought = this.#sought.filter(({ to }) => to >= last - REMEMBERED_NS);
      this.beside.forget(last - REMEMBERED_NS);
      this.#hiccups?.forget(last - REMEMBERED_NS);
    }
    const window = this.#window.map(({ atNs, ns, cause }) => ({ atNs, ns, cause }));
    this.#window = [];
    return window;
  }

  /** Takes what clients have written down; at each look, for they keep no more than some. */
  #read(): void {
    const read: SlowOutcome["slowest"] = [];
    for (const [i, { number, memory }] of this.#clients.entries()) {
      if (memory.numbers[Place.slow] === this.#known[i]) continue;
      const operations = slowSince(number, memory, this.#known[i]!);
      this.#known[i] = memory.numbers[Place.slow]!;
      for (const slow of operations) {
        const { client, operation, started, ns, late } = slow;
        const held = this.#hiccups?.between(started - late, started + ns) ?? null;
        const cause = causeOf(slow, this.beside, this.#synced, held);
        this.#operations++;
        this.#blocks?.slow(started + ns);
        const sum = this.#byCause.get(cause) ?? { operations: 0, held: 0 };
        sum.operations++;
        if (held !== null && held > 0) sum.held++;
        if (cause === "compaction") this.#sought.push({ from: started, to: started + ns });
        this.#byCause.set(cause, sum);
        read.push({ atNs: Math.max(0, started - this.#begin), ns, operation, client, cause });
      }
    }
    if (read.length === 0) return;
    this.#slowest = slowestOf([...this.#slowest, ...read], SLOWEST);
    this.#window = slowestOf([...this.#window, ...read], SLOWEST_OF_WINDOW);
  }

  /** All of it so far. */
  outcome(): SlowOutcome {
    const hiccups = this.#hiccups?.outcome();
    return {
      operations: this.#operations,
      causes: SLOW_CAUSES.map((cause) => ({
        cause,
        operations: this.#byCause.get(cause)?.operations ?? 0,
        share: isActivity(cause) ? this.beside.share(cause) : null,
        ...(hiccups !== undefined && { held: this.#byCause.get(cause)?.held ?? 0 }),
      })),
      ...(hiccups !== undefined && { hiccups }),
      ...(this.#compactions !== undefined && {
        compactions: [...this.#compactions.values()].map((sum) => ({ ...sum })),
      }),
      slowest: [...this.#slowest],
      ...(this.#blocks !== undefined && { blocks: this.#blocks.blocks() }),
    };
  }
}

/** The sum of compactions of some levels. */
function sumOf(sums: Map<string, CompactionSum>, levels: CompactionLevels): CompactionSum {
  const key = `${levels.from} ${levels.to}`;
  const sum = sums.get(key) ?? { levels, count: 0, bytes: 0, ns: 0, operations: 0 };
  sums.set(key, sum);
  return sum;
}

/** The slowest of some, the slowest first. */
function slowestOf(all: SlowOutcome["slowest"], most: number): SlowOutcome["slowest"] {
  return all.toSorted((a, b) => b.ns - a.ns).slice(0, most);
}
