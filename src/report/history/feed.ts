/** The Atom feed (RFC 4287): an entry for each lasting shift, and one for each night that stood out. */
import { createHash } from "node:crypto";
import { formatChange, plural } from "../../format/mod.ts";
import { type Direction, type HistoryJudgement, toldShifts } from "../../analysis/mod.ts";
import type { NightSeries } from "../../result/mod.ts";
import { element, onLines, writeXml } from "../html/markup.tsx";
import { oneLine } from "../plain_text.ts";
import { statusText } from "../status_text.ts";
import { estimatorGroups, estimatorSentence } from "./changes.ts";
import type { SiteOptions } from "./options.ts";
import { FEED_FILE, INDEX_PAGE, linkPath, seriesPage } from "./paths.ts";
import { betweenTexts, causeText, formatMetric, levelTexts, seriesName } from "./words.ts";

/** Entries that a feed has, the newest first. */
const MOST = 100;

interface Entry {
  /** What makes the entry's id; the same whenever the feed is made again. */
  key: unknown[];
  night: string;
  title: string;
  lines: string[];
  page: string;
}

/** What stood out on one night in one series. */
interface Outlier {
  series: NightSeries;
  direction: Direction;
  value: number;
  change: number | null;
}

/**
 * Writes the feed. An entry's id comes from the history's id, and from the series and the night that
 * it is about, so that a reader shows it once; times are the nights', so that the same history always
 * gives the same feed. A shift whose first night is placed elsewhere as more nights come is another
 * entry.
 */
export function historyFeed(judgement: HistoryJudgement, options: SiteOptions): string {
  const entries = [
    ...shiftEntries(judgement, options),
    ...nightEntries(judgement),
    ...estimatorEntries(judgement),
  ]
    .sort((a, b) => a.night < b.night ? 1 : a.night > b.night ? -1 : 0)
    .slice(0, MOST);
  const id = (...key: unknown[]) => uuidOf([options.id, ...key]);
  const href = (page: string) => `${options.url ?? ""}${linkPath(page)}`;
  const updated = judgement.nights.at(-1) ?? "1970-01-01";
  const feed = element(
    "feed",
    { "xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en" },
    "\n",
    onLines([
      element("id", {}, id("feed")),
      element("title", {}, oneLine(options.title) || "History"),
      element("updated", {}, `${updated}T00:00:00Z`),
      element("author", {}, element("name", {}, "Tidemark")),
      element("generator", { version: options.version }, "Tidemark"),
      element("link", { rel: "alternate", type: "text/html", href: href(INDEX_PAGE) }),
    ]),
    options.url !== null && onLines([
      element("link", { rel: "self", type: "application/atom+xml", href: href(FEED_FILE) }),
    ]),
    onLines(entries.map(({ key, night, title, lines, page }) =>
      element(
        "entry",
        {},
        "\n",
        onLines([
          element("id", {}, id(...key)),
          element("title", {}, oneLine(title)),
          element("updated", {}, `${night}T00:00:00Z`),
          element("link", { rel: "alternate", type: "text/html", href: href(page) }),
          element("content", { type: "text" }, lines.map(oneLine).join("\n")),
        ]),
      )
    )),
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n${writeXml(feed)}\n`;
}

function shiftEntries({ series }: HistoryJudgement, options: SiteOptions): Entry[] {
  return series.flatMap((judged) =>
    toldShifts(judged).filter(({ accepted }) => accepted === undefined).map((shift) => {
      const { node, benchmark, metric } = judged.series;
      const between = betweenTexts(shift.between, options.details(judged.series, shift));
      const [from, to] = levelTexts(metric, shift);
      const whose = causeText(shift);
      const outcome = shift.cause === "machine" ? "The machine" : statusText(shift.direction);
      const change = formatChange(shift.change);
      const what = between.length === 0 ? "nothing that was recorded" : between.join("; ");
      return {
        key: ["shift", node, benchmark, metric, shift.night, ...(shift.of ? [shift.of] : [])],
        night: shift.night,
        title: `${outcome} for good: ${seriesName(judged.series)} ${change}`,
        lines: [
          `${from} → ${to} since ${shift.night}${whose === null ? "" : `: ${whose}`}.`,
          `Between ${shift.after} and ${shift.night}: ${what}.`,
        ],
        page: seriesPage(judged.series),
      };
    })
  );
}

/** One entry for each benchmark whose times are of another estimator from a night on. */
function estimatorEntries({ series }: HistoryJudgement): Entry[] {
  return estimatorGroups(series).map((group) => {
    const { benchmark, node, change: { from, to, night } } = group;
    return {
      key: ["estimator", node, benchmark, night],
      night,
      title: `Another estimator: ${benchmark} on ${node}, ${from} → ${to}`,
      lines: [estimatorSentence(group)],
      page: INDEX_PAGE,
    };
  });
}

/** One entry a night, however many series stood out on it. */
function nightEntries({ series }: HistoryJudgement): Entry[] {
  const nights = new Map<string, Outlier[]>();
  const add = (night: string, outlier: Outlier) =>
    nights.set(night, [...nights.get(night) ?? [], outlier]);
  for (const { series: own, anomalies, tonight } of series) {
    for (const anomaly of anomalies) {
      if (anomaly.night !== tonight.night) add(anomaly.night, { series: own, ...anomaly });
    }
    const { verdict, value, change } = tonight;
    if ((verdict === "improved" || verdict === "regressed") && value !== null) {
      add(tonight.night, { series: own, direction: verdict, value, change });
    }
  }
  return [...nights].map(([night, outliers]) => {
    const regressed = outliers.filter(({ direction }) => direction === "regressed").length;
    const improved = outliers.length - regressed;
    const counts = [
      regressed > 0 ? `✗ ${plural(regressed, "series", "series")} regressed` : "",
      improved > 0 ? `✓ ${plural(improved, "series", "series")} improved` : "",
    ];
    return {
      key: ["night", night],
      night,
      title: `${night}: ${counts.filter((text) => text !== "").join(", ")}`,
      lines: outliers.map(outlierLine),
      page: INDEX_PAGE,
    };
  });
}

function outlierLine({ series, direction, value, change }: Outlier): string {
  const distance = change === null ? "" : `, ${formatChange(change)} from its level`;
  const shown = formatMetric(series.metric, value);
  return `${statusText(direction)} ${seriesName(series)}: ${shown}${distance}.`;
}

/** A UUID out of a digest (RFC 9562, version 8). */
function uuidOf(key: readonly unknown[]): string {
  const hex = createHash("sha256").update(JSON.stringify(key)).digest("hex");
  const variant = (8 + parseInt(hex[16]!, 16) % 4).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join("-")}`;
}
