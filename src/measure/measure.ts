/** One run's measuring: fill, warm up, sample, tell each sample as it is taken. */
import type { Store } from "../store/mod.ts";
import type { Clock, Witness } from "../native/mod.ts";
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

/** What to measure. */
export interface MeasurePlan extends OperationSpec, SamplingPlan {
  /** `latency` times single operations as well. */
  kind: "throughput" | "latency";
  /** Determines the values' bytes. */
  seed: number;
}

/** Where a run's measurements go as they are made. */
interface MeasureSink {
  sample(sample: Sample): void;
  /** Called now and then with all latencies so far, and once at the end. */
  latency(latency: EncodedLatency): void;
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
  const operation = bindOperation(store, plan, clock, plan.seed);
  await operation.prepare(sink.doing);
  sink.doing?.(`the warm-up of ${plan.operation}`);
  const warmup = await warmUp(operation.iterate, clock, plan.warmupMs);
  sink.doing?.(plan.operation);
  const met = warmup.ns / warmup.iterations;
  if (plan.kind === "throughput") {
    const counts = iterationCounts(plan, met);
    await takeSamples(operation.iterate, clock, counts, (sample) => sink.sample(sample), witness);
  } else {
    await measureLatency(operation, plan, met, clock, sink, witness);
  }
  return warmup;
}

async function measureLatency(
  operation: BoundOperations,
  plan: MeasurePlan,
  met: number,
  clock: Clock,
  sink: MeasureSink,
  witness: Witness | undefined,
): Promise<void> {
  const timed = operation.timed;
  if (timed === undefined) {
    throw new TypeError(`Cannot time single operations of ${plan.operation}`);
  }
  const counts = iterationCounts({ ...plan, measureMs: plan.measureMs / 2 }, met);
  const histogram = await LatencyHistogram.create();
  const buffer = new Float64Array(counts.at(-1) ?? 0);
  // Compiles the timed loop; what it measures is warm-up and not kept.
  await timed(buffer);
  let told = clock.now();
  await takeSamples(operation.iterate, clock, counts, async (sample) => {
    sink.sample(sample);
    const latencies = buffer.subarray(0, sample.iterations);
    const pending = timed(latencies);
    if (pending !== undefined) await pending;
    histogram.record(latencies);
    if (clock.now() - told > LATENCY_EVERY_NS) {
      sink.latency(histogram.encode());
      told = clock.now();
    }
  }, witness);
  sink.latency(histogram.encode());
}
