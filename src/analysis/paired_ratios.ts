/** The ratios of stores whose processes took turns when each had been measured. */
import type { BenchmarkRecord, RatioRecord, Result, RunRecord } from "../result/mod.ts";
import { LEAST_RUNS, type RunsTest, testOverPairs } from "../stats/mod.ts";
import { duetRatios } from "./compare/duets.ts";
import type { RatioPairing } from "./model.ts";
import { type BenchmarkValues, valuesOf } from "./run_values.ts";

/** A ratio over pairs of processes, before it is judged with others. */
export interface PairedRatio extends RunsTest {
  pairing: Omit<RatioPairing, "adjustedP">;
}

/**
 * Time in one store over time in another, over the pairs of processes that took turns. The unit is the
 * pair: in each, a mean's ratio is the robust centre of those of neighbouring batches, and a quantile's
 * that of the two processes' own.
 *
 * @returns `null` where fewer than three pairs tell it.
 */
export function pairedRatio(
  result: Result,
  record: BenchmarkRecord,
  base: BenchmarkRecord,
  metric: "mean" | "p99",
  confidence: number,
): PairedRatio | null {
  const turns = turnsOf(result, [record.id, base.id]);
  if (turns.length < LEAST_RUNS) return null;
  const [candidate, before] = [record, base].map((own) => sideOf(result, own, turns)) as [
    BenchmarkValues,
    BenchmarkValues,
  ];
  // A rate says what its mean time says.
  const isRate = metric === "mean" && record.kind === "throughput";
  const valuesFor = ({ metrics }: BenchmarkValues) =>
    metrics.find((own) => own.metric === (isRate ? "throughput" : metric));
  const [own, other] = [valuesFor(candidate), valuesFor(before)];
  const played = own && other && duetRatios({ base: before, candidate }, other, own);
  if (!played) return null;
  const ratios = isRate ? played.ratios.map((ratio) => 1 / ratio) : played.ratios;
  const { pairs, unpaired } = played.pairing;
  const test = testOverPairs(ratios, { confidence });
  return { ...test, pairing: { pairs, spread: test.spread, unpaired: unpaired!, p: test.p } };
}

/** The turns that all of some benchmarks played to their end, by the runs. */
function turnsOf({ ratios = [] }: Result, ids: readonly string[]): RatioRecord[] {
  return ratios.filter(({ state, sides }) =>
    state === "ended" && ids.every((id) => sides.some(({ benchmark }) => benchmark === id))
  ).toSorted((a, b) => a.run - b.run);
}

/** A benchmark as if its turns were its runs. */
function sideOf(
  result: Result,
  record: BenchmarkRecord,
  turns: readonly RatioRecord[],
): BenchmarkValues {
  const runs = turns.map((played): RunRecord => {
    const own = played.sides.find(({ benchmark }) => benchmark === record.id)!;
    const run = result.runs.find(({ benchmark, run, superseded }) =>
      benchmark === record.id && run === played.run && superseded !== true
    );
    return {
      benchmark: record.id,
      run: played.run,
      position: 0,
      state: "ended",
      startedAt: played.startedAt,
      endedAt: null,
      store: null,
      clock: run?.clock ?? null,
      warmup: null,
      samples: own.ns.map((ns, round) => ({
        iterations: own.iterations,
        ns,
        atNs: null,
        turn: 2 * round,
      })),
      latency: own.latency ?? null,
      pressure: null,
      facts: {},
      properties: {},
      peakRssBytes: null,
    };
  });
  // What linear samples are, batches that are all alike are not.
  return valuesOf({ ...record, sampling: "flat" }, { ...result, runs });
}
