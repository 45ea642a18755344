/** The files that a report consists of, how they are named, and writing them. */
import { basename, dirname, extname, join } from "node:path";
import {
  FIGURES_FOLDER,
  fileReason,
  REPORT_HTML_FILE,
  REPORT_MARKDOWN_FILE,
  RESULT_FILE,
} from "../disk/mod.ts";
import type { Result } from "../result/mod.ts";
import type { Document } from "./document.ts";
import { numbersOf, takeApart } from "./apart.ts";
import { ReportError } from "./error.ts";
import { toHtml } from "./html/document.tsx";
import { figureFile, numbersFile, toMarkdown } from "./markdown.ts";
import { standaloneSvg } from "./plots/mod.ts";

/** A file to write. */
export interface ReportFile {
  path: string;
  text: string;
  /** The folder that it lies in, where that belongs to the report and is made with it. */
  folder?: string;
}

/**
 * The Markdown with its figures and with what has files of its own, which lie in a folder beside it;
 * the folder comes first, so that a Markdown file never shows what is not there.
 *
 * @param path Of the Markdown file.
 * @param folder Name of that folder.
 */
export function markdownFiles(document: Document, path: string, folder: string): ReportFile[] {
  const beside = join(dirname(path), folder);
  const figures = document.blocks.filter((block) => block.type === "figure");
  const { main, parts } = takeApart(document, folder, basename(path));
  return [
    ...figures.map((figure) => ({
      path: `${beside}/${figureFile(figure)}`,
      folder: beside,
      text: standaloneSvg(figure),
    })),
    ...parts.map(({ file, document }) => ({
      path: `${beside}/${file}`,
      folder: beside,
      text: toMarkdown(document, { figures: "." }),
    })),
    ...main.blocks.flatMap((block): ReportFile[] =>
      block.type !== "figure" ? [] : [{
        path: `${beside}/${numbersFile(block)}`,
        folder: beside,
        text: toMarkdown(numbersOf(block, document.language, basename(path))),
      }]
    ),
    { path, text: toMarkdown(main, { figures: folder, numbersApart: true }) },
  ];
}

/** The folder for the figures of a Markdown file: `a/report.md` has `report-figures`. */
export function figuresFolder(path: string): string {
  return `${basename(path, extname(path))}-figures`;
}

/** The HTML page, which holds the result too where it is small enough. */
export function htmlFile(document: Document, result: Result, path: string): ReportFile {
  const attachment = {
    name: RESULT_FILE,
    what: "every sample, histogram and property of the result",
    text: JSON.stringify(result),
  };
  return { path, text: toHtml(document, { attachment }) };
}

/** All files of a report in a directory of its own: Markdown with its figures, and the page. */
export function reportFiles(directory: string, document: Document, result: Result): ReportFile[] {
  return [
    ...markdownFiles(document, `${directory}/${REPORT_MARKDOWN_FILE}`, FIGURES_FOLDER),
    htmlFile(document, result, `${directory}/${REPORT_HTML_FILE}`),
  ];
}

/**
 * Writes a report into a bench's directory.
 *
 * @returns The paths of its Markdown and its page.
 * @throws {ReportError} Where a file cannot be written.
 */
export function writeReport(directory: string, document: Document, result: Result): string[] {
  for (const file of reportFiles(directory, document, result)) writeReportFile(file);
  return [`${directory}/${REPORT_MARKDOWN_FILE}`, `${directory}/${REPORT_HTML_FILE}`];
}

/**
 * Writes a file of a bench's report.
 *
 * @throws {ReportError} Where it cannot be written.
 */
export function writeReportFile(file: ReportFile): void {
  try {
    placeReportFile(file);
  } catch (error) {
    throw new ReportError(
      `Cannot write the report ${file.path}: ${fileReason(error)}, ` +
        `then render it by deno task report; what was measured is kept`,
      "writing",
      { cause: error },
    );
  }
}

/**
 * Writes a file, and makes its folder where that belongs to the report.
 *
 * @throws As Deno does, where it cannot be written.
 */
export function placeReportFile(
  { path, text, folder }: ReportFile,
  options: Deno.WriteFileOptions = {},
): void {
  // Only the last folder of the path is made: the others are the caller's, who may have mistyped one.
  if (folder !== undefined) makeFolder(folder);
  Deno.writeTextFileSync(path, text, options);
}

/** Makes a folder that a report's files lie in, where it is not there. */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path);
  } catch (error) {
    // Where it is no folder, writing into it will say so.
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
