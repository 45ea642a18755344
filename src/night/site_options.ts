/** What the pages of a history are made with. */
import { relative } from "node:path";
import { type LastingShift, nightDifferences } from "../analysis/mod.ts";
import type { History } from "../history/mod.ts";
import type { SiteOptions } from "../report/mod.ts";
import type { NightSeries } from "../result/mod.ts";

/** What of a site's options is not in the history. */
export interface SitePlan extends Pick<SiteOptions, "title" | "url" | "version"> {
  /** The site's directory. */
  out: string;
  /**
   * What leads from it to the history's directory, ending in `/`; `null`: reports are not linked.
   *
   * @default where the history lies
   */
  reports?: string | null | undefined;
}

/** The options of a site of a history. */
export function siteOptions(history: History, plan: SitePlan): SiteOptions {
  const { title, url, version, out, reports = relativeLink(out, history.directory) } = plan;
  return {
    title,
    id: history.id,
    reports,
    nodes: null,
    url,
    details: remembered((series, shift) => conditionsBetween(history, series, shift)),
    version,
  };
}

/** The same answers, each worked out once: every page, the feed and the summary ask for them. */
function remembered(details: SiteOptions["details"]): SiteOptions["details"] {
  const known = new WeakMap<LastingShift, string[]>();
  return (series, shift) => {
    if (!known.has(shift)) known.set(shift, details(series, shift));
    return known.get(shift)!;
  };
}

/** What is recorded to differ in the conditions of the nights on both sides of a shift. */
function conditionsBetween(
  history: History,
  { node, benchmark }: NightSeries,
  { after, night, between }: LastingShift,
): string[] {
  if (!between.some(({ what }) => what === "conditions")) return [];
  const [from, to] = [history.record(after, node), history.record(night, node)];
  if (from === null || to === null) return [];
  const store = to.benchmarks.find(({ id }) => id === benchmark)?.store ?? "";
  return nightDifferences(from, to, { id: benchmark, store });
}

/** What leads from one directory to another, as a link that ends in `/`. */
function relativeLink(from: string, to: string): string {
  const parts = relative(from, to).split("/").filter(Boolean);
  return parts.map((part) => `${encodeURIComponent(part)}/`).join("") || "./";
}
