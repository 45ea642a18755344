/** The news of a night as a list, on the index. */
import { formatChange, plural } from "../../analysis/mod.ts";
import type { SeriesJudgement } from "../../analysis/history/model.ts";
import { type Markup, markup } from "../html_page.ts";
import { type Changes, NEWS_NIGHTS } from "./changes.ts";
import type { SiteOptions } from "./options.ts";
import { linkPath, seriesPage } from "./paths.ts";
import {
  betweenTexts,
  directionText,
  formatMetric,
  formatValue,
  seriesName,
  verdictClass,
  verdictText,
} from "./words.ts";

/** What was expected of tonight, as a clause. */
export function expectationText({ series, tonight }: SeriesJudgement): string {
  const { metric } = series;
  const expected = tonight.expected === null
    ? ""
    : `, expected ${formatMetric(metric, tonight.expected.low)} to ` +
      `${formatMetric(metric, tonight.expected.high)}`;
  const level = tonight.level === null || tonight.change === null
    ? ""
    : `, ${formatChange(tonight.change)} from the level of ${plural(tonight.nights, "night")}`;
  return `${level}${expected}`;
}

/** The list, or a sentence where there is no news. */
export function newsSection(changes: Changes, options: SiteOptions): Markup {
  const link = (judged: SeriesJudgement) =>
    markup`<a href="${linkPath(seriesPage(judged.series))}">${seriesName(judged.series)}</a>`;
  const nights = [...changes.regressed, ...changes.improved].map((judged) => {
    const { series, tonight } = judged;
    const point = series.points.at(-1)!;
    const value = formatValue(series.metric, { ...point, value: tonight.value! });
    return markup`<li><strong class="${verdictClass(tonight.verdict)}">${
      verdictText(tonight.verdict)
    } tonight</strong> ${link(judged)}<span class="why">${value}${
      expectationText(judged)
    }</span></li>\n`;
  });
  const shifts = changes.shifts.map(({ judged, shift }) => {
    const { metric } = judged.series;
    const between = betweenTexts(shift.between, options.details(judged.series, shift));
    return markup`<li><strong class="${verdictClass(shift.direction)}">${
      directionText(shift.direction)
    } for good</strong> ${link(judged)}<span class="why">${
      formatChange(shift.change)
    } since ${shift.night}: ${formatMetric(metric, shift.from)} → ${
      formatMetric(metric, shift.to)
    }; between: ${
      between.length === 0 ? "nothing that was recorded" : between.join("; ")
    }</span></li>\n`;
  });
  if (nights.length + shifts.length === 0) {
    return markup`<p>Nothing: no series stood out tonight, and no lasting shift began in the last ${NEWS_NIGHTS} nights.</p>\n`;
  }
  return markup`<ul class="news">\n${nights}${shifts}</ul>\n`;
}
