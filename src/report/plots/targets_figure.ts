import { capitalised, formatFactor, formatFactorRange } from "../../format/mod.ts";
import {
  type Analysis,
  formatBound,
  formatMetricRange,
  METRIC_WORDS,
  operationWord,
  type TargetVerdict,
} from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { statusText } from "../status_text.ts";
import { drawIntervals, type IntervalGroup } from "./interval_rows.ts";
import { ARROWS } from "./captions.ts";
import { storeColour } from "./marks.ts";

/** Every target with its interval, as multiples of the bound; nothing where no target was measured. */
export function targetsFigure({ targets, stores }: Analysis): Figure[] {
  const judged = targets.filter(({ margin }) => margin !== null);
  if (judged.length === 0) return [];
  const groups = [...Map.groupBy(targets, groupName)].map(([heading, verdicts]): IntervalGroup => ({
    heading,
    rows: verdicts.map((verdict) => ({
      label: verdict.estimate === null
        ? verdict.store
        : `${verdict.store}: ${formatMetricRange(verdict.target.metric, verdict.estimate)}`,
      note: verdict.margin === null
        ? statusText("not measured")
        : `${statusText(verdict.verdict)} ${formatFactor(verdict.margin.value)}`,
      noteLook: verdict.margin === null ? "soft" : verdict.verdict,
      colour: storeColour(stores, verdict.store),
      mark: "full",
      shape: "circle",
      range: verdict.margin,
      says: verdict.margin === null
        ? ""
        : `${verdict.benchmark}: ${formatFactorRange(verdict.margin)} as good as the target`,
    })),
  }));
  const { clipped, ...drawing } = drawIntervals(groups, {
    quantity: "factor",
    title: "How many times as good as the target",
    reference: { value: 1, name: "target" },
  });
  return [figure({
    id: "targets",
    title: "What was measured, against its target",
    caption: "A dot is what was measured over the target (for times, the target over what was " +
      "measured), so that right of the line at 1× is better; the bar is its interval. A bar that " +
      `touches that line leaves the target inconclusive.${clipped ? ARROWS : ""}`,
    drawing,
    numbers: table(
      ["Benchmark", "Metric", ">Measured", ">Target", ">Times as good", "Status"],
      targets.map(({ benchmark, target, estimate, margin, verdict }) => [
        code(benchmark),
        METRIC_WORDS[target.metric],
        estimate === null ? "not measured" : formatMetricRange(target.metric, estimate),
        formatBound(target),
        margin === null ? "–" : formatFactorRange(margin),
        statusText(margin === null ? "not measured" : verdict),
      ]),
    ),
  })];
}

/** Targets of one metric of one benchmark stand together. */
function groupName({ target, operation }: TargetVerdict): string {
  const word = METRIC_WORDS[target.metric];
  const metric = operation === null
    ? `${target.benchmark} ${word}`
    : target.metric === "throughput"
    ? `${operationWord(operation)} throughput`
    : `${operationWord(operation)} latency, ${word}`;
  return `${capitalised(metric)}, target ${formatBound(target)}`;
}
