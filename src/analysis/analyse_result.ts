import type { Result } from "../result/mod.ts";
import { analyse } from "./analyse.ts";
import type { Analysis } from "./model.ts";

/**
 * Analyses a result as every command does, so that a report that is rendered again says the same:
 * with criterion's number of resamples, and a tenth for the profiles that are to be over soon.
 */
export function analyseResult(result: Result): Analysis {
  return analyse(result, { resamples: resamplesOf(result) });
}

/**
 * The same estimates of every metric, verdicts and ratios, without what only a report has: criterion's
 * own estimates of single runs, which take most of the time.
 */
export function estimateResult(result: Result): Analysis {
  return analyse(result, { resamples: resamplesOf(result), criterion: false });
}

function resamplesOf({ profile }: Result): number {
  return profile.runs >= 3 ? 100_000 : 10_000;
}
