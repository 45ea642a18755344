/** The page of one series: interactive, with its numbers as text. */
import { formatChange, formatCount, plural } from "../../format/mod.ts";
import { METRIC_WORDS, type SeriesJudgement } from "../../analysis/mod.ts";
import type { NightPoint } from "../../result/mod.ts";
import uplot from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import historySeries from "../client/history_series.js" with { type: "text" };
import { dataBlock, type Markup, markup, writeHtmlPage } from "../html_page.ts";
import { pageHead } from "./head.ts";
import type { SiteOptions } from "./options.ts";
import { INDEX_PAGE, linkPath, reportHref, seriesPage } from "./paths.ts";
import { seriesData } from "./series_data.ts";
import { HISTORY_STYLE } from "./style.ts";
import {
  betweenTexts,
  directionText,
  formatIn,
  formatMetric,
  formatValue,
  separated,
  shortCommit,
  stoodOut,
  type Unit,
  unitOf,
  verdictClass,
  verdictText,
} from "./words.ts";

/** Nights whose numbers stand on the page at once. */
const LISTED = 30;

/** From a series' page to the site's own directory. */
const ROOT = "../";

/** How many nights the drawing can show at once; 0 stands for all. */
const RANGES = [["30", "30 nights"], ["90", "90 nights"], ["365", "1 year"], ["0", "all"]] as const;

function rangeButton([nights, text]: (typeof RANGES)[number]): Markup {
  return markup`<button type="button" data-nights="${nights}">${text}</button>`;
}

/** Writes the page; `all` are the site's series, for the links to the page's relatives. */
export function writeSeriesPage(
  judged: SeriesJudgement,
  all: readonly SeriesJudgement[],
  options: SiteOptions,
): string {
  const { series, tonight } = judged;
  const values = series.points.flatMap(({ value }) => value ?? []);
  const unit = unitOf(series.metric, tonight.level ?? values.at(-1) ?? 1);
  const reports = options.reports === null
    ? null
    : isAddress(options.reports)
    ? options.reports
    : `${ROOT}${options.reports}`;
  const metric = METRIC_WORDS[series.metric];
  const title = `${series.benchmark} ${metric} on ${series.node}`;
  const name = seriesPage(series).replace(/^.*\/|\.html$/g, "");
  const body = markup`<main>
<p class="crumbs"><a href="${ROOT}${INDEX_PAGE}">← ${options.title}</a></p>
<h1><code>${series.benchmark}</code> ${metric} on ${series.node}</h1>
${relatives(judged, all)}${tonightBox(judged, reports)}<h2 id="nights">Nights</h2>
<div id="controls" hidden>
<div class="ranges" role="group" aria-label="Nights shown">${RANGES.map(rangeButton)}</div>
<p class="keys">Drag to zoom, double-click for all. Keys: ← → a night, with Shift 30; Home, End; + − zoom, 0 all; Enter opens the report.</p>
</div>
<div id="chart" tabindex="0" role="application" aria-label="${metric} over the nights; arrow keys read a night" aria-describedby="caption"></div>
<p id="reading" role="status"></p>
<p class="soft" id="caption">${metric}, ${unit.name}; ${series.better} is better. ${
    caption(judged)
  }</p>
<noscript><p>The drawing and the table of all nights need scripts; the last nights are below.</p></noscript>
<h2 id="shifts">Lasting shifts</h2>
${shiftsTable(judged, options)}<h2 id="odd">Nights that stood out and did not last</h2>
${anomaliesTable(judged, reports)}<h2 id="numbers">Numbers</h2>
${lastNights(judged, unit, reports)}<details id="all-nights" hidden>
<summary>All ${plural(series.points.length, "night")} as a table</summary>
<p><a id="csv" href="#csv" download="${name}.csv">Download as CSV</a></p>
<div class="table" tabindex="0" role="region" aria-label="All nights"></div>
</details>
<p class="soft">Made by Tidemark ${options.version}.</p>
</main>
${dataBlock("data", seriesData(judged, unit, reports))}
`;
  return writeHtmlPage({
    language: "en",
    title: `${title} – ${options.title}`,
    style: `${uplotStyle}\n${HISTORY_STYLE}`,
    head: pageHead(options, ROOT),
    body,
    scripts: [uplot, historySeries],
  });
}

/** Whether a link is absolute, and the same from every page. */
function isAddress(link: string): boolean {
  return /^(https?:)?\//.test(link);
}

/** Links to the benchmark's other metrics and to the same metric on other nodes. */
function relatives({ series }: SeriesJudgement, all: readonly SeriesJudgement[]): Markup | null {
  const own = all.filter((other) =>
    other.series.benchmark === series.benchmark && other.series !== series
  );
  const metrics = own.filter((other) => other.series.node === series.node)
    .map((other) => relative(other, METRIC_WORDS[other.series.metric]));
  const nodes = own.filter((other) => other.series.metric === series.metric)
    .map((other) => relative(other, other.series.node));
  if (metrics.length + nodes.length === 0) return null;
  return markup`<p class="siblings">${
    metrics.length === 0 ? null : markup`Other metrics: ${separated(metrics)}. `
  }${nodes.length === 0 ? null : markup`On other nodes: ${separated(nodes)}.`}</p>
`;
}

function relative(other: SeriesJudgement, text: string): Markup {
  const { series, tonight } = other;
  return markup`<a href="${ROOT}${linkPath(seriesPage(series))}">${text}</a>${
    stoodOut(other)
      ? markup` <strong class="${verdictClass(tonight.verdict)}">${
        verdictText(tonight.verdict)
      }</strong>`
      : null
  }`;
}

function tonightBox({ series, tonight }: SeriesJudgement, reports: string | null): Markup {
  const { metric } = series;
  const point = series.points.at(-1);
  const facts: [term: string, fact: Markup | string][] = [];
  if (tonight.value === null || point === undefined) {
    facts.push(["Tonight", point?.reason ?? "no value"]);
  } else {
    facts.push([
      "Tonight",
      markup`<span class="big">${
        keepTogether(formatValue(metric, { ...point, value: tonight.value }))
      }</span>`,
    ]);
    facts.push(["Runs", formatCount(point.runs)]);
  }
  if (tonight.change !== null && tonight.level !== null) {
    facts.push([
      `From the level of ${plural(tonight.nights, "night")}`,
      `${formatChange(tonight.change)} from ${formatMetric(metric, tonight.level)}`,
    ]);
  }
  if (tonight.expected !== null) {
    const { low, high } = tonight.expected;
    facts.push([
      "Expected of all but one night in 200",
      `${formatMetric(metric, low)} to ${formatMetric(metric, high)}`,
    ]);
  }
  facts.push(["Changes that matter", `from ${formatChange(tonight.floor).replace("+", "")}`]);
  if (point?.report != null && reports !== null) {
    facts.push([
      "Report",
      markup`<a href="${reportHref(reports, point.report)}">${point.night}</a>`,
    ]);
  }
  return markup`<dl class="tonight">
<div><dt>${tonight.night}</dt><dd class="big"><strong class="${verdictClass(tonight.verdict)}">${
    verdictText(tonight.verdict)
  }</strong></dd></div>
${facts.map(([term, fact]) => markup`<div><dt>${term}</dt><dd>${fact}</dd></div>\n`)}</dl>
`;
}

/** A value that may break before its interval, and nowhere else. */
function keepTogether(value: string): Markup {
  const [first = "", interval] = value.split(/ (?=\()/);
  const rest = interval === undefined ? null : markup` <span class="interval">${interval}</span>`;
  return markup`<span class="quantity">${first}</span>${rest}`;
}

function caption({ shifts, anomalies, tonight }: SeriesJudgement): string {
  const parts = [
    "The line is broken where a night is missing, and the shade around it is each night's own interval.",
    "The scale does not begin at zero.",
  ];
  if (shifts.length > 0) {
    parts.push("Dashes are the levels, and upright dots part them where a lasting shift began.");
  }
  if (anomalies.length > 0) parts.push("Rings are nights that stood out and did not last.");
  if (tonight.expected !== null) {
    parts.push(
      "The band at the end is what was expected of tonight, over the nights it comes from.",
    );
  }
  return parts.join(" ");
}

function shiftsTable({ series, shifts }: SeriesJudgement, options: SiteOptions): Markup {
  if (shifts.length === 0) return markup`<p>None was found.</p>\n`;
  const { metric } = series;
  return tableOf(
    "Lasting shifts",
    ["First night", "Direction", ">Change", ">From", ">To", "Between"],
    shifts.toReversed().map((shift) => {
      const between = betweenTexts(shift.between, options.details(series, shift));
      return [
        shift.night,
        markup`<strong class="${verdictClass(shift.direction)}">${
          directionText(shift.direction)
        }</strong>`,
        formatChange(shift.change),
        formatMetric(metric, shift.from),
        formatMetric(metric, shift.to),
        between.length === 0
          ? `nothing that was recorded since ${shift.after}`
          : markup`${between.map((text) => markup`${text}<br>`)}`,
      ];
    }),
  );
}

function anomaliesTable(
  { series, anomalies }: SeriesJudgement,
  reports: string | null,
): Markup {
  if (anomalies.length === 0) return markup`<p>None was found.</p>\n`;
  const points = new Map(series.points.map((point) => [point.night, point]));
  return tableOf(
    "Nights that stood out",
    ["Night", "Direction", ">Value", ">Change", "Report"],
    anomalies.toReversed().map(({ night, value, direction, change }) => [
      night,
      markup`<span class="${verdictClass(direction)}">${directionText(direction)}</span>`,
      formatMetric(series.metric, value),
      formatChange(change),
      reportLink(points.get(night), reports),
    ]),
  );
}

function reportLink(point: NightPoint | undefined, reports: string | null): Markup | string {
  if (point?.report == null || reports === null) return "";
  return markup`<a href="${reportHref(reports, point.report)}">report of ${point.night}</a>`;
}

function lastNights(
  { series }: SeriesJudgement,
  unit: Unit,
  reports: string | null,
): Markup {
  const points = series.points.slice(-LISTED).toReversed();
  const shown = (value: number) => formatIn(unit, series.metric, value);
  return tableOf(
    "The last nights",
    [
      "Night",
      `>Value, ${unit.name}`,
      ">Interval",
      ">Runs",
      "Commit",
      "Library",
      "Report or reason",
    ],
    points.map((point) => [
      point.night,
      point.value === null ? "–" : shown(point.value),
      point.low === null || point.high === null ? "" : `${shown(point.low)}–${shown(point.high)}`,
      String(point.runs),
      point.commit === null ? "" : markup`<code>${shortCommit(point.commit)}</code>`,
      point.library ?? "",
      point.value === null ? point.reason ?? "" : reportLink(point, reports),
    ]),
  );
}

/** A table; `>` before a header aligns the column to the right. */
function tableOf(
  label: string,
  headers: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
): Markup {
  const look = (i: number) => headers[i]!.startsWith(">") ? markup` class="number"` : null;
  const head = headers.map((header, i) =>
    markup`<th scope="col"${look(i)}>${header.replace(/^>/, "")}</th>`
  );
  return markup`<div class="table nights" tabindex="0" role="region" aria-label="${label}">
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${
    rows.map((row) =>
      markup`<tr>${row.map((cell, i) => markup`<td${look(i)}>${cell}</td>`)}</tr>\n`
    )
  }</tbody>
</table>
</div>
`;
}
