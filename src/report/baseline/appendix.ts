import { formatCount, joinWords, plural } from "../../format/mod.ts";
import {
  type Analysis,
  type BenchmarkAnalysis,
  formatMetricRange,
  withoutInterval,
} from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { criterionBlock } from "../criterion_text.ts";
import { type Block, code, codeBlock, heading, list, paragraph, type Words } from "../document.ts";
import { oneLine } from "../plain_text.ts";
import { prose } from "../prose.ts";

/** What to do after this report, as the suite has it. */
export function nextSteps(result: Result): Block[] {
  return [
    heading(2, "Next steps"),
    result.suite.nextSteps.length > 0
      ? list(result.suite.nextSteps.map((step) => prose(step, result)))
      : paragraph("The suite names none."),
  ];
}

/** criterion's output for every benchmark, store by store. */
export function rawOutput(result: Result, analysis: Analysis): Block[] {
  const title = heading(2, "Appendix: raw benchmark output", { folded: true });
  if (analysis.withoutCriterion) {
    return [
      title,
      paragraph([
        "Estimates of single runs, as criterion makes them, are not in this report: it was made when " +
        "its result was added to a history. ",
        code("deno task report"),
        " makes one with them, of the result beside it.",
      ]),
      paragraph(["Command: ", code(result.command.join(" "))]),
    ];
  }
  return [
    title,
    paragraph([
      "In criterion's format. criterion's output describes one process, so each block is of one run: " +
      "the one whose mean is the median of the benchmark's runs. The intervals of the results above " +
      "are wider where processes differ.",
    ]),
    paragraph(["Command: ", code(result.command.join(" "))]),
    ...analysis.stores.flatMap(({ store }, index) => {
      const own = analysis.benchmarks.filter((benchmark) => benchmark.store === store);
      return [
        heading(3, `Output of ${store}`, { apart: `output-${index + 1}` }),
        codeBlock(own.map(rawBlock).join("\n\n")),
      ];
    }),
  ];
}

/** A benchmark's block as criterion prints it, or a line that says that there is none. */
export function rawBlock(benchmark: BenchmarkAnalysis): string {
  const { criterion } = benchmark;
  // A name with line ends in it would pass for another benchmark's block.
  const id = oneLine(benchmark.name);
  if (criterion === null) {
    const [row] = benchmark.metrics;
    const value = row?.estimate
      ? formatMetricRange(row.metric, row.estimate)
      : withoutInterval(row);
    return `${id}: ${value}`;
  }
  return criterionBlock({
    id,
    time: criterion.time,
    ...(benchmark.kind === "throughput" ? { elements: criterion.elements } : {}),
    outliers: criterion.outliers,
  });
}

/** What there is besides this report, and how to make it again. */
export function artifacts(result: Result, analysis: Analysis, files: readonly Artifact[]): Block[] {
  return [
    heading(2, "Artifacts"),
    list([
      [
        "Result ",
        code(result.id),
        `: every sample, histogram and property of ${runsInAll(result, analysis)}`,
      ],
      ...files.map(({ name, what }): Words => [code(name), `: ${what}`]),
      `Analysis with ${formatCount(analysis.resamples)} resamples and seed ${result.seed}: the ` +
      "same result gives the same numbers",
      ["Command: ", code(result.command.join(" "))],
    ]),
  ];
}

/** How many runs a result has, and which of them no table is made of. */
function runsInAll({ runs }: Result, { benchmarks }: Analysis): string {
  const ids = new Set(benchmarks.map(({ id }) => id));
  const used = benchmarks.reduce((sum, { runs }) => sum + runs.used.length, 0);
  const floor = runs.filter(({ benchmark }) => !ids.has(benchmark)).length;
  const rest = runs.length - used - floor;
  const parts = [
    `${formatCount(used)} that the results are made of`,
    ...(floor === 0 ? [] : [`${formatCount(floor)} of stores that do nothing`]),
    ...(rest === 0 ? [] : [`${formatCount(rest)} failed, interrupted or done again`]),
  ];
  const all = plural(runs.length, "run");
  return parts.length === 1 && used > 0 ? all : `${all}: ${joinWords(parts)}`;
}

/** A file that belongs to a report. */
export interface Artifact {
  /** Its name, as a reader finds it from the report. */
  name: string;
  /** What it holds, as a clause. */
  what: string;
}
