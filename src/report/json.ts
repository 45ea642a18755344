/** A report for programs. */
import type { Analysis, ResultComparison } from "../analysis/mod.ts";
import type { Result } from "../result/mod.ts";

/**
 * Version of the form of {@linkcode toJson}'s output. Since 2, what is said of a benchmark or a
 * claim's figures are `remarks` with condition and numbers, where 1 had sentences alone.
 */
export const REPORT_VERSION = 2;

/**
 * Writes the analysis as indented JSON, with what tells the result it is of: id, times, suite, tool,
 * environment. The samples stay in the result itself.
 *
 * @param comparison What changed against another result, where one was compared.
 */
export function toJson(
  result: Result,
  analysis: Analysis,
  comparison?: ResultComparison,
): string {
  const { id, startedAt, endedAt, complete, tool, command, seed, profile, environment, warnings } =
    result;
  const { name, title } = result.suite;
  return JSON.stringify(
    {
      schema: "tidemark.report",
      version: REPORT_VERSION,
      result: {
        id,
        startedAt,
        endedAt,
        complete,
        suite: { name, title },
        tool,
        command,
        seed,
        profile,
        environment,
        warnings,
      },
      analysis,
      ...(comparison === undefined ? {} : { comparison }),
    },
    null,
    2,
  );
}
