/** Writes the site of a history. */
import { dirname } from "node:path";
import type { HistoryJudgement } from "../../analysis/mod.ts";
import {
  fileReason,
  isNotThere,
  readRegularText,
  removeIfThere,
  syncPath,
} from "../../disk/mod.ts";
import { ReportError } from "../error.ts";
import { isSitePage } from "./head.tsx";
import type { SiteOptions } from "./options.ts";
import { FEED_FILE, INDEX_PAGE, SERIES_FOLDER, SUMMARY_FILE } from "./paths.ts";
import { historySite } from "./site.ts";

/** The largest page that is looked at, to see whether it is ours. */
const MOST_PAGE_BYTES = 64 * 1024 * 1024;

/** All that a site's directory holds. */
const NAMES = [INDEX_PAGE, SUMMARY_FILE, FEED_FILE, SERIES_FOLDER];

/**
 * Writes a site. It is written under another name and then renamed, so that the directory never
 * holds a part of one; a site that is there already is replaced whole.
 *
 * @param directory New, empty, or a site.
 * @throws {ReportError} Where it is something else, or cannot be written; it is then left as it was.
 */
export function writeSite(
  directory: string,
  judgement: HistoryJudgement,
  options: SiteOptions,
): { files: number; bytes: number } {
  const target = directory.replace(/(?<=.)\/+$/, "");
  const isReplaced = requireSite(target);
  const suffix = crypto.randomUUID().slice(0, 8);
  const [made, old] = [`${target}.making-${suffix}`, `${target}.old-${suffix}`];
  let files = 0;
  let bytes = 0;
  try {
    Deno.mkdirSync(`${made}/${SERIES_FOLDER}`, { recursive: true });
    for (const { path, text } of historySite(judgement, options)) {
      const encoded = new TextEncoder().encode(text);
      Deno.writeFileSync(`${made}/${path}`, encoded, { createNew: true });
      syncPath(`${made}/${path}`);
      files++;
      bytes += encoded.length;
    }
    syncPath(`${made}/${SERIES_FOLDER}`);
    syncPath(made);
    if (isReplaced) Deno.renameSync(target, old);
    try {
      Deno.renameSync(made, target);
    } catch (error) {
      if (isReplaced) Deno.renameSync(old, target);
      throw error;
    }
    syncPath(dirname(target));
    if (isReplaced) Deno.removeSync(old, { recursive: true });
  } catch (error) {
    removeIfThere(made, { recursive: true });
    throw new ReportError(`Cannot write the site ${directory}: ${fileReason(error)}`, "usage", {
      cause: error,
    });
  }
  return { files, bytes };
}

/**
 * Refuses a directory that no site may take the place of; nothing is written.
 *
 * @returns Whether there is something at the path that may be replaced.
 * @throws {ReportError} Where it holds something else, or cannot be read.
 */
export function requireSite(target: string): boolean {
  let names: string[];
  try {
    names = [...Deno.readDirSync(target)].map(({ name }) => name);
  } catch (error) {
    if (isNotThere(error)) return false;
    throw new ReportError(`Cannot write the site ${target}: ${fileReason(error)}`, "usage", {
      cause: error,
    });
  }
  if (names.length > 0 && !(names.every((name) => NAMES.includes(name)) && isOurs(target))) {
    throw new ReportError(
      `Cannot write the site ${target}: it holds something else; name a new directory`,
      "usage",
    );
  }
  return true;
}

/** Whether the index says that it is one of these. */
function isOurs(target: string): boolean {
  try {
    return isSitePage(readRegularText(`${target}/${INDEX_PAGE}`, MOST_PAGE_BYTES));
  } catch {
    return false;
  }
}
