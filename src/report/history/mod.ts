/** The history as pages, as a feed, and as a few lines for a chat or a terminal. */
export { historyToConsole } from "./console.ts";
export type { SiteOptions } from "./options.ts";
export { historySite } from "./site.ts";
export { historySummary } from "./summary.ts";
export { requireSite, writeSite } from "./write_site.ts";
