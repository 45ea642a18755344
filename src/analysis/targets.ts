/** Targets, judged. The one place that decides whether a target is met. */
import type { Range } from "../format/mod.ts";
import { kindOfStore, type Result, type TargetRecord } from "../result/mod.ts";
import { type Estimate, LEAST_RUNS } from "../stats/mod.ts";
import type { BenchmarkAnalysis, ShownRange, TargetVerdict, Verdict } from "./model.ts";

/**
 * Judges every target for every measured store that it holds for: all of them, or those it names.
 * A store that the result did not measure at all is left out; a benchmark that a measured store
 * lacks is `inconclusive`, with the reason.
 *
 * @param interrupted Whether the bench did not come to its end: then it judges nothing, since how far
 * it came is chance.
 */
export function judgeTargets(
  targets: readonly TargetRecord[],
  stores: readonly string[],
  benchmarks: readonly BenchmarkAnalysis[],
  interrupted = false,
): TargetVerdict[] {
  return targets.flatMap((target) =>
    stores.filter((store) => isNamed(target.stores, store)).map((store) => {
      const benchmark = benchmarks.find((candidate) =>
        candidate.store === store && candidate.name === target.benchmark
      );
      return judgeTarget(target, store, benchmark, interrupted);
    })
  );
}

/** Whether a list names a store or its kind; one that is not there names all. */
export function isNamed(stores: readonly string[] | undefined, store: string): boolean {
  return stores === undefined || stores.includes(store) || stores.includes(kindOfStore(store));
}

function judgeTarget(
  target: TargetRecord,
  store: string,
  benchmark: BenchmarkAnalysis | undefined,
  interrupted: boolean,
): TargetVerdict {
  const base = {
    target,
    store,
    benchmark: benchmark?.id ?? `${store}/${target.benchmark}`,
    operation: benchmark?.operation ?? null,
    planned: benchmark !== undefined,
    runs: benchmark?.runs.used.length ?? 0,
  };
  const metric = benchmark?.metrics.find((candidate) => candidate.metric === target.metric);
  const estimate = metric?.estimate ?? null;
  if (estimate === null) {
    return {
      ...base,
      verdict: "inconclusive",
      reason: benchmark === undefined
        ? "the benchmark is not in this result's plan"
        : metric?.reason ?? `a ${benchmark.kind} benchmark does not measure it`,
      estimate: null,
      ...(metric?.point === undefined ? {} : { point: metric.point }),
      factor: null,
      margin: null,
    };
  }
  const factor = timesBound(estimate, target.value);
  return {
    ...base,
    ...judgeRuns(target, estimate, base.runs, interrupted),
    estimate,
    factor,
    margin: target.bound === "atLeast" ? factor : inverse(factor),
  };
}

/** What an interval says of a target, in so many runs. */
function judgeRuns(
  target: TargetRecord,
  estimate: Estimate,
  runs: number,
  interrupted: boolean,
): Pick<TargetVerdict, "verdict" | "reason"> {
  if (interrupted) return { verdict: "inconclusive", reason: INTERRUPTED };
  const verdict = judgeBound(target, estimate);
  if (verdict === "inconclusive") return { verdict, reason: whyOpen(target, estimate) };
  if (runs >= LEAST_RUNS) return { verdict, reason: null };
  if (verdict === "met") return { verdict: "met in one run", reason: null };
  const where = runs === 1 ? "one run" : `${runs} runs`;
  const reason = `it was missed in ${where}, and fewer than ${LEAST_RUNS} say nothing of the next`;
  return { verdict: "inconclusive", reason };
}

/**
 * Why an interval leaves a target open, as a clause. Where the runs' own values stand in its place, nobody
 * sees an interval, and the bound may lie outside of all of them.
 */
function whyOpen(target: TargetRecord, { apart }: Estimate): string {
  if (apart === undefined) return "the interval holds the bound";
  const good =
    apart.filter((value) => judgeBound(target, { value, low: value, high: value }) === "met")
      .length;
  const which = good === 0 ? "none" : good === apart.length ? "each" : String(good);
  return `the runs differ too much for a verdict: ${which} of the ${apart.length} ` +
    `${good > 1 && good < apart.length ? "meet" : "meets"} the bound`;
}

/** Why a bench that was interrupted judges nothing, as a clause. */
export const INTERRUPTED = "the bench was interrupted, and judges nothing";

/**
 * Whether a bench did not come to its end: a planned run neither ended nor failed. A run that failed
 * says that of itself, and leaves the others what they are.
 */
export function isInterrupted(result: Result, benchmarks: readonly BenchmarkAnalysis[]): boolean {
  return !result.complete &&
    benchmarks.some(({ runs }) => runs.ended + runs.failed < runs.planned);
}

/** `met` where the whole interval is on the bound's good side, `missed` where none of it is. */
export function judgeBound(
  target: Pick<TargetRecord, "bound" | "value">,
  interval: Range,
): Exclude<Verdict, "met in one run"> {
  const { bound, value } = target;
  if (bound === "atLeast" ? interval.low >= value : interval.high <= value) return "met";
  if (bound === "atLeast" ? interval.high < value : interval.low > value) return "missed";
  return "inconclusive";
}

/** An estimate as multiples of a bound. */
function timesBound({ value, low, high }: Range, bound: number): Range {
  return { value: value / bound, low: low / bound, high: high / bound };
}

/** 1 / x; `null` where an end is zero. */
function inverse({ value, low, high }: Range): Range | null {
  return low > 0 && value > 0 ? { value: 1 / value, low: 1 / high, high: 1 / low } : null;
}

/** What is shown of an estimate, without what else it has. */
export function rangeOf({ value, low, high, apart }: Estimate): ShownRange {
  return { value, low, high, ...(apart === undefined ? {} : { apart }) };
}
