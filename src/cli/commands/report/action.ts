/** `report`: renders a result again. */
import { analyseResult, compareResults, isLadder, judgeLadder } from "../../../analysis/mod.ts";
import { fileReason } from "../../../disk/mod.ts";
import {
  type AnalysedSide,
  buildBaselineReport,
  buildLadderReport,
  buildSideBySide,
  comparisonToJson,
  type Document,
  figuresFolder,
  htmlFile,
  ladderToJson,
  markdownFiles,
  placeReportFile,
  type ReportFile,
  toHtml,
  toJson,
  toMarkdown,
} from "../../../report/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { requireCommon } from "../../gate.ts";
import { readAgain } from "../../ladder_again.ts";
import { readAny, readComparable } from "../../read_any.ts";
import { UsageError } from "../../usage_error.ts";
import type { ReportFlags } from "./command.ts";

/** Runs the command. */
export function runReport(
  path: string,
  other: string | undefined,
  flags: ReportFlags,
  { streams }: Call,
): number {
  const { markdown, html } = flags;
  // Refused before the work that makes their text.
  if (!flags.force) {
    for (const path of [markdown, html]) if (path !== undefined) refuseExisting(path);
  }
  const { document, json, page } = other === undefined ? reportOf(path) : besides(path, other);
  if (flags.json) streams.out(json());
  else if (flags.markdown === undefined && flags.html === undefined) {
    streams.out(toMarkdown(document));
  }
  const files = [
    ...(markdown === undefined ? [] : markdownFiles(document, markdown, figuresFolder(markdown))),
    ...(html === undefined ? [] : [page(html)]),
  ];
  if (!flags.force) { for (const { path } of files) refuseExisting(path); }
  for (const file of files) writeNew(file, flags);
  return EXIT.fine;
}

/** What there is to write. */
interface Report {
  document: Document;
  /** The same for programs. */
  json: () => string;
  page: (path: string) => ReportFile;
}

/** Two results side by side; each may be a saved baseline too. */
function besides(...paths: [string, string]): Report {
  const sides = paths.map((path) => {
    const result = readComparable(path);
    return { label: path, result, analysis: analyseResult(result) };
  }) as [AnalysedSide, AnalysedSide];
  const comparison = compareResults(...sides);
  requireCommon(comparison);
  const document = buildSideBySide(sides, comparison);
  return {
    document,
    json: () => `${comparisonToJson(comparison)}\n`,
    page: (path) => ({ path, text: toHtml(document) }),
  };
}

/** The report of a result. */
function reportOf(path: string): Report {
  const result = readAny(path);
  if (isLadder(result)) {
    const ladder = judgeLadder(result, readAgain(path));
    const document = buildLadderReport(result, ladder);
    return {
      document,
      json: () => `${ladderToJson(result, ladder)}\n`,
      page: (path) => htmlFile(document, result, path),
    };
  }
  const analysis = analyseResult(result);
  const document = buildBaselineReport(result, analysis);
  return {
    document,
    json: () => toJson(result, analysis),
    page: (path) => htmlFile(document, result, path),
  };
}

/** Refuses before anything is written, so that a refused call leaves no files. */
function refuseExisting(path: string): void {
  try {
    Deno.lstatSync(path);
  } catch {
    // It is not there, or writing will say what is wrong with it.
    return;
  }
  throw alreadyThere(path);
}

function writeNew(file: ReportFile, flags: ReportFlags): void {
  try {
    placeReportFile(file, { createNew: !flags.force });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw alreadyThere(file.path);
    throw new UsageError(`Cannot write ${file.path}: ${fileReason(error)}`);
  }
}

function alreadyThere(path: string): UsageError {
  return new UsageError(
    `Cannot write ${path}: it is there already; choose another name, or give --force`,
  );
}
