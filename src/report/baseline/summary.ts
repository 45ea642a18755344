import {
  type Analysis,
  formatBound,
  formatMetricRange,
  METRIC_WORDS,
  metricOf,
  type TargetVerdict,
  verdictWords,
  withoutInterval,
} from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import {
  type Block,
  code,
  heading,
  type Inline,
  inline,
  list,
  paragraph,
  status,
  type Words,
} from "../document.ts";
import { prose } from "../prose.ts";
import { answerOf } from "./first_screen.ts";

/** Findings that a reader in a hurry needs after the first screen, in this order. */
const HEADLINES = [
  "targets",
  "kvstore-overhead",
  "async-overhead",
  "load-share",
  "sub-microsecond-reads",
  "data-in-memory",
  "data-in-files",
  "soak",
  "slow-causes",
];

/** What came out, on half a page. */
export function summary(result: Result, analysis: Analysis): Block[] {
  // What the first screen says is not said again.
  const left = analysis.findings.filter((found) => !answerOf(analysis).includes(found));
  const headlines = HEADLINES.flatMap((id) => left.filter((found) => found.id === id));
  const open = analysis.targets.filter(({ verdict, planned }) => planned && verdict !== "met");
  const points: Words[] = [
    ...headlines.map(({ text }) => text),
    ...analysis.claims.map((claim) => claimInWords(claim, result)),
  ];
  return [
    heading(2, "Executive summary"),
    ...(points.length > 0
      ? [list(points)]
      : open.length > 0
      ? []
      : [paragraph("There is nothing to add to the first screen.")]),
    ...(open.length > 0
      ? [
        paragraph("Targets that are not met, or not surely:"),
        list(open.map((row) => openTarget(row, analysis))),
      ]
      : []),
  ];
}

/** A claim with what it claims, which its name alone does not say. */
export function claimInWords(
  { name, hypothesis, outcome }: Analysis["claims"][number],
  result: Result,
): Inline[] {
  return inline([status(outcome), " ", ...prose(name, result), ": ", ...prose(hypothesis, result)]);
}

/** A target that is missed or inconclusive, in one line. */
function openTarget(row: TargetVerdict, { benchmarks }: Analysis): Words {
  const { target, benchmark, verdict, estimate, point, reason } = row;
  const without = withoutInterval(metricOf(benchmarks, benchmark, target.metric));
  const measured = estimate === null
    ? point === undefined ? without : `measured ${without}`
    : `measured ${formatMetricRange(target.metric, estimate)}`;
  return [
    status(verdict, verdictWords(row)),
    " ",
    code(benchmark),
    ` ${METRIC_WORDS[target.metric]}: ${measured}, target ${formatBound(target)}` +
    (reason === null ? "" : `; ${reason}`),
  ];
}
