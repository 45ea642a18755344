/** The quality report: what the simulations of intervals, verdicts and histories gave. */
import { formatCount, formatPercent, formatPercentBound, plural } from "../format/mod.ts";
import {
  EFFECTS,
  type Quality,
  type QualityPart,
  type QualityParts,
  SIGNIFICANCE,
} from "../analysis/mod.ts";
import { type Block, code, type Document, heading, list, paragraph, table } from "./document.ts";
import { bisectionQuality, bisectionQualitySummary } from "./quality_bisections.ts";
import {
  controlQuality,
  controlQualitySummary,
  historyQuality,
  historyQualitySummary,
} from "./quality_histories.ts";
import { looksQuality, looksQualitySummary } from "./quality_looks.ts";
import { sequentialQuality, sequentialQualitySummary } from "./quality_sequential.ts";
import { type RealSessions, realSessions, realSummary } from "./quality_sessions.ts";
import { outside, withError } from "./quality_share.ts";

/** What intervals and verdicts must reach: the bounds of coverage, and the rate of false verdicts. */
const COVERAGE = { low: 0.93, high: 0.97 };
const FALSE_VERDICTS = 0.01;

/**
 * Builds the report; every figure comes from the simulations, or from sessions that were measured. What
 * was not simulated says `skipped`, and how it is.
 */
export function buildQualityReport(quality: Quality, sessions: RealSessions): Document {
  return {
    title: "Quality of intervals and verdicts",
    language: "en",
    blocks: [
      heading(1, "Quality of intervals and verdicts"),
      paragraph(
        `Simulated with seed ${quality.seed}: the same seed gives the same figures. A share from n ` +
          "repetitions is off by up to two standard errors, which stand beside it. Simulations do not " +
          "know what a machine does; the last section has what a real one did.",
      ),
      ...summary(quality, realSummary(sessions)),
      heading(2, "Coverage of the 95% intervals"),
      ...whereSimulated(quality, "coverage", coverage),
      heading(2, "False verdicts"),
      ...whereSimulated(quality, "verdicts", falseVerdicts),
      heading(2, "Power"),
      ...whereSimulated(quality, "power", power),
      ...whereSimulated(quality, "advice", advice),
      heading(2, "Targets until sure"),
      ...whereSimulated(quality, "looks", looksQuality),
      heading(2, "Comparisons until sure"),
      ...whereSimulated(quality, "sequential", sequentialQuality),
      heading(2, "Histories"),
      ...whereSimulated(quality, "histories", historyQuality),
      heading(3, "With a control"),
      ...whereSimulated(quality, "controls", controlQuality),
      heading(2, "Searches for a commit"),
      ...whereSimulated(quality, "bisection", bisectionQuality),
      ...realSessions(sessions),
    ],
  };
}

/** What there is to say of a part, or that it was not simulated. */
function whereSimulated<P extends QualityPart>(
  quality: Quality,
  part: P,
  say: (figures: QualityParts[P]) => Block[],
): Block[] {
  const figures = quality[part] as QualityParts[P] | undefined;
  if (figures !== undefined) return say(figures);
  return [
    paragraph([
      "skipped: that part was not simulated; ",
      code(`deno task quality ${part}`),
      " simulates it",
    ]),
  ];
}

function summary(
  { coverage, verdicts, looks, sequential, histories, controls, bisection }: Quality,
  real: readonly string[],
): Block[] {
  return [
    heading(2, "Summary"),
    list([
      ...(coverage === undefined ? [] : coverageSummary(coverage)),
      ...(verdicts === undefined ? [] : verdictSummary(verdicts)),
      ...(coverage === undefined ? [] : falseAlarms(coverage)),
      ...(looks === undefined ? [] : looksQualitySummary(looks)),
      ...(sequential === undefined ? [] : sequentialQualitySummary(sequential)),
      ...(histories === undefined ? [] : historyQualitySummary(histories)),
      ...(controls === undefined ? [] : controlQualitySummary(controls)),
      ...(bisection === undefined ? [] : bisectionQualitySummary(bisection)),
      ...real,
    ]),
  ];
}

function coverageSummary(coverage: QualityParts["coverage"]): string[] {
  const plain = coverage.filter(({ printed }) => printed === "plainly");
  const off = plain.filter((row) =>
    outside(row.coverage, row.repetitions, COVERAGE.low, COVERAGE.high)
  );
  const bounds = `${formatPercentBound(COVERAGE.low)} to ${formatPercentBound(COVERAGE.high)}`;
  return [
    `Of ${formatCount(plain.length)} situations in which a report prints a 95% interval ` +
    `plainly, ${plain.length - off.length} cover ${bounds} as far as the repetitions can tell.`,
    ...off.map((row) => {
      const where = `${row.interval}, ${row.data}, ${plural(row.runs, "run")} of ${row.n}`;
      return `Outside: ${where}: ${withError(row.coverage, row.repetitions)}.`;
    }),
  ];
}

function verdictSummary(verdicts: QualityParts["verdicts"]): string[] {
  const unwarned = verdicts.filter(({ warning }) => warning === null);
  const wrong = unwarned.filter((row) =>
    outside(row.withThreshold, row.repetitions, 0, FALSE_VERDICTS)
  );
  const promised = formatPercentBound(FALSE_VERDICTS);
  return [
    `Of ${formatCount(unwarned.length)} situations in which identical code is compared without ` +
    `a warning, ${unwarned.length - wrong.length} give false verdicts in ${promised} of ` +
    "comparisons or fewer as far as the repetitions can tell.",
    ...wrong.map((row) => {
      const where = `${row.data}, ${plural(row.runs, "run")}, ${plural(row.rows, "row")}`;
      return `More: ${where}: ${withError(row.withThreshold, row.repetitions)}.`;
    }),
  ];
}

/** How often warnings of runs are idle. */
function falseAlarms(coverage: QualityParts["coverage"]): string[] {
  const told = coverage.flatMap(({ printed, told }) =>
    printed === "plainly" && told !== undefined ? [told] : []
  );
  if (told.length === 0) return [];
  const [least, most] = [Math.min(...told), Math.max(...told)];
  return [
    `Runs that their interval fits are warned of falsely in ${formatPercent(least)} to ` +
    `${formatPercent(most)} of cases.`,
  ];
}

function coverage(rows: QualityParts["coverage"]): Block[] {
  return [
    paragraph(
      "The last column is how often a report tells, by the runs themselves, that the interval does not " +
        "fit them; where it fits them, that is a false alarm. What few runs cannot show by themselves is " +
        "said before every table of results: the share of runs and of samples that such a session misses.",
    ),
    table(
      ["Interval", "Data", ">Runs", ">n", ">Coverage", "In reports", ">Told of"],
      rows.map((row) => [
        row.interval,
        row.data,
        String(row.runs),
        formatCount(row.n),
        withError(row.coverage, row.repetitions),
        row.printed,
        row.told === undefined ? "–" : formatPercent(row.told),
      ]),
    ),
  ];
}

function falseVerdicts(rows: QualityParts["verdicts"]): Block[] {
  return [
    paragraph(
      `Identical code compared with itself at the level ${SIGNIFICANCE}: the share of comparisons with any ` +
        "row called improved or regressed, with the default threshold of 5% and with none, and beside it the " +
        "share of rows of which nothing is known: few false verdicts may be few verdicts. Not promised: " +
        "a spread that doubles from one side to the other, disturbances of a few nights, a baseline that " +
        "wanders from session to session.",
    ),
    table(
      [
        "Data",
        "Design",
        ">Runs a side",
        ">Rows",
        ">With the threshold",
        ">Without one",
        ">Inconclusive rows",
        "Warned of",
      ],
      rows.map((row) => [
        row.data,
        row.design,
        String(row.runs),
        String(row.rows),
        withError(row.withThreshold, row.repetitions),
        withError(row.withoutThreshold, row.repetitions),
        formatPercent(row.inconclusive),
        row.warning ?? "–",
      ]),
    ),
  ];
}

function power(rows: QualityParts["power"]): Block[] {
  return [
    paragraph(
      "The share of comparisons in which a slow-down was called regressed, by its size; threshold 5%. " +
        "In the interleaved sessions the machine changes from block to block by as much as the runs " +
        "spread.",
    ),
    table(
      [
        "Between runs",
        "Design",
        ">Runs a side",
        ...EFFECTS.map((effect) => `>${formatPercentBound(effect)}`),
      ],
      rows.map(({ spread, design, runs, called }) => [
        formatPercentBound(spread),
        design,
        String(runs),
        ...called.map((share) => formatPercent(share)),
      ]),
    ),
  ];
}

function advice(rows: QualityParts["advice"]): Block[] {
  return [
    paragraph(
      "The number of runs that a comparison of identical code advises by the spread that it saw " +
        "(median), and how often as many as were advised called the change of one of so many benchmarks " +
        "that are judged together; 95% is what it is made for. Few runs come in whole numbers, and so " +
        "give more:",
    ),
    table(
      [
        ">Benchmarks",
        "Between runs",
        ">Slow-down",
        ">Runs that advised",
        ">Advised runs a side",
        ">Called",
      ],
      rows.map(({ rows, spread, effect, pilot, repetitions, runs, called }) => [
        String(rows),
        formatPercentBound(spread),
        formatPercentBound(effect),
        String(pilot),
        runs === null ? "more than 1,000" : formatCount(runs),
        called === null ? "–" : withError(called, repetitions),
      ]),
    ),
  ];
}
