/** Puts a result into a history. */
import { basename, dirname } from "node:path";
import { type Analysis, estimateResult, nightRecord } from "../analysis/mod.ts";
import {
  FIGURES_FOLDER,
  fileReason,
  isThere,
  REPORT_HTML_FILE,
  REPORT_MARKDOWN_FILE,
  RESULT_FILE,
} from "../disk/mod.ts";
import type { Added, History, NightFile } from "../history/mod.ts";
import { buildBaselineReport, htmlFile } from "../report/mod.ts";
import type { Result } from "../result/mod.ts";
import { NightError } from "./error.ts";

/**
 * Adds a result to a history with its report: the one beside it, where there is one, else a new one.
 *
 * @param path Of the result, or of its directory.
 * @param analysis The result's, as `analyseResult()` makes it, where there is one already.
 * @param place The night and node, where not the result's own.
 * @throws {NightError} Where the result does not say of which night or node it is.
 * @throws {HistoryError} Where it cannot be added.
 */
export function addResult(
  history: History,
  path: string,
  result: Result,
  analysis: Analysis | undefined,
  place: { night?: string | undefined; node?: string | undefined } = {},
): Added {
  const beside = reportBeside(path);
  const needsReport = !beside.names.includes(REPORT_HTML_FILE);
  // Without criterion's own estimates, which take nearly all of the time: a night's record has none of
  // them, and a report that is made here says where they are to be had.
  const made = analysis ?? estimateResult(result);
  let record;
  try {
    record = nightRecord(result, made, place);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NightError(error.message.replace(/name the (node|night)$/, "name it with --$1"));
  }
  const files: NightFile[] = [
    { name: RESULT_FILE, content: { text: JSON.stringify(result) + "\n" } },
  ];
  const { folder, names } = beside;
  files.push(...names.map((name) => ({ name, content: { path: `${folder}/${name}` } })));
  if (needsReport) {
    const { text } = htmlFile(buildBaselineReport(result, made), result, REPORT_HTML_FILE);
    files.push({ name: REPORT_HTML_FILE, content: { text } });
  }
  return history.add(record, files);
}

/** What is there of a result's report: names, and in which folder. */
function reportBeside(path: string): { folder: string; names: string[] } {
  const folder = basename(path) === RESULT_FILE ? dirname(path) : path;
  try {
    const names = [REPORT_MARKDOWN_FILE, FIGURES_FOLDER, REPORT_HTML_FILE]
      .filter((name) => isThere(`${folder}/${name}`));
    return { folder, names };
  } catch (error) {
    throw new NightError(`Cannot read ${path}: ${fileReason(error)}`);
  }
}
