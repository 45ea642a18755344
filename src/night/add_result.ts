/** Puts a result into a history. */
import { type Analysis, nightRecord } from "../analysis/mod.ts";
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
 * @param analysis The result's.
 * @param place The night and node, where not the result's own.
 * @throws {NightError} Where the result does not say of which night or node it is.
 * @throws {HistoryError} Where it cannot be added.
 */
export function addResult(
  history: History,
  path: string,
  result: Result,
  analysis: Analysis,
  place: { night?: string | undefined; node?: string | undefined } = {},
): Added {
  let record;
  try {
    record = nightRecord(result, analysis, place);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NightError(error.message.replace(/name the node$/, "name it with --node"));
  }
  const files: NightFile[] = [
    { name: RESULT_FILE, content: { text: JSON.stringify(result) + "\n" } },
  ];
  const beside = reportBeside(path);
  files.push(...beside.map((name) => ({ name, content: { path: `${path}/${name}` } })));
  if (!beside.includes(REPORT_HTML_FILE)) {
    const { text } = htmlFile(buildBaselineReport(result, analysis), result, REPORT_HTML_FILE);
    files.push({ name: REPORT_HTML_FILE, content: { text } });
  }
  return history.add(record, files);
}

/** Names of what is there of a result's report. */
function reportBeside(path: string): string[] {
  try {
    return [REPORT_MARKDOWN_FILE, FIGURES_FOLDER, REPORT_HTML_FILE]
      .filter((name) => isThere(`${path}/${name}`));
  } catch (error) {
    throw new NightError(`Cannot read ${path}: ${fileReason(error)}`);
  }
}
