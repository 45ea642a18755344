/** A comparison as blocks of a document. */
import { changeRangeText, formatCount, formatPercentBound } from "../../format/mod.ts";
import { type ChangeRow, METRIC_WORDS, type ResultComparison } from "../../analysis/mod.ts";
import { textsOf } from "../../remark/mod.ts";
import {
  type Block,
  code,
  type Document,
  heading,
  list,
  paragraph,
  quantity,
  status,
  table,
  type Words,
} from "../document.ts";
import {
  countsInWords,
  gateInWords,
  looksInWords,
  method,
  pairingInWords,
  round,
  rowInWords,
  rowName,
  runsInWords,
  sideInWords,
  sight,
  VERDICTS,
  WITNESS_WORDS,
  witnessesInWords,
  witnessValue,
} from "./words.ts";

/** The section of a report that says what changed: every row, what differs, and what to beware of. */
export function changesSection(comparison: ResultComparison): Block[] {
  return [
    heading(2, ["Changes against ", comparison.base.label]),
    ...headline(comparison),
    ...everyRow(comparison),
    ...witnesses(comparison),
    ...oneSided(comparison),
    ...differences(comparison),
    ...beware(comparison),
  ];
}

/** A document of its own for a comparison. */
export function buildComparisonReport(comparison: ResultComparison): Document {
  const { base, candidate } = comparison;
  const title = `${candidate.label} against ${base.label}`;
  const [, ...blocks] = changesSection(comparison);
  return { title, language: "en", blocks: [heading(1, title), ...sides(comparison), ...blocks] };
}

/** What fits on a forge's job page: the counts, what changed, and what is open. */
export function buildComparisonSummary(comparison: ResultComparison): Document {
  const { base, candidate, rows } = comparison;
  const title = `${candidate.label} against ${base.label}`;
  const changed = rows.filter(({ verdict }) => verdict === "regressed" || verdict === "improved");
  return {
    title,
    language: "en",
    blocks: [
      heading(2, title),
      ...headline(comparison),
      ...(changed.length === 0 ? [] : [rowTable(changed)]),
      ...open(rows),
      ...oneSided(comparison),
      ...beware(comparison),
    ],
  };
}

function sides({ base, candidate }: ResultComparison): Block[] {
  return [
    list([["Base", base] as const, ["Candidate", candidate] as const].map(([name, side]): Words => [
      `${name}: ${side.label}, result `,
      code(side.result),
      ", suite ",
      code(side.suite),
      ", profile ",
      code(side.profile),
    ])),
  ];
}

function headline(comparison: ResultComparison): Block[] {
  const { counts } = comparison;
  const worst = VERDICTS.find((verdict) => counts[verdict] > 0);
  return [
    paragraph(
      worst === undefined
        ? gateInWords(comparison)
        : [status(worst), `: ${countsInWords(counts)}. ${gateInWords(comparison)}`],
    ),
  ];
}

function rowTable(rows: readonly ChangeRow[]): Block {
  return table(
    [
      "Benchmark",
      "Metric",
      ">Base",
      ">Candidate",
      ">Change",
      ">p",
      ">Threshold",
      ">Runs",
      "Verdict",
    ],
    rows.map((row) => [
      code(row.id),
      METRIC_WORDS[row.metric],
      quantity(sideInWords(row, row.base)),
      quantity(sideInWords(row, row.candidate)),
      row.change === null ? "–" : quantity(changeRangeText(row.change)),
      row.adjustedP === null ? "–" : pCell(row.adjustedP),
      formatPercentBound(round(row.threshold)),
      runsInWords(row).replace(/ runs?$/, ""),
      status(row.verdict),
    ]),
  );
}

function pCell(p: number): string {
  return p < 0.0001 ? "< 0.0001" : String(Number(p.toPrecision(2)));
}

function everyRow(comparison: ResultComparison): Block[] {
  const { rows } = comparison;
  if (rows.length === 0) return [];
  const seen = [looksInWords(comparison), pairingInWords(comparison), sight(comparison)]
    .filter((text) => text !== null);
  return [
    rowTable(rows),
    paragraph(method(comparison)),
    ...seen.map((text) => paragraph(text)),
    ...open(rows),
  ];
}

/** The rows without a verdict, and why. */
function open(rows: readonly ChangeRow[]): Block[] {
  const inconclusive = rows.filter(({ verdict }) => verdict === "inconclusive");
  if (inconclusive.length === 0) return [];
  // One reason often holds for all metrics of all benchmarks.
  const reasons = [...new Set(inconclusive.map(({ reason }) => reason))];
  return [
    paragraph("Inconclusive, and why:"),
    list(reasons.map((reason): Words => {
      const same = inconclusive.filter((row) => row.reason === reason);
      const [first] = same;
      return same.length === 1
        ? `${rowName(first!)}: ${reason} (${rowInWords(first!)})`
        : `${same.map(rowName).join(", ")}: ${reason}`;
    })),
  ];
}

/** What the threads did, in a table of its own. */
function witnesses(comparison: ResultComparison): Block[] {
  const words = witnessesInWords(comparison);
  if (words === null) return [];
  return [
    table(
      ["Benchmark", "Witness", ">Base", ">Candidate", ">Change", ">Runs"],
      comparison.witnesses.map((row) => [
        code(row.id),
        WITNESS_WORDS[row.witness],
        quantity(witnessValue(row, row.base)),
        quantity(witnessValue(row, row.candidate)),
        row.change === null ? "–" : quantity(changeRangeText(row.change)),
        `${formatCount(row.runs.base)} and ${formatCount(row.runs.candidate)}`,
      ]),
    ),
    paragraph(words),
  ];
}

function oneSided({ onlyInBase, onlyInCandidate }: ResultComparison): Block[] {
  const named = (ids: readonly string[]): Exclude<Words, string>[] => ids.map((id) => code(id));
  const between = (pieces: Exclude<Words, string>[]) =>
    pieces.flatMap((piece, index) => index === 0 ? [piece] : [", ", piece]).flat();
  return [
    ...(onlyInBase.length === 0
      ? []
      : [paragraph(["Only in the base: ", ...between(named(onlyInBase))])]),
    ...(onlyInCandidate.length === 0
      ? []
      : [paragraph(["Only in the candidate: ", ...between(named(onlyInCandidate))])]),
  ];
}

function differences({ differences }: ResultComparison): Block[] {
  if (differences.length === 0) return [];
  return [
    paragraph("What differs besides the numbers:"),
    table(
      ["What", "Of", "Base", "Candidate"],
      differences.map(({ topic, what, base, candidate }) => [
        what,
        topic,
        code(base),
        code(candidate),
      ]),
    ),
  ];
}

function beware({ remarks }: ResultComparison): Block[] {
  return remarks.length === 0 ? [] : [paragraph("To know before acting:"), list(textsOf(remarks))];
}
