/** The quality report's section on the search for a commit. */
import { formatCount, formatNumber, formatPercentBound } from "../format/mod.ts";
import type { BisectionQuality } from "../analysis/mod.ts";
import { type Block, paragraph, table } from "./document.ts";
import { outside, withError } from "./quality_share.ts";

/** The share of searches that have to find it. */
const FOUND = 19 / 20;

/** The section. */
export function bisectionQuality({ commits, effect, error, rows }: BisectionQuality): Block[] {
  const [all, slower, asked] = [
    formatCount(commits),
    formatPercentBound(effect),
    formatPercentBound(error),
  ];
  return [
    paragraph(
      `Made-up repositories of ${all} commits, of which one is ${slower} slower, and searches at an ` +
        `error rate of ${asked}. Pairs of processes are off as said, and builds that do the same differ ` +
        "by 1 % where nothing else is said. A search that is not decided with 600 pairs has neither " +
        "found it nor is it wrong.",
    ),
    table(
      ["Pairs", ">Searches", ">Found", ">Another commit", ">Pairs of processes", ">Builds"],
      rows.map((row) => [
        row.data,
        formatCount(row.searches),
        withError(row.found, row.searches),
        withError(row.wrong, row.searches),
        formatCount(Math.round(row.pairs)),
        formatNumber(row.builds, 2),
      ]),
    ),
  ];
}

/** What of it is promised and not kept, or that all is. */
export function bisectionQualitySummary({ error, rows }: BisectionQuality): string[] {
  const assumed = rows.filter((row) => row.assumed);
  const kept = assumed.filter((row) =>
    !outside(row.found, row.searches, FOUND, 1) && !outside(row.wrong, row.searches, 0, error)
  );
  const [kinds, good, asked] = [
    formatCount(assumed.length),
    formatCount(kept.length),
    formatPercentBound(error),
  ];
  return [
    `Of ${kinds} kinds of noise, in ${good} a search names the commit in 19 of 20 repositories, and ` +
    `another one in ${asked} at most.`,
  ];
}
