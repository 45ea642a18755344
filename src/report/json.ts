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
  return JSON.stringify(
    {
      schema: "tidemark.report",
      version: REPORT_VERSION,
      result: { ...resultHead(result), warnings: result.warnings },
      analysis,
      ...(comparison === undefined ? {} : { comparison }),
    },
    null,
    2,
  );
}

/**
 * What tells which result a document for programs is of: its id, times, suite, tool, how it was
 * called and the machine. Benchmarks and samples stay in the result itself.
 */
export function resultHead(
  { id, startedAt, endedAt, complete, suite, tool, command, seed, profile, environment }: Result,
) {
  const { name, title } = suite;
  return {
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
  };
}
