/** The news of a night, told in the same way on the index and in the summary. */
import { formatChange, plural } from "../../format/mod.ts";
import { METRIC_WORDS, type SeriesJudgement } from "../../analysis/mod.ts";
import { aside, type Inline, inline, link, status } from "../document.ts";
import { statusMark } from "../status_text.ts";
import { type Changes, type NightGroup, type ShiftGroup } from "./changes.ts";
import type { SiteOptions } from "./options.ts";
import { seriesPage } from "./paths.ts";
import {
  betweenTexts,
  causeText,
  controlText,
  formatMetric,
  formatValue,
  levelTexts,
} from "./words.ts";

/** What one metric did, and its page. */
interface MetricNews {
  judged: SeriesJudgement;
  direction: "improved" | "regressed";
  /** `mean time`. */
  name: string;
  /** `+21%`. */
  change: string;
}

/** A piece of news: one benchmark on one node. */
export interface NewsItem {
  /** `regressed tonight`, as an outcome. */
  what: Inline;
  /** `raw/read/100 on node01`. */
  where: string;
  metrics: MetricNews[];
  /** The rest, as sentences' parts. */
  why: string;
}

/** What stood out tonight, the lasting shifts that are news, and those that are the machine's. */
export function newsItems(
  changes: Changes,
  options: SiteOptions,
): { tonight: NewsItem[]; shifts: NewsItem[]; machine: NewsItem[] } {
  return {
    tonight: [...changes.regressed, ...changes.improved].map(tonightItem),
    shifts: changes.shifts.map((group) => shiftItem(group, options)),
    machine: changes.machine.map((group) => machineItem(group, options)),
  };
}

/**
 * A piece of news in one line.
 *
 * @param where How its place is written.
 * @param href What leads to a page of the site; `null` where nothing does.
 */
export function newsLine(
  { what, metrics, why }: NewsItem,
  where: Inline,
  href: (page: string) => string | null,
): Inline[] {
  return inline([
    what,
    " ",
    where,
    ": ",
    ...metrics.flatMap(({ judged, name, change }, i) => {
      const target = href(seriesPage(judged.series));
      return [
        i === 0 ? "" : ", ",
        target === null ? name : link(name, target),
        ` ${change}`,
      ];
    }),
    aside(why),
  ]);
}

function tonightItem({ benchmark, node, series }: NightGroup): NewsItem {
  const metrics = series.map((judged): MetricNews => ({
    judged,
    direction: judged.tonight.verdict === "improved" ? "improved" : "regressed",
    name: METRIC_WORDS[judged.series.metric],
    change: changeOf(judged),
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
  const control = controlText(series[0]!);
  return item("tonight", { benchmark, node, metrics }, [
    `${METRIC_WORDS[metric]} ${value}${level}${expected}`,
    ...(control === null ? [] : [control]),
  ]);
}

/** How far tonight is from the level by which it was judged. */
function changeOf({ tonight, control }: SeriesJudgement): string {
  const { change } = tonight.cause === "store" ? control!.tonight : tonight;
  return change === null ? "" : formatChange(change);
}

/** A piece of news of the machine, which is no outcome of the store. */
function machineItem(group: ShiftGroup, options: SiteOptions): NewsItem {
  const { direction } = group.shifts[0]!.shift;
  const what = `the machine got ${direction === "regressed" ? "slower" : "faster"}, control too`;
  return { ...shiftItem(group, options), what: { type: "text", text: what } };
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
  const [from, to] = levelTexts(metric, shift);
  const whose = causeText(shift);
  return item("for good", { benchmark, node, metrics }, [
    `since ${night}`,
    ...(whose === null ? [] : [whose]),
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
    what: status(direction, `${direction} ${when}`),
    where: `${benchmark} on ${node}`,
    metrics: metrics.map((own) =>
      own.direction === direction
        ? own
        : { ...own, change: `${statusMark(own.direction)} ${own.change}` }
    ),
    why: why.join("; "),
  };
}
