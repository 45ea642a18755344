/** Two results side by side: both verdicts, every metric of both with the change, a figure, the facts. */
import { changeRangeText, type Range } from "../../format/mod.ts";
import {
  type Analysis,
  type ChangeRow,
  type ChangeSide,
  formatRatio,
  METRIC_WORDS,
  metricRangeText,
  type ResultComparison,
  shortRatio,
} from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { facts } from "../baseline/facts.ts";
import { findingText } from "../baseline/first_screen.ts";
import {
  type Block,
  code,
  type Document,
  type Figure,
  figure,
  heading,
  type Inline,
  inline,
  paragraph,
  quantity,
  status,
  strong,
  table,
} from "../document.ts";
import { ARROWS } from "../plots/captions.ts";
import { drawIntervals, type IntervalGroup } from "../plots/interval_rows.ts";
import { changesSection } from "./section.ts";
import { sideInWords } from "./words.ts";

/** A result with its analysis, and what a reader calls it. */
export interface AnalysedSide {
  label: string;
  result: Result;
  analysis: Analysis;
}

/**
 * Builds the document of two results beside each other. What each is by itself stands first; whether
 * they differ is the comparison's to say, which takes the first for the base.
 */
export function buildSideBySide(
  sides: readonly [AnalysedSide, AnalysedSide],
  comparison: ResultComparison,
): Document {
  const [base, candidate] = sides;
  const title = `${base.label} beside ${candidate.label}`;
  return {
    title,
    language: "en",
    blocks: [
      heading(1, title),
      ...sides.flatMap(inShort),
      ...valuesTable(comparison),
      ...changeFigure(comparison),
      ...changesSection(comparison),
      ...sides.flatMap(({ label, result, analysis }) => [
        heading(2, ["Facts of ", label]),
        ...facts(result, analysis).slice(1),
      ]),
    ],
  };
}

function inShort({ label, analysis }: AnalysedSide): Block[] {
  const said = ["verdict", "machine-noise"].flatMap((id) => findingText(analysis, id) ?? []);
  return [paragraph([strong(`${label}:`), ` ${said.join(" ")}`])];
}

/** Every metric with both values. */
function valuesTable({ rows, base, candidate }: ResultComparison): Block[] {
  if (rows.length === 0) return [];
  return [table(
    ["Benchmark", "Metric", `>${base.label}`, `>${candidate.label}`, ">Change", "Verdict"],
    rows.map((row) => [
      code(row.id),
      METRIC_WORDS[row.metric],
      value(row, row.base),
      value(row, row.candidate),
      row.change === null ? "–" : quantity(changeRangeText(row.change)),
      status(row.verdict),
    ]),
    { label: "Both results" },
  )];
}

function value(row: ChangeRow, side: ChangeSide): Inline[] {
  return side.estimate === null
    ? inline(sideInWords(row, side))
    : [quantity(metricRangeText(row.metric, side.estimate))];
}

/** The second over the first, metric by metric. */
function changeFigure({ rows, base, candidate }: ResultComparison): Figure[] {
  const changed = rows.flatMap((row) => row.change === null ? [] : [{ row, change: row.change }]);
  if (changed.length === 0) return [];
  const factorOf = ({ value, low, high }: Range) => ({
    value: 1 + value,
    low: 1 + low,
    high: 1 + high,
  });
  const groups = [...Map.groupBy(changed, ({ row }) => row.id)].map(([id, own]): IntervalGroup => ({
    heading: id,
    rows: own.map(({ row, change }) => ({
      label: METRIC_WORDS[row.metric],
      note: shortRatio(factorOf(change)),
      colour: "c1",
      mark: "full",
      shape: "circle",
      range: factorOf(change),
      says: `${id} ${METRIC_WORDS[row.metric]}: ${formatRatio(factorOf(change))}`,
    })),
  }));
  const { clipped, ...drawing } = drawIntervals(groups, {
    quantity: "factor",
    title: `${candidate.label} over ${base.label}`,
    reference: { value: 1, name: "the same" },
    compact: true,
  });
  return [figure({
    id: "side-by-side",
    title: "The second over the first",
    caption:
      "A dot is what the second result has over what the first has, the bar its interval: of " +
      "rates more is better, of times less. A bar that touches the line is no sure difference." +
      (clipped ? ARROWS : ""),
    drawing,
    numbers: table(
      ["Benchmark", "Metric", ">The second over the first"],
      changed.map(({ row, change }) => [
        code(row.id),
        METRIC_WORDS[row.metric],
        formatRatio(factorOf(change)),
      ]),
    ),
  })];
}
