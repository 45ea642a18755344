/** Which runs the estimates of a benchmark come from. */
import { formatTime } from "../format/mod.ts";
import type { BenchmarkRecord, RunRecord } from "../result/mod.ts";
import { slopeThroughOrigin } from "../stats/mod.ts";
import type { RunFailure, RunUse } from "./model.ts";

/** The runs of a benchmark, sorted into those that count and those that do not. */
interface ChosenRuns {
  use: RunUse;
  /** The runs that are used, by number. */
  runs: RunRecord[];
  failures: RunFailure[];
  /** Why there are none that are used, as a clause; `null` where there are. */
  unmeasured: string | null;
}

const ATTEMPTS = new WeakMap<readonly RunRecord[], Map<string, RunRecord[]>>();

/**
 * The attempts of each benchmark, sorted out once for a result: a search through all runs for each
 * benchmark takes minutes where there are a hundred thousand.
 */
function attemptsByBenchmark(runs: readonly RunRecord[]): Map<string, RunRecord[]> {
  const known = ATTEMPTS.get(runs) ?? Map.groupBy(runs, ({ benchmark }) => benchmark);
  ATTEMPTS.set(runs, known);
  return known;
}

/**
 * Chooses the runs of a benchmark: those that ended with samples; where none did, the interrupted
 * ones with samples. A failed run is never used, because what stopped it may have slowed it before,
 * and an attempt that has another in its place is no run.
 *
 * @param planned Runs that the profile asked for.
 */
export function chooseRuns(
  benchmark: BenchmarkRecord,
  runs: readonly RunRecord[],
  planned: number,
): ChosenRuns {
  const own = (attemptsByBenchmark(runs).get(benchmark.id) ?? [])
    .filter((run) => run.superseded !== true)
    .toSorted((a, b) => a.run - b.run);
  const inState = (state: RunRecord["state"]) => own.filter((run) => run.state === state);
  const measured = (state: RunRecord["state"]) =>
    inState(state).filter((run) => run.samples.length > 0 && run.samples.every(isTime));
  const ended = measured("ended");
  const chosen = ended.length > 0 ? ended : measured("interrupted");
  const failures = inState("failed").map((run) => ({
    run: run.run,
    error: run.error ?? "no error was recorded",
  }));
  return {
    use: {
      planned,
      ended: inState("ended").length,
      interrupted: inState("interrupted").length,
      failed: inState("failed").length,
      use: ended.length > 0 ? "ended" : chosen.length > 0 ? "interrupted" : "none",
      used: chosen.map((run) => run.run),
    },
    runs: chosen,
    failures,
    unmeasured: chosen.length > 0 ? null : whyUnmeasured(own, failures),
  };
}

/** Less for one iteration no machine takes, ns: a millionth of a processor's cycle. */
const LEAST_NS = 1e-6;

/** Whether a sample gives a time for one iteration: of numbers out of all measure it does not. */
function isTime({ ns, iterations }: RunRecord["samples"][number]): boolean {
  return ns / iterations >= LEAST_NS && Number.isFinite(ns / iterations);
}

/**
 * A run's time for one operation, ns: what every estimate is made of. It is total time over total
 * operations; of linear sampling, where the samples grow, it is criterion's headline, the slope of
 * time over operations.
 */
export function timePerOperation(benchmark: BenchmarkRecord, run: RunRecord): number {
  if (benchmark.sampling === "linear") {
    const iterations = run.samples.map((sample) => sample.iterations);
    const times = run.samples.map((sample) => sample.ns);
    return slopeThroughOrigin(iterations, times) / operationsPerIteration(benchmark);
  }
  let ns = 0;
  let iterations = 0;
  for (const sample of run.samples) {
    ns += sample.ns;
    iterations += sample.iterations;
  }
  return ns / (iterations * operationsPerIteration(benchmark));
}

/** Operations in one iteration; an importer that does not know them writes 0, which counts as 1. */
export function operationsPerIteration(benchmark: BenchmarkRecord): number {
  return Math.max(1, benchmark.elements);
}

/** Why a benchmark has no usable run, as a clause. @param own Its runs, none of which is usable. */
function whyUnmeasured(own: readonly RunRecord[], failures: readonly RunFailure[]): string {
  const first = failures[0];
  if (first !== undefined) return `run ${first.run} failed: ${first.error}`;
  if (own.length === 0) return "none of its runs was started";
  if (own.every(({ state, samples }) => state === "interrupted" && samples.length === 0)) {
    return own.length === 1 ? "its run was interrupted" : "its runs were interrupted";
  }
  const idle = own.flatMap(({ samples, load }) =>
    load === undefined || samples.length > 0 ? [] : load.ns
  );
  if (idle.length < own.length) return "its runs have no usable samples";
  return `no operation ended in the ${formatTime(Math.max(...idle))} that were measured: ` +
    "let it measure longer (--for), or on a machine that does less";
}
