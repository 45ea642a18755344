/** The quality report's section on comparisons that go on until they are sure. */
import { formatChange, formatCount, formatPercentBound, joinWords } from "../format/mod.ts";
import type { SequentialQuality } from "../analysis/mod.ts";
import { type Block, paragraph, table } from "./document.ts";
import { outside, withError } from "./quality_share.ts";

/** The rate of false verdicts that is promised, and the share of changes that have to be called. */
const FALSE_VERDICTS = 0.01;
const CALLED = 19 / 20;

/** The section. */
export function sequentialQuality({ rows, looks, cases }: SequentialQuality): Block[] {
  const [together, places] = [formatCount(rows), joinWords(looks.map(formatCount))];
  return [
    paragraph(
      `Comparisons in duets of ${together} rows that go on until every row is decided, as bench ` +
        "--until-sure does; the first row changed where something did. It is looked after " +
        `${places} pairs of a row, and what is decided is measured no more. False: any row that did ` +
        "not change was called improved or regressed. Overlooked: the row that changed was called " +
        "unchanged or too small to matter. Pairs are those of the row that changed, or of all rows of " +
        "identical code; the change as it reads is that of the moment when it ended.",
    ),
    table(
      [
        "Pairs are off by",
        ">Slow-down",
        ">Threshold",
        ">Comparisons",
        ">False",
        ">Called",
        ">Overlooked",
        ">Pairs, mean",
        ">Open at the end",
        ">Reads, mean",
        ">Reads, median",
      ],
      cases.map((row) => [
        row.data,
        row.effect === 0 ? "none" : formatPercentBound(row.effect),
        formatPercentBound(row.threshold),
        formatCount(row.comparisons),
        withError(row.wrong, row.comparisons),
        ...[row.called, row.overlooked].map((share) =>
          share === null ? "–" : withError(share, row.comparisons)
        ),
        formatCount(Math.round(row.pairs)),
        withError(row.open, row.effect === 0 ? rows * row.comparisons : row.comparisons),
        ...[row.estimate?.mean, row.estimate?.median].map((change) =>
          change === undefined ? "–" : `${(change * 100).toFixed(1)}%`
        ),
      ]),
    ),
    paragraph(
      "In the last rows a pair's ratio follows from the one before it, which no test over pairs allows " +
        "for; nothing is promised of them.",
    ),
  ];
}

/** What of it is promised and kept. */
export function sequentialQualitySummary({ rows, cases }: SequentialQuality): string[] {
  const assumed = cases.filter((row) => row.assumed);
  const same = assumed.filter(({ effect }) => effect === 0);
  const right = same.filter((row) => !outside(row.wrong, row.comparisons, 0, FALSE_VERDICTS));
  const slower = assumed.filter(({ called }) => called !== null);
  const called = slower.filter((row) => !outside(row.called!, row.comparisons, CALLED, 1));
  const reads = slower.map(({ effect, estimate }) => estimate!.mean / effect - 1);
  const [low, high] = [Math.min(...reads), Math.max(...reads)].map((off) => formatChange(off));
  const [all, kinds, good] = [rows, same.length, right.length].map(formatCount);
  const [slowDowns, seen] = [slower.length, called.length].map(formatCount);
  const promised = formatPercentBound(FALSE_VERDICTS);
  return [
    `Comparisons of ${all} rows that go on until they are sure: of ${kinds} kinds of noise, ${good} ` +
    `give false verdicts in ${promised} of comparisons of identical code at most; of ${slowDowns} ` +
    `slow-downs, ${seen} are called in 19 of 20. The change that ended a comparison reads ${low} to ` +
    `${high} of itself off in the mean.`,
  ];
}
