/** What `compare` and `bench --against` have in common: thresholds, files and the exit code. */
import { DEFAULT_THRESHOLDS, type ResultComparison, type Thresholds } from "../analysis/mod.ts";
import { fileReason } from "../disk/mod.ts";
import { listWithSuggestion, parseShare } from "../format/mod.ts";
import { buildComparisonSummary, comparisonToJunit, toMarkdown } from "../report/mod.ts";
import { EXIT } from "./exit_code.ts";
import type { GateFlags } from "./options/gate.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Reads thresholds: `p99=15%` for one metric, `3%` for all.
 *
 * @throws {UsageError} Where one is of an unknown metric, or no percentage from 0 to 1000.
 */
export function parseThresholds(texts: readonly string[]): Partial<Thresholds> {
  const metrics = Object.keys(DEFAULT_THRESHOLDS) as (keyof Thresholds)[];
  const thresholds: Partial<Thresholds> = {};
  for (const text of texts) {
    const at = text.indexOf("=");
    const [name, share] = at < 0 ? [null, text] : [text.slice(0, at), text.slice(at + 1)];
    const named = name === null ? metrics : metrics.filter((metric) => metric === name);
    if (named.length === 0) {
      const known = listWithSuggestion(name ?? "", metrics);
      throw new UsageError(`Unknown metric ${JSON.stringify(name)} in --threshold: ${known}`);
    }
    const threshold = parseShare(share);
    if (threshold === undefined || threshold > 10) {
      throw new UsageError(
        `Cannot take ${JSON.stringify(text)} for --threshold: write 3% or p99=15%`,
      );
    }
    for (const metric of named) thresholds[metric] = threshold;
  }
  return thresholds;
}

/**
 * Writes the files that were asked for. JUnit's is replaced; to the summary's it is added, since a
 * forge gives all steps of a job one file.
 *
 * @throws {UsageError} Where one cannot be written.
 */
export function writeGateFiles(comparison: ResultComparison, { junit, summary }: GateFlags): void {
  if (junit !== undefined) write(junit, comparisonToJunit(comparison), false);
  if (summary !== undefined) {
    write(summary, toMarkdown(buildComparisonSummary(comparison)), true);
  }
}

function write(path: string, text: string, append: boolean): void {
  try {
    Deno.writeTextFileSync(path, text, { append });
  } catch (error) {
    throw new UsageError(`Cannot write ${path}: ${fileReason(error)}`);
  }
}

/**
 * What a command ends with by its comparison: 1 where something regressed.
 *
 * @throws {UsageError} Where the two have nothing in common, which is no pass.
 */
export function gateCode(comparison: ResultComparison): number {
  requireCommon(comparison);
  const { outcome } = comparison;
  return outcome === "regressed" ? EXIT.missed : EXIT.fine;
}

/**
 * Refuses two results that no row holds against each other.
 *
 * @throws {UsageError} Where the two have nothing in common.
 */
export function requireCommon(comparison: ResultComparison): void {
  if (comparison.outcome !== "nothing in common") return;
  const { base, candidate, onlyInBase, onlyInCandidate } = comparison;
  const empty = [
    ...(onlyInBase.length === 0 ? [base.label] : []),
    ...(onlyInCandidate.length === 0 ? [candidate.label] : []),
  ];
  const why = empty.length === 0
    ? "they have no benchmark in common"
    : empty.length === 2
    ? "neither has a benchmark"
    : `${empty[0]} has no benchmark`;
  throw new UsageError(
    `Cannot compare ${candidate.label} with ${base.label}: ${why}; name two results of one suite and of ` +
      "the same stores",
  );
}
