/** Where the site's files lie; names that a series keeps from night to night. */
import { createHash } from "node:crypto";
import type { NightSeries } from "../../result/mod.ts";

/** The first page. */
export const INDEX_PAGE = "index.html";
/** What changed, as Markdown. */
export const SUMMARY_FILE = "summary.md";
/** The Atom feed. */
export const FEED_FILE = "feed.xml";
/** The folder of the series' pages. */
export const SERIES_FOLDER = "series";

/** Longer names are cut, so that every file system takes them. */
const MOST = 80;

/** The path of a series' page, relative to the site; it depends on nothing but the series' name. */
export function seriesPage({ node, benchmark, metric }: Identity): string {
  return `${SERIES_FOLDER}/${fileWord(node)}.${fileWord(benchmark)}.${metric}.html`;
}

type Identity = Pick<NightSeries, "node" | "benchmark" | "metric">;

/**
 * A name as a part of a file's name: lower-case letters, digits, `_` and `-`, which stands for `/`.
 * What would be lost by that is made up for by a few digits of the name's digest.
 */
function fileWord(name: string): string {
  const word = name.toLowerCase().replace(/[^a-z0-9_]+/g, "-").slice(0, MOST);
  if (/^[a-z0-9_]+(\/[a-z0-9_]+)*$/.test(name) && name.length <= MOST) return word;
  return `${word}-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

/** A path for a link: each part encoded, the slashes kept. */
export function linkPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/**
 * A link to a night's report.
 *
 * @param base What leads to the history's directory, ending in `/`.
 */
export function reportHref(base: string, report: string): string {
  return `${base}${linkPath(report)}`;
}
