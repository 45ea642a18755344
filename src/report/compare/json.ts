/** A comparison for programs. */
import type { ResultComparison } from "../../analysis/mod.ts";

/**
 * Version of the form of {@linkcode comparisonToJson}'s output. Since 2, what to know before acting
 * are `remarks` with condition and numbers, where 1 had sentences alone, as `warnings`.
 */
const COMPARISON_VERSION = 2;

/** Writes a comparison as indented JSON: every row with its numbers, verdict and reason. */
export function comparisonToJson(comparison: ResultComparison): string {
  return JSON.stringify(
    { schema: "tidemark.comparison", version: COMPARISON_VERSION, ...comparison },
    null,
    2,
  );
}
