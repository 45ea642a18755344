/** What every page of the site has in its head. */
import { onLines } from "../html/markup.tsx";
import type { SiteOptions } from "./options.ts";
import { FEED_FILE } from "./paths.ts";

/** By what a page says that it is one of these; a directory of such pages may be replaced. */
export const GENERATOR = "Tidemark history site";

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
