/** What benches of every kind have in common: the call, progress, and the files of a report. */
import type { CompareOptions, LabelledResult } from "../analysis/mod.ts";
import type { Document } from "../report/mod.ts";
import { fileReason, type Result } from "../result/mod.ts";
import { type BenchEvents, RunError } from "../run/mod.ts";
import type { GateFlags } from "./gate.ts";
import { Progress } from "./progress.ts";
import {
  FIGURES_FOLDER,
  htmlFile,
  markdownFiles,
  type ReportFile,
  writeFile,
} from "./report_files.ts";
import type { Streams } from "./streams.ts";

/** The options of `bench`, as they are written. */
export interface BenchFlags extends GateFlags {
  store?: string[];
  profile?: string;
  runs?: string;
  filter?: string;
  sampling?: string;
  set?: string[];
  seed?: string;
  out?: string;
  data?: string;
  save?: string;
  against?: string;
  interleave?: string[];
  resume?: string | true;
  list?: boolean;
  json?: boolean;
}

/** A call of `bench`. */
export interface BenchSession {
  flags: BenchFlags;
  streams: Streams;
  /** The whole command line, to be recorded. */
  command: readonly string[];
  signal: AbortSignal;
  /** How a comparison is made. */
  comparing: CompareOptions;
  /** Where the result is to be saved as well. */
  baseline?: string | undefined;
  /** What the result is to be compared with. */
  rival?: LabelledResult | undefined;
}

/** Measures while progress is told. */
export async function withProgress<T>(
  streams: Streams,
  measure: (events: BenchEvents) => Promise<T>,
): Promise<T> {
  const progress = new Progress(streams);
  try {
    return await measure(progress);
  } finally {
    progress.end();
  }
}

/**
 * Writes a report into a bench's directory.
 *
 * @returns The paths of its Markdown and its page.
 * @throws {RunError} Where a file cannot be written.
 */
export function writeReport(directory: string, document: Document, result: Result): string[] {
  const markdown = `${directory}/report.md`;
  const html = `${directory}/report.html`;
  const files = [
    ...markdownFiles(document, markdown, FIGURES_FOLDER),
    htmlFile(document, result, html),
  ];
  for (const file of files) writeReportFile(file);
  return [markdown, html];
}

/**
 * Writes a file of a report.
 *
 * @throws {RunError} Where it cannot be written.
 */
export function writeReportFile(file: ReportFile): void {
  try {
    writeFile(file);
  } catch (error) {
    throw new RunError(
      `Cannot write the report ${file.path}: ${fileReason(error)}, ` +
        `then render it by deno task report; what was measured is kept`,
      "measuring",
      { cause: error },
    );
  }
}
