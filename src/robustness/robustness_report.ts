/** The report on what was attacked: the counts of the fuzzers and of the torture, and what held before. */
import { formatCount, plural } from "../format/mod.ts";
import {
  type Block,
  code,
  type Document,
  heading,
  type Inline,
  list,
  paragraph,
  table,
} from "../report/mod.ts";
import type { FuzzRow, ReleaseRow, TortureRow } from "./counts.ts";
import { EARLIER, FOUND } from "./known.ts";

/** Letters of a commit that tell it from others. */
const SHORT_COMMIT = 7;

/** What the report is made of; what is not there was not run. */
export interface Robustness {
  fuzz: readonly FuzzRow[];
  torture: readonly TortureRow[];
  releases: readonly ReleaseRow[];
}

/** Builds the report; every figure in a table comes from a task's counts. */
export function buildRobustnessReport({ fuzz, torture, releases }: Robustness): Document {
  return {
    title: "Robustness",
    language: "en",
    blocks: [
      heading(1, "Robustness"),
      paragraph(
        "What others may have made, and what may happen to a machine, is tried on purpose. The tables " +
          "are written by the tasks that did it; nothing in them is typed by hand.",
      ),
      heading(2, "Fuzzers"),
      ...fuzzers(fuzz),
      heading(2, "Torture"),
      ...tortures(torture),
      heading(2, "The raw store over every release"),
      ...overReleases(releases),
      heading(2, "What was found, and mended"),
      list(FOUND.map(withCode)),
      heading(2, "What held in an attack on an earlier version"),
      paragraph(
        "An attack on the version 41bd30e, by hand and with programs that are not part of this " +
          "project, found these to hold. Its counts are that attack's; beside each is what tries the " +
          "same again.",
      ),
      table(
        ["What held, with that attack's counts", "To try it again"],
        EARLIER.map((row) => row.map(withCode)),
      ),
    ],
  };
}

function fuzzers(rows: readonly FuzzRow[]): Block[] {
  if (rows.length === 0) return [paragraph("None has been run.")];
  const minutes = minutesText(rows);
  const own = rows.filter(({ group }) => group === "own");
  const importers = rows.filter(({ group }) => group === "importer");
  return [
    paragraph(
      "Each mutates real inputs, knowing lines and JSON: flipped bits, cuts, doubled, moved and foreign " +
        "lines, huge numbers, NULs, half surrogate pairs, deep nesting, hostile names. An input is made " +
        "again from fuzzer, seed and number. It is read in a process that may write one folder, and what " +
        "is accepted goes on through analysis, reports, comparison and exports. A finding is anything " +
        "but a sound result or one clear line: a crash, a number that the file does not bear, more than " +
        "4 s of processor time, more than 500 MB, a hang, or a file touched outside.",
    ),
    paragraph(withCode(
      `Altogether ${minutes} minutes in ${plural(rows.length, "run")}. Minutes are of processor ` +
        "time; the first runs did not count it, and have those on the clock. A fuzzer's row is the " +
        "sum of its runs, each of a seed of its own and of the version of its day; they stand one " +
        "by one below. To run them again: `deno task test:fuzz`; one of them, `deno task test:fuzz " +
        "--only journal --seed 1`. A run of another seed is added.",
    )),
    heading(3, "Our own forms"),
    fuzzTable(own),
    heading(3, "Outputs of other tools"),
    fuzzTable(importers),
    heading(3, "Each run"),
    runTable([...own, ...importers]),
  ];
}

/** Minutes of several runs: of processor time where it was counted, else on the clock. */
function minutesText(rows: readonly FuzzRow[]): string {
  return formatCount(
    Math.round(
      rows.reduce((sum, { minutes, processorMinutes = minutes }) => sum + processorMinutes, 0),
    ),
  );
}

/** A row a fuzzer, the sum of its runs. */
function fuzzTable(rows: readonly FuzzRow[]): Block {
  const byTarget = new Map<string, FuzzRow[]>();
  for (const row of rows) byTarget.set(row.target, [...byTarget.get(row.target) ?? [], row]);
  return table(
    [
      "Fuzzer",
      "What is read",
      ">Runs",
      ">Minutes",
      ">Inputs",
      ">Accepted",
      ">Refused clearly",
      ">Findings",
      ">Peak, MB",
    ],
    [...byTarget.values()].map((runs) => {
      const sum = (key: "inputs" | "accepted" | "refused" | "findings") =>
        formatCount(runs.reduce((all, run) => all + run[key], 0));
      return [
        runs[0]!.target,
        withCode(runs.at(-1)!.what),
        String(runs.length),
        minutesText(runs),
        sum("inputs"),
        sum("accepted"),
        sum("refused"),
        sum("findings"),
        String(Math.max(...runs.map(({ peakRssMb }) => peakRssMb))),
      ];
    }),
  );
}

function runTable(rows: readonly FuzzRow[]): Block {
  return table(
    [
      "Fuzzer",
      ">Seed",
      "Version",
      "Date",
      ">Minutes",
      ">Inputs",
      ">Accepted",
      ">Refused clearly",
      ">Findings",
      ">Peak, MB",
    ],
    rows.map((row) => [
      row.target,
      String(row.seed),
      row.commit === null ? "not known" : code(row.commit.slice(0, SHORT_COMMIT)),
      row.date,
      row.processorMinutes === undefined
        ? `${row.minutes} on the clock`
        : row.processorMinutes.toFixed(1),
      formatCount(row.inputs),
      formatCount(row.accepted),
      formatCount(row.refused),
      formatCount(row.findings),
      String(row.peakRssMb),
    ]),
  );
}

function tortures(rows: readonly TortureRow[]): Block[] {
  if (rows.length === 0) return [paragraph("It has not been run.")];
  return [
    paragraph(withCode(
      "Seeded. Each step has a time, after which it does no more, and a deadline, after which it has " +
        "failed. On a machine that does much else there is not time for all; the counts are what was " +
        "done. To run it again: `deno task test:torture`, or with `--quick` a few of each; some steps " +
        "need root, to mount file systems, and say so where they are skipped.",
    )),
    table(
      ["Step", "What is done", "State", "Counts", ">Time, s", "Form, seed, date"],
      rows.map((row) => [
        row.step,
        row.what,
        stateOf(row),
        Object.entries(row.counts).map(([what, count]) => `${what}: ${formatCount(count)}`).join(
          "; ",
        ),
        String(row.seconds),
        `${row.form}, ${row.seed}, ${row.date}`,
      ]),
    ),
  ];
}

function stateOf({ state, why, inTime }: TortureRow): string {
  if (state !== "held") return `${state}: ${why.split("\n")[0]}`;
  return inTime ? "held" : "held, as often as there was time for";
}

function overReleases(rows: readonly ReleaseRow[]): Block[] {
  if (rows.length === 0) return [paragraph("It has not been run.")];
  return [
    paragraph(["To run it again: ", code(rows[0]!.command), "."]),
    table(
      ["Release", "State", "Counts"],
      rows.map(({ release, state, why, counts }) => [
        release,
        state === "held" ? state : `${state}: ${why}`,
        Object.entries(counts).map(([what, count]) => `${what}: ${formatCount(count)}`).join("; "),
      ]),
    ),
  ];
}

/** Text whose pieces in backticks are commands, names of files, or values. */
function withCode(text: string): Inline[] {
  return text.split("`").map((piece, at) =>
    at % 2 === 1 ? code(piece) : { type: "text", text: piece }
  );
}
