/** `report`: renders a result again. */
import { analyseResult, isLadder, judgeLadder } from "../../../analysis/mod.ts";
import { fileReason } from "../../../disk/mod.ts";
import {
  buildBaselineReport,
  buildLadderReport,
  type Document,
  figuresFolder,
  htmlFile,
  ladderToJson,
  markdownFiles,
  placeReportFile,
  type ReportFile,
  toJson,
  toMarkdown,
} from "../../../report/mod.ts";
import type { Result } from "../../../result/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { readAgain } from "../../ladder_again.ts";
import { readAny } from "../../read_any.ts";
import { UsageError } from "../../usage_error.ts";
import type { ReportFlags } from "./command.ts";

/** Runs the command. */
export function runReport(path: string, flags: ReportFlags, { streams }: Call): number {
  const result = readAny(path);
  const { document, json } = reportOf(path, result);
  if (flags.json) streams.out(json());
  else if (flags.markdown === undefined && flags.html === undefined) {
    streams.out(toMarkdown(document));
  }
  const { markdown, html } = flags;
  const files = [
    ...(markdown === undefined ? [] : markdownFiles(document, markdown, figuresFolder(markdown))),
    ...(html === undefined ? [] : [htmlFile(document, result, html)]),
  ];
  if (!flags.force) { for (const { path } of files) refuseExisting(path); }
  for (const file of files) writeNew(file, flags);
  return EXIT.fine;
}

/** The document of a result, and the same for programs. */
function reportOf(path: string, result: Result): { document: Document; json: () => string } {
  if (isLadder(result)) {
    const ladder = judgeLadder(result, readAgain(path));
    return {
      document: buildLadderReport(result, ladder),
      json: () => `${ladderToJson(result, ladder)}\n`,
    };
  }
  const analysis = analyseResult(result);
  return {
    document: buildBaselineReport(result, analysis),
    json: () => toJson(result, analysis),
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
