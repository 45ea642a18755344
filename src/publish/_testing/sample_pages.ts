/** Made-up pages for the tests of this folder. */
import type { Page } from "../pages.ts";

/** A few pages that all say which publication they are of, long enough not to be written at once. */
export function samplePages(id: string): Page[] {
  const text = `<p>${id}</p>\n`.repeat(2000) + "end\n";
  return ["index.html", "nights/2026-11-22/node01/report.html", "series/a.html"]
    .map((name) => ({ name, content: { text } }));
}
