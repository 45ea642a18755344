/** The storage baseline report, section by section. */
import type { Analysis, ResultComparison } from "../analysis/mod.ts";
import type { Result } from "../result/mod.ts";
import { type Artifact, artifacts, nextSteps, rawOutput } from "./baseline/appendix.ts";
import { benchmarkByBenchmark } from "./baseline/benchmarks.ts";
import { caveats } from "./baseline/caveats.ts";
import { characteristics } from "./baseline/characteristics.ts";
import { claims } from "./baseline/claims.ts";
import { comparison } from "./baseline/comparison.ts";
import { configuration } from "./baseline/configuration.ts";
import { facts } from "./baseline/facts.ts";
import { firstScreen } from "./baseline/first_screen.ts";
import { loads } from "./baseline/loads.ts";
import { reading } from "./baseline/reading.ts";
import { results } from "./baseline/results.ts";
import { summary } from "./baseline/summary.ts";
import { changesSection } from "./compare/section.ts";
import type { Document } from "./document.ts";
import { inlineText } from "./inline_text.ts";
import { prose } from "./prose.ts";

/** What a report says beyond the result and its analysis. */
export interface ReportOptions {
  /** Files that belong to the report, listed at its end. @default [] */
  artifacts?: readonly Artifact[];
  /** What changed against another result; the section stands after the results. */
  changes?: ResultComparison;
}

/**
 * Builds the report. Every number in it comes from the analysis, every sentence from a finding or
 * caveat whose condition holds; nothing is left out because it does not fit.
 *
 * @param result A result, complete or not.
 * @param analysis The analysis of that result.
 */
export function buildBaselineReport(
  result: Result,
  analysis: Analysis,
  { artifacts: files = [], changes }: ReportOptions = {},
): Document {
  const sections = [
    firstScreen,
    facts,
    summary,
    reading,
    configuration,
    results,
    loads,
    () => changes === undefined ? [] : changesSection(changes),
    benchmarkByBenchmark,
    characteristics,
    comparison,
    caveats,
    claims,
    nextSteps,
    rawOutput,
  ];
  return {
    title: inlineText(prose(result.suite.title, result)),
    language: "en",
    blocks: [
      ...sections.flatMap((section) => section(result, analysis)),
      ...artifacts(result, analysis, files),
    ],
  };
}
