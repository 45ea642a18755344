/** How many runs of each benchmark a bench has planned, where they have not all as many. */
import type { Result } from "../result/mod.ts";
import { joinSome, plural } from "../format/mod.ts";
import { CALIBRATION_STORES } from "./stores.ts";

/** Of more benchmarks than these a phrase names the first, and counts the rest. */
const MOST_NAMED = 5;

/** A number of runs, and the names of the benchmarks that have it. */
interface PlannedRuns {
  runs: number;
  names: string[];
}

/**
 * The planned runs of the benchmarks that are measured for their own figures, fewest first: without
 * what was added until it was sure, without calibration and without the parts of a control.
 */
function plannedRuns({ benchmarks, profile }: Pick<Result, "benchmarks" | "profile">) {
  const own = benchmarks.filter(({ store, part }) =>
    part === undefined && !CALIBRATION_STORES.includes(store)
  );
  const planned = Map.groupBy(own, ({ runs = profile.runs, added = 0 }) => runs - added);
  return [...planned].toSorted(([a], [b]) => a - b).map(([runs, those]): PlannedRuns => ({
    runs,
    names: [...new Set(those.map(({ name }) => name))],
  }));
}

/**
 * The planned runs of all benchmarks as a phrase: `8 runs of each benchmark`, and where some have
 * another number than the profile's, `8 runs of each benchmark (18 of write_latency/single_write)`.
 */
export function plannedRunsInWords(result: Pick<Result, "benchmarks" | "profile">): string {
  const planned = plannedRuns(result);
  const { runs } = result.profile;
  if (planned.length < 2) return `${plural(planned[0]?.runs ?? runs, "run")} of each benchmark`;
  const others = planned.filter((own) => own.runs !== runs);
  if (others.length < planned.length) {
    return `${plural(runs, "run")} of each benchmark (${others.map(inWords).join("; ")})`;
  }
  const [first, ...rest] = others as [PlannedRuns, ...PlannedRuns[]];
  const of = `${plural(first.runs, "run")} of ${joinSome(first.names, MOST_NAMED)}`;
  return [of, ...rest.map(inWords)].join("; ");
}

/** The benchmarks whose planned runs are not the profile's, as a phrase; `none` where there is none. */
export function otherRunsInWords(result: Pick<Result, "benchmarks" | "profile">): string {
  const others = plannedRuns(result).filter(({ runs }) => runs !== result.profile.runs);
  return others.length === 0 ? "none" : others.map(inWords).join("; ");
}

/** `18 of write_latency/single_write`. */
function inWords({ runs, names }: PlannedRuns): string {
  return `${runs} of ${joinSome(names, MOST_NAMED)}`;
}
