import type { Result } from "../result/mod.ts";
import { analyse } from "./analyse.ts";
import type { Analysis } from "./model.ts";

/**
 * Analyses a result as every command does, so that a report that is rendered again says the same:
 * with criterion's number of resamples, and a tenth for the profiles that are to be over soon.
 */
export function analyseResult(result: Result): Analysis {
  return analyse(result, { resamples: result.profile.runs >= 3 ? 100_000 : 10_000 });
}
