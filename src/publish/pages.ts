/** Pages that are to be published: files with names, one of them the first to be opened. */
import { fileReason, readRegularFile } from "../disk/mod.ts";
import { PublishError } from "./error.ts";

/** A file to publish. */
export interface Page {
  /** Its path relative to the first page, with slashes. */
  name: string;
  /** Where it is copied from, or what is written. */
  content: { path: string } | { text: string };
}

/** What is opened first. */
export const FIRST_PAGE = "index.html";

/**
 * The file in a published folder that tells it from any other one; it is written last, so that a
 * folder that has it is whole.
 */
export const RELEASE_FILE = "published.json";

/** The name under which the newest pages are reached. */
export const LATEST = "latest";

/** Names of published folders: times, so that their order is that of publishing. */
const RELEASE_ID = /^\d{4}-\d\d-\d\dT\d{6}(\.\d+)?Z$/;

/** The name of the folder for what is published now. */
export function releaseId(now: Date = new Date()): string {
  return now.toISOString().replaceAll(":", "");
}

/** Whether a text can be the name of a published folder. */
export function isReleaseId(text: string): boolean {
  return RELEASE_ID.test(text);
}

/** What {@linkcode RELEASE_FILE} says. */
export function releaseText(id: string): string {
  return JSON.stringify({ schema: "tidemark.pages", version: 1, id }) + "\n";
}

/**
 * The files of a folder, in order of their names.
 *
 * @throws {PublishError} Where it cannot be read, or holds what is neither a file nor a folder: a link
 * would publish what lies elsewhere.
 */
export function folderPages(folder: string): Page[] {
  const names: string[] = [];
  const read = (at: string) => {
    for (const { name, isDirectory, isFile } of Deno.readDirSync(`${folder}/${at}`)) {
      if (isDirectory) read(`${at}${name}/`);
      else if (isFile) names.push(`${at}${name}`);
      else {
        throw new PublishError(
          `Cannot publish ${folder}/${at}${name}: it is no file; put the file itself there`,
          "usage",
        );
      }
    }
  };
  try {
    read("");
  } catch (error) {
    if (error instanceof PublishError) throw error;
    throw new PublishError(`Cannot read the pages in ${folder}: ${fileReason(error)}`, "usage", {
      cause: error,
    });
  }
  return names.filter((name) => name !== RELEASE_FILE).sort()
    .map((name) => ({ name, content: { path: `${folder}/${name}` } }));
}

/** The largest page that is read. */
const MOST_PAGE_BYTES = 256 * 1024 * 1024;

/**
 * What is in a page.
 *
 * @throws {PublishError} Where its file cannot be read, is no regular file, or has become a link: that
 * would publish what lies elsewhere.
 */
export function pageBytes({ content }: Page): Uint8Array<ArrayBuffer> {
  if ("text" in content) return new TextEncoder().encode(content.text);
  try {
    return readRegularFile(content.path, MOST_PAGE_BYTES, { follow: false }).bytes;
  } catch (error) {
    throw new PublishError(`Cannot publish ${content.path}: ${fileReason(error)}`, "usage", {
      cause: error,
    });
  }
}

/**
 * Makes sure that pages can be published.
 *
 * @param where They come from, for the message.
 * @throws {PublishError} Where there is no first page.
 */
export function requireFirstPage(pages: readonly Page[], where: string): void {
  if (pages.some(({ name }) => name === FIRST_PAGE)) return;
  throw new PublishError(
    `Cannot publish ${where}: it has no ${FIRST_PAGE}; name the folder of the pages`,
    "usage",
  );
}
