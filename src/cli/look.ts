/** What a bench that goes on until it is sure looks for. */
import {
  type CompareOptions,
  estimateResult,
  goOn,
  METRIC_WORDS,
  questionsForRuns,
} from "../analysis/mod.ts";
import type { Look } from "../run/mod.ts";

/**
 * Looks what is open that more runs may decide: of a bench its targets and claims, of a comparison in
 * duets its rows.
 *
 * @param comparing How it is compared.
 */
export function lookWith(comparing: CompareOptions): Look {
  return ([first, second]) => {
    if (second === undefined) return questionsForRuns(estimateResult(first!.result));
    const [base, candidate] = [first!, second].map(({ directory, result }) => ({
      label: directory,
      result,
    }));
    const { open, benchmarks, next } = goOn(base!, candidate!, comparing);
    return {
      open: open.map(({ id, metric }) => `${id} ${METRIC_WORDS[metric]}`),
      benchmarks,
      next,
    };
  };
}
