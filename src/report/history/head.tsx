/** What every page of the site has in its head. */
import { onLines } from "../html/markup.tsx";
import type { SiteOptions } from "./options.ts";
import { FEED_FILE } from "./paths.ts";

/** By what a page says that it is one of these. */
const GENERATOR = "Tidemark history site";

/** Whether a page says that it is one of the site's; a directory of such pages may be replaced. */
export function isSitePage(page: string): boolean {
  // How the element ends is the writer's, and was another once.
  return page.includes(`<meta name="generator" content="${GENERATOR}"`);
}

/**
 * The generator and the feed.
 *
 * @param root What leads from the page to the site's directory.
 */
export function pageHead({ title }: SiteOptions, root: string) {
  return onLines([
    <meta name="generator" content={GENERATOR} />,
    <link
      rel="alternate"
      type="application/atom+xml"
      title={title}
      href={`${root}${FEED_FILE}`}
    />,
  ]);
}
