/** One run's measuring: fill, warm up, sample, tell each sample as it is taken. */
import type { Store } from "../store/mod.ts";
import type { Clock, Witness } from "../native/mod.ts";
import { burned } from "./burn.ts";
import { type EncodedLatency, LatencyHistogram } from "./latency.ts";
import { bindOperation, type BoundOperations, type OperationSpec } from "./operation.ts";
import {
  iterationCounts,
  type Sample,
  type SamplingPlan,
  takeSamples,
  type Warmup,
  warmUp,
} from "./sampler.ts";
import { type ServersOutcome, watchServers } from "./servers.ts";

/** What to measure. */
export interface MeasurePlan extends OperationSpec, SamplingPlan {
  /** `latency` times single operations as well. */
  kind: "throughput" | "latency";
  /** Determines the values' bytes. */
  seed: number;
  /**
   * Share of their own time that operations burn on top, for testing the gate. @default 0
   */
  burn?: number | undefined;
}

/** Where a run's measurements go as they are made. */
interface MeasureSink {
  sample(sample: Sample): void;
  /** Called now and then with all latencies so far, and once at the end. */
  latency(latency: EncodedLatency): void;
  /** Called once at the end, of a store that is a server. */
  servers?(servers: ServersOutcome): void;
  /** Called as each stage begins, and as the load gets on: in what it is, as the end of a sentence. */
  doing?(what: string): void;
}

/** How long latencies may be known to this process alone, ns. */
const LATENCY_EVERY_NS = 500e6;

/**
 * Measures one benchmark on an open, empty store.
 *
 * A latency benchmark spends half of its time on samples, batches that are timed as a whole as
 * criterion does, and half on operations that are timed one by one; the two take turns, so that
 * both see the store in the same states.
 *
 * @param witness Counts what the thread does in each sample.
 */
export async function measure(
  store: Store,
  plan: MeasurePlan,
  clock: Clock,
  sink: MeasureSink,
  witness?: Witness,
): Promise<Warmup> {
  const { burn = 0, clients = 1 } = plan;
  if (burn > 0 && clients > 1) {
    throw new RangeError(
      `Cannot burn the time of ${clients} operations in flight: each has another`,
    );
  }
  const operation = burned(bindOperation(store, plan, clock, plan.seed), burn, clock);
  await operation.prepare(sink.doing);
  sink.doing?.(`the warm-up of ${plan.operation}`);
  const warmup = await warmUp(operation.iterate, clock, plan.warmupMs);
  const met = warmup.ns / warmup.iterations;
  const sums: Sums = { untimed: 0, ns: 0, timed: 0, timedNs: 0 };
  const probe = store.api === "async" && sink.servers !== undefined ? store.servers : undefined;
  // Making one loads a library, which no server is to be watched during.
  using histogram = plan.kind === "latency" ? await LatencyHistogram.create() : undefined;
  if (probe !== undefined) sink.doing?.("the servers' metrics");
  const watch = probe && await watchServers(probe, clock);
  sink.doing?.(plan.operation);
  if (histogram === undefined) {
    const counts = iterationCounts(plan, met);
    await takeSamples(operation.iterate, clock, counts, (sample) => {
      sums.untimed += sample.iterations;
      sums.ns += sample.ns;
      sink.sample(sample);
    }, witness);
  } else {
    await measureLatency(operation, plan, met, clock, sink, sums, histogram, witness);
  }
  if (watch !== undefined) sink.servers!(await watch.end(inSum(sums, plan.clients ?? 1)));
  return warmup;
}

/** What operations took together: those that were timed in batches, and those timed alone; ns. */
interface Sums {
  untimed: number;
  ns: number;
  timed: number;
  timedNs: number;
}

/**
 * The mean operation: of all where one is in flight, as the servers count all; else of those that were
 * timed alone, since at a batch's end fewer and fewer are in flight. Without such it is by Little's law.
 */
function inSum({ untimed, ns, timed, timedNs }: Sums, inFlight: number) {
  const operations = untimed + timed;
  const ofTimed = inFlight > 1 && timed > 0;
  return {
    operations,
    meanNs: ofTimed ? timedNs / timed : (ns * inFlight + timedNs) / operations,
    inFlight,
  };
}

function addTimed(sums: Sums, latencies: Float64Array): void {
  sums.timed += latencies.length;
  for (let i = 0; i < latencies.length; i++) sums.timedNs += latencies[i]!;
}

async function measureLatency(
  operation: BoundOperations,
  plan: MeasurePlan,
  met: number,
  clock: Clock,
  sink: MeasureSink,
  sums: Sums,
  histogram: LatencyHistogram,
  witness: Witness | undefined,
): Promise<void> {
  const timed = operation.timed;
  if (timed === undefined) {
    throw new TypeError(`Cannot time single operations of ${plan.operation}`);
  }
  const counts = iterationCounts({ ...plan, measureMs: plan.measureMs / 2 }, met);
  const buffer = new Float64Array(counts.at(-1) ?? 0);
  // Compiles the timed loop; what it measures is warm-up and not kept.
  await timed(buffer);
  addTimed(sums, buffer);
  let told = clock.now();
  await takeSamples(operation.iterate, clock, counts, async (sample) => {
    sink.sample(sample);
    sums.untimed += sample.iterations;
    sums.ns += sample.ns;
    const latencies = buffer.subarray(0, sample.iterations);
    const pending = timed(latencies);
    if (pending !== undefined) await pending;
    histogram.record(latencies);
    addTimed(sums, latencies);
    if (clock.now() - told > LATENCY_EVERY_NS) {
      sink.latency(histogram.encode());
      told = clock.now();
    }
  }, witness);
  sink.latency(histogram.encode());
}
