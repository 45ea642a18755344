/** What a comparison that goes on until it is sure has to measure next. */
import { plannedLooks } from "../../stats/mod.ts";
import { compareResults, type LabelledResult } from "./compare.ts";
import type { ChangeRow, CompareOptions } from "./model.ts";

/** What is open, and what is measured for it. */
export interface GoingOn {
  /** The rows that more pairs may decide. */
  open: ChangeRow[];
  /** The benchmarks that these are of and that are measured still, by their ids in the base. */
  benchmarks: string[];
  /** Pairs of a benchmark at the next look, given those that it has; as many at the last one. */
  next: (pairs: number) => number;
}

/**
 * Looks at a comparison in duets that goes on until it is sure. A row that is decided is measured no
 * more, unless another one of its benchmark is open; a benchmark that was once left out stays out, so
 * that the rest of the time goes to what is open.
 *
 * @param base As {@linkcode compareResults}; every pair that was planned so far has been measured.
 * @throws {RangeError} As {@linkcode compareResults}.
 */
export function goOn(
  base: LabelledResult,
  candidate: LabelledResult,
  options: CompareOptions = {},
): GoingOn {
  const { rows } = compareResults(base, candidate, options);
  // One that is refused has no adjusted p, whatever is measured.
  const open = rows.filter(({ verdict, adjustedP }) =>
    verdict === "inconclusive" && adjustedP !== null
  );
  const { profile, benchmarks } = candidate.result;
  const pairsOf = ({ runs = profile.runs }: { runs?: number | undefined }) => runs;
  const most = benchmarks.reduce((most, own) => Math.max(most, pairsOf(own)), 0);
  const looks = plannedLooks(profile.runs);
  return {
    open,
    benchmarks: benchmarks.flatMap((own, place) =>
      pairsOf(own) === most && open.some(({ id }) => id === own.id)
        ? [base.result.benchmarks[place]!.id]
        : []
    ),
    next: (pairs) => looks.find((look) => look > pairs) ?? pairs,
  };
}
