/**
 * Measuring in turns: one of two processes works while the other waits, so that what the machine
 * does meanwhile falls on both. Here is the side of the process: it fills its database, and then runs
 * as much as it is told, when it is told.
 */
import type { Clock, Witness } from "../native/mod.ts";
import type { Store } from "../store/mod.ts";
import { OPERATIONS } from "../workload/mod.ts";
import { burned } from "./burn.ts";
import { type EncodedLatency, LatencyHistogram } from "./latency.ts";
import { walkInParts } from "./loops.ts";
import type { MeasurePlan } from "./measure.ts";
import { bindOperation } from "./operation.ts";
import type { Sample } from "./sampler.ts";

/**
 * What a turn is to do. A unit is an operation, or a walk where an iteration is one; of a walk that is
 * far longer than a turn it is an entry.
 */
export interface TurnAsked {
  /** Units of the batch. */
  units: number;
  /** Units before it that are not timed: while the other worked, the caches went cold. */
  lead: number;
  /** Whether the latencies count; those of the warm-up do not. */
  kept: boolean;
}

/** What a turn came to. */
export interface Turn extends Sample {
  /** All of the turn's work: the batch, operations that were timed one by one, and waiting, ns. */
  workNs: number;
  /** What of it was waiting for the engine's background work to end, ns. */
  awaitedNs: number;
  /** Whether the engine had ended its background work when the turn was given back. */
  quiet: boolean;
}

/** A benchmark that is measured in turns. */
export interface Turns {
  /**
   * Runs a batch, times as many operations one by one where latencies are measured, and waits until
   * the engine does nothing in the background any more, which would fall on the other's turn.
   */
  take(asked: TurnAsked): Promise<Turn>;
  /** Units that so many operations are nearest to, one or more. */
  unitsOf(operations: number): number;
  /** The latencies that counted; absent where only throughput is measured. */
  latency(): EncodedLatency | undefined;
  /** Closes what is open between turns. */
  end(): void;
}

/** Entries of a walk from which on turns go on with it in parts: fewer fit into a turn. */
const LONG_WALK = 50_000;

/** How long background work may keep a turn, ns. What goes on longer is counted. */
const MOST_AWAITED_NS = 2e9;
/** How often it is looked at, ms. */
const LOOK_EVERY_MS = 0.2;

/**
 * Binds a benchmark to an open, empty store and fills it.
 *
 * @param busy Properties of the engine that are above 0 while it works in the background.
 * @param doing Told in what it is, as the end of a sentence.
 * @param witness Counts what the thread does in each batch that is kept.
 * @param isFilled Whether the store has been filled by the same plan, and measured.
 * @throws {TypeError} Where single operations are to be timed that cannot be.
 */
export async function measureInTurns(
  store: Store,
  plan: MeasurePlan,
  clock: Clock,
  busy: readonly string[],
  doing?: (what: string) => void,
  witness?: Witness,
  isFilled = false,
): Promise<Turns> {
  const { walks, writes } = OPERATIONS[plan.operation];
  // A batch lasts some milliseconds, in which there may be only a part of an iteration's operations.
  const inParts = walks && plan.elements >= LONG_WALK && store.api === "sync";
  const elements = walks && !inParts ? plan.elements : 1;
  const share = elements / plan.elements;
  const bound = bindOperation(store, { ...plan, elements }, clock, plan.seed);
  const parts = inParts ? walkInParts(store, plan.elements) : undefined;
  const operation = burned(
    { ...bound, ...(parts && { iterate: parts.iterate }) },
    plan.burn ?? 0,
    clock,
  );
  const { iterate, timed } = operation;
  if (plan.kind === "latency" && timed === undefined) {
    throw new TypeError(`Cannot time single operations of ${plan.operation}`);
  }
  const histogram = plan.kind === "latency" ? await LatencyHistogram.create() : undefined;
  let buffer = new Float64Array(0);
  let first: number | undefined;
  if (!isFilled) await operation.prepare(doing);
  doing?.(plan.operation);
  awaitQuiet(store, clock, busy);
  return {
    async take({ units, lead, kept }) {
      if (buffer.length < units && histogram !== undefined) buffer = new Float64Array(units);
      const begin = clock.now();
      const led = lead > 0 ? iterate(lead) : undefined;
      if (led !== undefined) await led;
      if (kept) witness?.begin();
      const start = clock.now();
      const pending = iterate(units);
      if (pending !== undefined) await pending;
      const ns = clock.now() - start;
      const seen = kept ? witness?.end() : undefined;
      if (histogram !== undefined) {
        const latencies = buffer.subarray(0, units);
        const pending = timed!(latencies);
        if (pending !== undefined) await pending;
        if (kept) histogram.record(latencies);
      }
      // What only reads has nothing to wait for: its database was at rest when it began.
      const { awaitedNs, quiet } = awaitQuiet(store, clock, writes ? busy : []);
      if (kept) first ??= start;
      return {
        iterations: units * share,
        ns,
        atNs: kept ? start - first! : 0,
        workNs: clock.now() - begin,
        awaitedNs,
        quiet,
        ...seen,
      };
    },
    unitsOf: (operations) => Math.max(1, Math.round(operations / elements)),
    latency: () => histogram?.encode(),
    end: () => parts?.end(),
  };
}

/** Waits until the engine does nothing in the background, or has taken too long. */
function awaitQuiet(store: Store, clock: Clock, busy: readonly string[]) {
  const isBusy = () => busy.some((name) => Number(store.property(name) ?? 0) > 0);
  if (!isBusy()) return { awaitedNs: 0, quiet: true };
  const never = new Int32Array(new SharedArrayBuffer(4));
  const start = clock.now();
  let awaitedNs = 0;
  let quiet = false;
  while (!quiet && awaitedNs < MOST_AWAITED_NS) {
    Atomics.wait(never, 0, 0, LOOK_EVERY_MS);
    quiet = !isBusy();
    awaitedNs = clock.now() - start;
  }
  return { awaitedNs, quiet };
}
