import type { Imported, ImportedBenchmark } from "./imported.ts";
import { namesText } from "./named.ts";

/**
 * An output whose benchmarks may come again under one name: each time is a run, so that the first
 * ones of all names are one output, the second ones another, and so on.
 */
export function runsOfRepeated(
  output: Omit<Imported, "benchmarks">,
  rows: readonly ImportedBenchmark[],
): Imported[] {
  const byName = Map.groupBy(rows, ({ name }) => name);
  const repeated = [...byName].filter(([, own]) => own.length > 1).map(([name]) => name);
  const warnings = repeated.length === 0 ? output.warnings : [
    ...output.warnings,
    `More than once under one name: ${namesText(repeated)}; each time is taken for a run.`,
  ];
  const most = Math.max(...[...byName.values()].map((own) => own.length));
  return Array.from({ length: most }, (_, run) => ({
    ...output,
    warnings,
    benchmarks: [...byName.values()].flatMap((own) => own[run] ?? []),
  }));
}
