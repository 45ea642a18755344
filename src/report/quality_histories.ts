/** The quality report's section on histories: shifts, nights that stood out, tonight. */
import {
  capitalised,
  formatCount,
  formatNumber,
  formatPercentBound,
  plural,
} from "../format/mod.ts";
import type { HistoryQuality, QualityParts } from "../analysis/mod.ts";
import { type Block, heading, paragraph, table } from "./document.ts";
import { outside, shareError, withError } from "./quality_share.ts";

/** The share of usual nights that may be called something else. */
const FALSE_NIGHTS = 1 / 200;

/** The section. */
export function historyQuality(history: HistoryQuality): Block[] {
  return [
    paragraph(
      `Years of ${history.nights} nights and ${history.seriesOfHistory} series whose nights spread by ` +
        "2 % where nothing else is said; the method knows neither level nor spread. A year is " +
        "judged night by night, each night by the nights up to it, and a false shift is one on any " +
        "night of the year.",
    ),
    ...falseShifts(history),
    ...shifts(history),
    ...falseNights(history),
    ...anomalies(history),
  ];
}

/** What of it is promised and not kept, or that all is. */
export function historyQualitySummary(history: HistoryQuality): string[] {
  const promised = history.falseShifts.filter(({ most }) => most !== null);
  const open = promised.filter((row) => shareStanding(row.share, row.series, row.most!) !== KEPT);
  const delays = history.shifts.filter(({ most }) => most !== null);
  const late = delays.filter((row) => row.median > row.most!);
  const nights = history.falseNights.filter(({ assumed }) => assumed);
  const wrong = nights.filter((row) => outside(row.called, row.nights, 0, FALSE_NIGHTS));
  const years = formatCount(promised.length);
  const kinds = formatCount(delays.length);
  const inTime = delays.length - late.length;
  return [
    `Of ${years} kinds of years without a change that are promised a share of false shifts, ` +
    `${promised.length - open.length} keep it beyond the error of the simulation.`,
    ...open.map((row) => {
      const standing = capitalised(shareStanding(row.share, row.series, row.most!));
      const [share, most] = [withError(row.share, row.series, 2), formatPercentBound(row.most!)];
      return `${standing}: ${row.data}: ${share}, promised ${most}.`;
    }),
    `Of ${kinds} kinds of shifts and creeps that are promised a median delay, ${inTime} keep it.`,
    ...late.map((row) => `Late: ${row.change}, ${row.data}: ${showNights(row.median)}.`),
    `Of ${formatCount(nights.length)} kinds of usual nights, ${nights.length - wrong.length} are ` +
    "called improved or regressed once in 200 nights or less, as far as the repetitions can tell.",
    ...wrong.map((row) =>
      `More: ${row.data}, after ${row.history} nights: ${withError(row.called, row.nights, 2)}.`
    ),
  ];
}

const KEPT = "kept";

/** How a share stands to what is promised, beyond two standard errors. */
function shareStanding(share: number, series: number, most: number): string {
  const slack = shareError(share, series);
  if (share + slack <= most) return KEPT;
  return share - slack > most ? "broken" : "not to be told";
}

/** A delay; that of too few series that saw it is `never`. */
function showNights(nights: number): string {
  return Number.isFinite(nights) ? plural(nights, "night") : "never";
}

function shareCell(share: number | null, series: number): string {
  return share === null ? "–" : withError(share, series);
}

/** What is promised of a share, and whether it is kept. */
function promise(share: number, series: number, most: number): string {
  return `at most ${formatPercentBound(most)}: ${shareStanding(share, series, most)}`;
}

function falseShifts({ falseShifts, threshold, youngNights }: HistoryQuality): Block[] {
  return [
    heading(3, "False shifts"),
    paragraph(
      "The share of series without any change that got a lasting shift in the year. " +
        `A shift is reported where its statistic reaches ${formatNumber(threshold, 3)}; beside ` +
        "it stands what one series in a hundred reaches. In the last rows the nights are not such as " +
        "the method assumes, and nothing is promised. The last column is another rule: any night " +
        "more than 10 % away from the night before. " +
        `Of the false shifts, those of the first ${youngNights} nights are told too: a young series is ` +
        "judged by less, so that it is not blind.",
    ),
    table(
      [
        "Data",
        ">Series",
        ">False shifts",
        "Promised",
        `>In the first ${youngNights} nights`,
        ">One in a hundred reaches",
        ">By the night before",
      ],
      falseShifts.map((row) => [
        row.data,
        formatCount(row.series),
        withError(row.share, row.series, 2),
        row.most === null ? "–" : promise(row.share, row.series, row.most),
        withError(row.young, row.series, 2),
        formatNumber(row.atOnePercent, 3),
        withError(row.lastNight, row.series),
      ]),
    ),
  ];
}

function shifts({ shifts }: HistoryQuality): Block[] {
  return [
    heading(3, "Shifts that are there"),
    paragraph(
      "A change on a random night, a month after the first at the soonest where nothing else is said. The delay counts the nights from " +
        "the first one of the change to the one that reports it, both with it: three at the least, for a " +
        "shorter change is not lasting. Found is the share that was reported in so many nights; " +
        "located, the share that lies at most so many nights from the truth, a year later; a second " +
        "shift is one more than there is. The last column is the other rule, which tells of the " +
        "change on its first night or never.",
    ),
    table(
      [
        "Change",
        "Data",
        ">Series",
        ">Median delay",
        "Promised",
        ">90% within",
        ">Found in 30",
        ">Found in 50",
        ">Located ± 1",
        ">Located ± 3",
        ">A second shift",
        ">By the night before",
      ],
      shifts.map((row) => [
        row.change,
        row.data,
        formatCount(row.series),
        showNights(row.median),
        row.most === null
          ? "–"
          : `at most ${row.most}: ${row.median <= row.most ? KEPT : "broken"}`,
        showNights(row.p90),
        withError(row.in30, row.series),
        withError(row.in50, row.series),
        shareCell(row.within1, row.series),
        shareCell(row.within3, row.series),
        shareCell(row.second, row.series),
        withError(row.lastNight, row.series),
      ]),
    ),
  ];
}

/** What is promised of controls and not kept, or that all is. */
export function controlQualitySummary({ machine, store }: QualityParts["controls"]): string[] {
  const open = machine.filter((row) =>
    shareStanding(row.withControl, row.series, row.most) !== KEPT
  );
  const promised = store.filter(({ most }) => most !== null);
  const late = promised.filter((row) => row.median > row.most!);
  const kept = machine.length - open.length;
  const kinds = formatCount(machine.length);
  const changes = formatCount(promised.length);
  const inTime = promised.length - late.length;
  return [
    `With a control, of ${kinds} kinds of machines that stay, wander or step ${kept} give as few false ` +
    "shifts of the store as is promised, beyond the error of the simulation.",
    `Of ${changes} kinds of changes of the store that are promised a median delay with a control, ` +
    `${inTime} keep it.`,
    ...open.map((row) => {
      const standing = capitalised(shareStanding(row.withControl, row.series, row.most));
      const [share, most] = [
        withError(row.withControl, row.series, 2),
        formatPercentBound(row.most),
      ];
      return `${standing}: machine ${row.data}, with a control: ${share}, promised ${most}.`;
    }),
    ...late.map((row) => `Late: with a control, ${row.change}: ${showNights(row.median)}.`),
  ];
}

/** What a control makes of it. */
export function controlQuality(
  { pairs, pairSpread, machine, store }: QualityParts["controls"],
): Block[] {
  const spread = formatPercentBound(pairSpread);
  return [
    paragraph(
      `A night has ${pairs} pairs of processes, one of tonight's store and one of the control; their ` +
        `ratios spread by ${spread}, and what the machine does falls on both. Without a control a ` +
        "shift of the values is told; with one, that of the ratio is the store's, and one of the " +
        "values that the ratio does not have is told as the machine's.",
    ),
    table(
      [
        "The machine",
        ">Series",
        ">A shift without a control",
        ">Told as the store's with one",
        "Promised",
        ">Of the values' shifts, told as the machine's",
      ],
      machine.map((row) => [
        row.data,
        formatCount(row.series),
        withError(row.without, row.series, 2),
        withError(row.withControl, row.series, 2),
        promise(row.withControl, row.series, row.most),
        withError(row.machines, row.series),
      ]),
    ),
    table(
      ["The store", "Data", ">Series", ">Median delay", "Promised", ">90% within", ">Found in 30"],
      store.map((row) => [
        row.change,
        row.data,
        formatCount(row.series),
        showNights(row.median),
        row.most === null
          ? "–"
          : `at most ${row.most}: ${row.median <= row.most ? KEPT : "broken"}`,
        showNights(row.p90),
        withError(row.in30, row.series),
      ]),
    ),
  ];
}

function falseNights({ falseNights }: HistoryQuality): Block[] {
  return [
    heading(3, "Tonight"),
    paragraph(
      "The share of usual nights, which are no spikes, that lie outside of tonight's interval, and of those " +
        "that are called improved or regressed, which takes 5 % of change besides.",
    ),
    table(
      ["Data", "Nights before", ">Nights", ">Outside", ">Called"],
      falseNights.map((row) => [
        row.data,
        row.history,
        formatCount(row.nights),
        withError(row.outside, row.nights, 2),
        withError(row.called, row.nights, 2),
      ]),
    ),
  ];
}

function anomalies({ anomalies }: HistoryQuality): Block[] {
  return [
    heading(3, "Nights that stood out"),
    paragraph("Single nights that are 20 % slow, and what was flagged at the end of the year."),
    table(
      ["Data", ">Such nights", ">Flagged", ">Usual nights", ">Flagged"],
      anomalies.map((row) => [
        row.data,
        formatCount(row.spikes),
        withError(row.found, row.spikes),
        formatCount(row.usual),
        withError(row.wrong, row.usual, 2),
      ]),
    ),
  ];
}
