/** What a site of the history is made with. */
import type { LastingShift } from "../../analysis/mod.ts";
import type { NightSeries } from "../../result/mod.ts";

/** What a site of the history is made with. */
export interface SiteOptions {
  /** What the pages are headed with. */
  title: string;
  /** What tells the history from others: the feed's id comes from it. */
  id: string;
  /**
   * What leads from the site's own directory to the history's, where the nights' reports are: a
   * relative path or an address, ending in `/`; `null`: reports are not linked.
   */
  reports: string | null;
  /** The page beside the first one that compares tonight's nodes; `null`: there is none. */
  nodes: string | null;
  /** Address at which the site will be, ending in `/`, for the summary's and the feed's links. */
  url: string | null;
  /** What is known to differ in the conditions on the two sides of a shift, a clause each. */
  details(series: NightSeries, shift: LastingShift): string[];
  /** Version of this program. */
  version: string;
}
