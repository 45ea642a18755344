/** The history as pages, as a feed, and as a few lines for a chat or a terminal. */
export { historyToConsole } from "./console.ts";
export { GENERATOR } from "./head.tsx";
export type { SiteOptions } from "./options.ts";
export { FEED_FILE, INDEX_PAGE, SERIES_FOLDER, SUMMARY_FILE } from "./paths.ts";
export { historySite, type SiteFile } from "./site.ts";
export { historySummary } from "./summary.ts";
export { writeSite } from "./write_site.ts";
