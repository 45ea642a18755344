/** The files that a report consists of, and how they are named. */
import { type Document, figureFile, standaloneSvg, toHtml, toMarkdown } from "../report/mod.ts";
import { type Result, RESULT_FILE } from "../result/mod.ts";

/** The folder of the figures beside a report in a directory of its own. */
export const FIGURES_FOLDER = "figures";

/** A file to write. */
export interface ReportFile {
  path: string;
  text: string;
  /** The folder that it lies in, where that belongs to the report and is made with it. */
  folder?: string;
}

/**
 * The Markdown with its figures, which lie in a folder beside it; the folder comes first, so that a
 * Markdown file never shows what is not there.
 *
 * @param path Of the Markdown file.
 * @param folder Name of the figures' folder.
 */
export function markdownFiles(document: Document, path: string, folder: string): ReportFile[] {
  const directory = path.slice(0, path.lastIndexOf("/") + 1);
  const figures = document.blocks.filter((block) => block.type === "figure");
  return [
    ...figures.map((figure) => ({
      path: `${directory}${folder}/${figureFile(figure)}`,
      folder: `${directory}${folder}`,
      text: standaloneSvg(figure),
    })),
    { path, text: toMarkdown(document, { figures: folder }) },
  ];
}

/** The folder for the figures of a Markdown file: `a/report.md` has `report-figures`. */
export function figuresFolder(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return `${name.replace(/(?<=.)\.[^.]*$/, "")}-figures`;
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

/**
 * Writes a file, and makes its folder where that belongs to the report.
 *
 * @throws As Deno does, where it cannot be written.
 */
export function writeFile(
  { path, text, folder }: ReportFile,
  options: Deno.WriteFileOptions = {},
): void {
  // Only the last folder of the path is made: the others are the caller's, who may have mistyped one.
  if (folder !== undefined && !isThere(folder)) Deno.mkdirSync(folder);
  Deno.writeTextFileSync(path, text, options);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
