import {
  type Analysis,
  formatBound,
  formatMetricRange,
  formatRatio,
  METRIC_WORDS,
  metricOf,
  operationWord,
  shortRatio,
  type TargetVerdict,
  withoutInterval,
} from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { statusMark, statusText } from "../status_text.ts";
import { drawIntervals, type IntervalGroup } from "./interval_rows.ts";
import { ARROWS } from "./captions.ts";
import { storeColour } from "./marks.ts";

/** Every target with its interval, as multiples of the bound; nothing where no target was measured. */
export function targetsFigure({ targets, stores, benchmarks }: Analysis): Figure[] {
  const asked = targets.filter(({ planned }) => planned);
  const judged = asked.filter(({ margin }) => margin !== null);
  if (judged.length === 0) return [];
  const groups = [...Map.groupBy(asked, groupName).values()].map((verdicts): IntervalGroup => ({
    rows: verdicts.map((verdict) => ({
      label: `${rowName(verdict)}, ${verdict.store}`,
      note: verdict.margin === null
        ? `– ${withoutInterval(metricOf(benchmarks, verdict.benchmark, verdict.target.metric))}`
        : `${statusMark(verdict.verdict)} ${shortRatio(verdict.margin)}`,
      noteLook: verdict.margin === null ? "soft" : verdict.verdict.replaceAll(" ", "-"),
      colour: storeColour(stores, verdict.store),
      mark: "full",
      shape: "circle",
      range: verdict.margin,
      says: verdict.margin === null
        ? ""
        : `${verdict.benchmark}, times as good as the target: ${formatRatio(verdict.margin)}`,
    })),
  }));
  const { clipped, ...drawing } = drawIntervals(groups, {
    quantity: "factor",
    title: "Times as good as the target",
    reference: { value: 1, name: "target" },
    compact: true,
  });
  return [figure({
    id: "targets",
    title: "What was measured, against its target",
    caption:
      "A dot is how many times as good as its target a value is, the bar its interval: right of " +
      "the line is better, and a bar that touches it leaves the target open." +
      (clipped ? ARROWS : ""),
    drawing,
    numbers: table(
      ["Benchmark", "Metric", ">Measured", ">Target", ">Times as good", "Status"],
      asked.map(({ benchmark, target, estimate, margin, verdict }) => [
        code(benchmark),
        METRIC_WORDS[target.metric],
        estimate === null
          ? withoutInterval(metricOf(benchmarks, benchmark, target.metric))
          : formatMetricRange(target.metric, estimate),
        formatBound(target),
        margin === null ? "–" : formatRatio(margin),
        statusText(verdict),
      ]),
    ),
  })];
}

/** Targets of one metric of one benchmark stand together. */
function groupName({ target }: TargetVerdict): string {
  return `${target.benchmark} ${target.metric}`;
}

/** `write rate`, `read p99`; a benchmark of no known operation by its name. */
function rowName({ target, operation }: TargetVerdict): string {
  const metric = target.metric === "throughput" ? "rate" : METRIC_WORDS[target.metric];
  return `${operation === null ? target.benchmark : operationWord(operation)} ${metric}`;
}
