/** The site of a history: files that need nothing but each other. */
import type { HistoryJudgement } from "../../analysis/mod.ts";
import { historyFeed } from "./feed.ts";
import { indexPage } from "./index_page.tsx";
import type { SiteOptions } from "./options.ts";
import { FEED_FILE, INDEX_PAGE, seriesPage, SUMMARY_FILE } from "./paths.ts";
import { writeSeriesPage } from "./series_page.tsx";
import { historySummary } from "./summary.ts";

/** A file of the site. */
export interface SiteFile {
  /** Relative to the site's directory, with `/` between its parts. */
  path: string;
  text: string;
}

/**
 * Makes the site's files, one after the other: an index, a page for each series, what changed as
 * Markdown, an Atom feed.
 */
export function* historySite(
  judgement: HistoryJudgement,
  options: SiteOptions,
): Generator<SiteFile> {
  yield { path: INDEX_PAGE, text: indexPage(judgement, options) };
  yield { path: SUMMARY_FILE, text: historySummary(judgement, options) };
  yield { path: FEED_FILE, text: historyFeed(judgement, options) };
  for (const judged of judgement.series) {
    yield {
      path: seriesPage(judged.series),
      text: writeSeriesPage(judged, judgement.series, options),
    };
  }
}
