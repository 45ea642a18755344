/** The quality report's section on benches that go on until their targets are decided. */
import { formatCount, formatNumber, formatPercentBound } from "../format/mod.ts";
import type { LooksQuality } from "../analysis/mod.ts";
import { type Block, paragraph, table } from "./document.ts";
import { outside, withError } from "./quality_share.ts";

/** The section. */
export function looksQuality({ confidence, most, rows }: LooksQuality): Block[] {
  const [level, allowed] = [confidence, 1 - confidence].map((share) =>
    formatPercentBound(Number(share.toPrecision(6)))
  );
  const all = formatCount(most);
  return [
    paragraph(
      "Sessions of one target that go on until it is decided, as bench --until-sure does: the first look " +
        `is after the planned runs, and each further one after twice as many as before, up to ${all}. ` +
        "Wrong: it decided what is not so, and where the truth is on the bound, anything; over all looks " +
        `together ${allowed} is allowed. Plain: the same, had each look taken an interval at ${level} as ` +
        "one look does. The interval at the end is the one that the report prints.",
    ),
    table(
      [
        "Runs are off by",
        ">Planned",
        ">Truth within the bound by",
        ">Wrong",
        ">Plain",
        ">Right",
        ">Interval at the end held",
        ">Looks, mean",
        ">Runs, mean",
      ],
      rows.map((row) => [
        row.data,
        formatCount(row.planned),
        row.within === 0 ? "on the bound" : formatPercentBound(Number(row.within.toPrecision(4))),
        withError(row.wrong, row.sessions),
        withError(row.plain, row.sessions),
        row.right === null ? "–" : withError(row.right, row.sessions),
        withError(row.held, row.sessions),
        formatNumber(row.looks, 2),
        formatCount(Math.round(row.runs)),
      ]),
    ),
    paragraph(
      "In the last rows runs are not of one kind, or each follows from the one before it, which no " +
        "interval over runs allows for: nothing is promised of them, and reports warn of such runs where " +
        "they can be told.",
    ),
  ];
}

/** What of it is promised and kept. */
export function looksQualitySummary({ confidence, rows }: LooksQuality): string[] {
  const assumed = rows.filter((row) => row.assumed);
  const kept = assumed.filter((row) => !outside(row.wrong, row.sessions, 0, 1 - confidence));
  const onBound = assumed.filter(({ within }) => within === 0);
  const shareOf = (read: (row: LooksQuality["rows"][number]) => number) =>
    formatPercentBound(Number(Math.max(...onBound.map(read)).toPrecision(2)));
  const [all, good] = [assumed.length, kept.length].map(formatCount);
  const allowed = formatPercentBound(Number((1 - confidence).toPrecision(6)));
  const [wrong, plain] = [shareOf((row) => row.wrong), shareOf((row) => row.plain)];
  return [
    `Benches that go on until their targets are decided: in ${good} of ${all} situations they decide ` +
    `what is not so in ${allowed} of sessions at most; with the truth on the bound in ${wrong} at most, ` +
    `where plain intervals would in ${plain}.`,
  ];
}
