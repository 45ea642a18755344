import assert from "node:assert/strict";
import type { History } from "../history/mod.ts";
import { siteOptions, type SitePlan } from "./site_options.ts";

/** Where the reports are found from a site, of a history in a directory. */
function reportsFrom(out: string, directory: string, plan: Partial<SitePlan> = {}): string | null {
  const history = { directory, id: "the-id" } as History;
  return siteOptions(history, { out, title: "T", url: null, version: "1", ...plan }).reports;
}

const links: [out: string, directory: string, link: string][] = [
  ["reports/local/site", "reports/local/history", "../history/"],
  ["site/", "./site", "./"],
  ["history/site", "history", "../"],
  ["site", "site/history", "history/"],
  ["/srv/www", "/srv/my history, 100%", "../my%20history%2C%20100%25/"],
  ["a/../b", "c", "../c/"],
];
Deno.test.each(links)(
  "siteOptions() leads from %s to reports in %s by %s",
  (out, directory, link) => {
    assert.equal(reportsFrom(out, directory), link);
  },
);

Deno.test("siteOptions() takes a given link to the reports, or none", () => {
  assert.equal(
    reportsFrom("a", "b", { reports: "https://host/history/" }),
    "https://host/history/",
  );
  assert.equal(reportsFrom("a", "b", { reports: null }), null);
});
