/** The news of a night, told in the same way on the index and in the summary. */
import { formatChange, plural } from "../../format/mod.ts";
import { METRIC_WORDS, type SeriesJudgement } from "../../analysis/mod.ts";
import { type Markup, markup } from "../html_page.ts";
import { type Changes, NEWS_NIGHTS, type NightGroup, type ShiftGroup } from "./changes.ts";
import type { SiteOptions } from "./options.ts";
import { linkPath, seriesPage } from "./paths.ts";
import { betweenTexts, formatMetric, formatValue, verdictClass, verdictMark } from "./words.ts";

/** What one metric did, and its page. */
interface MetricNews {
  judged: SeriesJudgement;
  direction: "improved" | "regressed";
  /** `mean time +21%`. */
  name: string;
  change: string;
}

/** A piece of news: one benchmark on one node. */
export interface NewsItem {
  direction: "improved" | "regressed";
  /** `regressed tonight`. */
  what: string;
  /** `raw/read/100 on node01`. */
  where: string;
  metrics: MetricNews[];
  /** The rest, as sentences' parts. */
  why: string;
}

/** What stood out tonight, and the lasting shifts that are news. */
export function newsItems(
  changes: Changes,
  options: SiteOptions,
): { tonight: NewsItem[]; shifts: NewsItem[] } {
  return {
    tonight: [...changes.regressed, ...changes.improved].map(tonightItem),
    shifts: changes.shifts.map((group) => shiftItem(group, options)),
  };
}

function tonightItem({ benchmark, node, series }: NightGroup): NewsItem {
  const metrics = series.map((judged): MetricNews => ({
    judged,
    direction: judged.tonight.verdict === "improved" ? "improved" : "regressed",
    name: METRIC_WORDS[judged.series.metric],
    change: judged.tonight.change === null ? "" : formatChange(judged.tonight.change),
  }));
  const { series: { metric, points }, tonight } = series[0]!;
  const value = formatValue(metric, { ...points.at(-1)!, value: tonight.value! });
  const show = (shown: number) => formatMetric(metric, shown);
  const nights = plural(tonight.nights, "night");
  const level = tonight.level === null
    ? ""
    : `, against a level of ${show(tonight.level)} over ${nights}`;
  const expected = tonight.expected === null
    ? ""
    : `, expected ${show(tonight.expected.low)} to ${show(tonight.expected.high)}`;
  return item("tonight", { benchmark, node, metrics }, [
    `${METRIC_WORDS[metric]} ${value}${level}${expected}`,
  ]);
}

function shiftItem({ benchmark, node, night, shifts }: ShiftGroup, options: SiteOptions): NewsItem {
  const metrics = shifts.map(({ judged, shift }): MetricNews => ({
    judged,
    direction: shift.direction,
    name: METRIC_WORDS[judged.series.metric],
    change: formatChange(shift.change),
  }));
  const { judged: { series }, shift } = shifts[0]!;
  const between = betweenTexts(shift.between, options.details(series, shift));
  const { metric } = series;
  const [from, to] = [formatMetric(metric, shift.from), formatMetric(metric, shift.to)];
  return item("for good", { benchmark, node, metrics }, [
    `since ${night}`,
    `${METRIC_WORDS[metric]} ${from} → ${to}`,
    `between: ${between.length === 0 ? "nothing that was recorded" : between.join("; ")}`,
  ]);
}

function item(
  when: string,
  { benchmark, node, metrics }: { benchmark: string; node: string; metrics: MetricNews[] },
  why: readonly string[],
): NewsItem {
  const direction = metrics.some(({ direction }) => direction === "regressed")
    ? "regressed"
    : "improved";
  return {
    direction,
    what: `${verdictMark(direction)} ${direction} ${when}`,
    where: `${benchmark} on ${node}`,
    metrics,
    why: why.join("; "),
  };
}

/** The list for the index, or a sentence where there is no news. */
export function newsSection(changes: Changes, options: SiteOptions): Markup {
  const { tonight, shifts } = newsItems(changes, options);
  const items = [...tonight, ...shifts];
  if (items.length === 0) {
    return markup`<p>Nothing: no series stood out tonight, and no lasting shift began in the last ${NEWS_NIGHTS} nights.</p>
`;
  }
  return markup`<ul class="news">
${items.map(listItem)}</ul>
`;
}

function listItem({ direction, what, where, metrics, why }: NewsItem): Markup {
  const links = metrics.map(({ judged, name, change, direction: own }, i) =>
    markup`${i === 0 ? "" : ","} <a href="${linkPath(seriesPage(judged.series))}">${name}</a> ${
      own === direction ? change : `${verdictMark(own)} ${change}`
    }`
  );
  return markup`<li><strong class="${
    verdictClass(direction)
  }">${what}</strong> <strong>${where}</strong>:${links}<span class="why">${why}</span></li>
`;
}
