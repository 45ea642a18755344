/** The site's first page: what changed, and a row for each benchmark and node. */
import { formatChange, formatCount, plural } from "../../format/mod.ts";
import {
  type HistoryJudgement,
  type LastingShift,
  METRIC_WORDS,
  type SeriesJudgement,
  type TonightVerdict,
} from "../../analysis/mod.ts";
import type { MetricName } from "../../result/mod.ts";
import historyIndex from "../client/history_index.js" with { type: "text" };
import sortTables from "../client/sort_tables.js" with { type: "text" };
import { type Markup, markup, trusted, writeHtmlPage } from "../html_page.ts";
import { type Changes, changesOf, NEWS_NIGHTS } from "./changes.ts";
import { pageHead } from "./head.ts";
import { newsSection } from "./news.ts";
import type { SiteOptions } from "./options.ts";
import { FEED_FILE, linkPath, reportHref, seriesPage, SUMMARY_FILE } from "./paths.ts";
import { SPARK_NIGHTS, sparkline } from "./sparkline.ts";
import { HISTORY_STYLE } from "./style.ts";
import {
  directionText,
  formatMetric,
  formatValue,
  headline,
  separated,
  stoodOut,
  verdictClass,
  verdictMark,
  verdictText,
} from "./words.ts";

/** The table's columns: header, and attributes beside it. */
const HEADERS: readonly [header: string, attributes: Markup | null][] = [
  ["Benchmark and node", null],
  ["Tonight", markup` class="number"`],
  ["From level", markup` class="number"`],
  [`Last ${SPARK_NIGHTS} nights`, markup` data-sort="no"`],
  ["Verdict", null],
  ["Last change", null],
  ["Other metrics", markup` data-sort="no"`],
];

function headerCell([header, attributes]: (typeof HEADERS)[number]): Markup {
  return markup`<th role="columnheader" scope="col"${attributes}>${header}</th>`;
}

/** Writes the page. */
export function indexPage(judgement: HistoryJudgement, options: SiteOptions): string {
  const changes = changesOf(judgement);
  const rows = rowsOf(judgement);
  const nodes = [...new Set(judgement.series.map(({ series }) => series.node))];
  const { nights } = judgement;
  const benchmarks = new Set(judgement.series.map(({ series }) => series.benchmark));
  const facts = changes.tonight === null
    ? "There is no night in this history yet."
    : `Tonight is ${changes.tonight}. ${plural(judgement.series.length, "series", "series")} of ${
      plural(benchmarks.size, "benchmark")
    } on ${plural(nodes.length, "node")}, over ${plural(nights.length, "night")} since ${
      nights[0]
    }.`;
  const body = markup`<main>
<h1>${options.title}</h1>
<p class="facts">${facts} <a href="${FEED_FILE}" type="application/atom+xml">Atom feed</a> · <a href="${SUMMARY_FILE}">what changed, as Markdown</a>${
    nodesLink(options)
  }</p>
${tally(changes)}<h2 id="what-changed">What changed</h2>
${newsSection(changes, options)}<h2 id="benchmarks">Benchmarks</h2>
${
    filterForm(nodes)
  }<div class="table" id="series" tabindex="0" role="region" aria-label="Benchmarks">
<table role="table">
<thead role="rowgroup"><tr role="row">${HEADERS.map(headerCell)}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => benchmarkRow(row, changes, options))}</tbody>
</table>
</div>
${reading()}<p class="soft">Made by Tidemark ${options.version}.</p>
</main>
`;
  return writeHtmlPage({
    language: "en",
    title: options.title,
    style: HISTORY_STYLE,
    head: pageHead(options, ""),
    body,
    scripts: [sortTables, historyIndex],
  });
}

function nodesLink({ nodes }: SiteOptions): Markup | null {
  if (nodes === null) return null;
  return markup` · <a href="${linkPath(nodes)}">tonight’s nodes side by side</a>`;
}

/** The series of one benchmark on one node. */
type Row = SeriesJudgement[];

function rowsOf({ series }: HistoryJudgement): Row[] {
  const rows = new Map<string, Row>();
  for (const judged of series) {
    const key = JSON.stringify([judged.series.benchmark, judged.series.node]);
    rows.set(key, [...rows.get(key) ?? [], judged]);
  }
  return [...rows.values()].sort(([a], [b]) =>
    order(a!.series.benchmark, b!.series.benchmark) || order(a!.series.node, b!.series.node)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How many series have each verdict. */
function tally({ counts }: Changes): Markup {
  const shown = (Object.entries(counts) as [TonightVerdict, number][])
    .filter(([verdict, count]) => count > 0 || verdict === "regressed");
  return markup`<ul class="tally" aria-label="Series by verdict">\n${
    shown.map(([verdict, count]) =>
      markup`<li class="${count > 0 ? verdictClass(verdict) : "usual"}">${verdictMark(verdict)} ${
        formatCount(count)
      } ${verdict}</li>\n`
    )
  }</ul>\n`;
}

/** Shown by its script: without one it could do nothing. */
function filterForm(nodes: readonly string[]): Markup {
  const choice = nodes.length < 2 ? null : markup`<label>Node <select id="filter-node">
<option value="">all</option>
${nodes.map((node) => markup`<option value="${node}">${node}</option>\n`)}</select></label>
`;
  return markup`<form id="filter" role="search" aria-label="Benchmarks" hidden>
<label>Find <input type="search" id="filter-text" placeholder="raw read node01" autocomplete="off"></label>
${choice}<label><input type="checkbox" id="filter-news"> only what changed</label>
<span id="found" role="status" class="soft"></span>
</form>
`;
}

function benchmarkRow(row: Row, changes: Changes, options: SiteOptions): Markup {
  const main = headline(row);
  const { series, tonight } = main;
  const news = row.some((judged) =>
    stoodOut(judged) ||
    changes.shifts.some(({ shifts }) => shifts.some((shift) => shift.judged === judged))
  );
  const verdict = markup`<strong class="${verdictClass(tonight.verdict)}">${
    verdictText(tonight.verdict)
  }</strong>`;
  const last = lastShift(row);
  const others = row.filter((judged) => judged !== main);
  return markup`<tr role="row" data-node="${series.node}" data-news="${news ? "yes" : "no"}">${[
    cell("name", nameOf(main, options), `${series.benchmark} ${series.node}`),
    cell("number value", valueOf(main), tonight.value ?? ""),
    cell(
      "number change",
      tonight.change === null ? "–" : formatChange(tonight.change),
      tonight.change ?? "",
    ),
    cell("trend-cell", sparkline(main)),
    cell("verdict", verdict, rank(tonight.verdict)),
    last === null
      ? cell("last empty", markup`<span class="soft">none</span>`, "")
      : cell("last", shiftOf(last), last.shift.night),
    cell(others.length === 0 ? "others empty" : "others", separated(others.map(otherMetric))),
  ]}</tr>\n`;
}

function cell(
  look: string,
  content: Markup | string,
  sort: string | number | null = null,
): Markup {
  const key = sort === null ? null : markup` data-sort="${sort}"`;
  return markup`<td role="cell" class="${look}"${key}>${content}</td>`;
}

/** The benchmark's name, which may break after its parts; the node, the metric and tonight's report. */
function nameOf({ series }: SeriesJudgement, { reports }: SiteOptions): Markup {
  const report = series.points.at(-1)?.report ?? null;
  const link = report === null || reports === null
    ? null
    : markup` · <a href="${reportHref(reports, report)}">report</a>`;
  const parts = series.benchmark.split(/(?<=[/_])/);
  return markup`<a href="${linkPath(seriesPage(series))}">${
    parts.map((part, i) => markup`${i === 0 ? null : trusted("<wbr>")}${part}`)
  }</a><span class="sub">${series.node} · ${METRIC_WORDS[series.metric]}${link}</span>`;
}

/** Tonight's value with its interval below it, or why there is none. */
function valueOf({ series, tonight }: SeriesJudgement): Markup {
  const point = series.points.at(-1);
  if (tonight.value === null || point === undefined) {
    return markup`–<span class="sub">${point?.reason ?? "no value"}</span>`;
  }
  const whole = formatValue(series.metric, { ...point, value: tonight.value });
  const interval = /\((.*)\)$/.exec(whole)?.[1] ?? "no interval";
  return markup`${formatMetric(series.metric, tonight.value)}<span class="sub">${interval}</span>`;
}

/** The newest lasting shift of any of a row's metrics. */
function lastShift(row: Row): { shift: LastingShift; metric: MetricName } | null {
  return row
    .flatMap(({ shifts, series }) => shifts.map((shift) => ({ shift, metric: series.metric })))
    .sort((a, b) => order(a.shift.night, b.shift.night)).at(-1) ?? null;
}

function shiftOf({ shift, metric }: { shift: LastingShift; metric: MetricName }): Markup {
  const { direction, change, night } = shift;
  return markup`<span class="${verdictClass(direction)}">${directionText(direction)}</span> ${
    METRIC_WORDS[metric]
  } ${formatChange(change)}<span class="sub">since ${night}</span>`;
}

/** A link to another metric, with its verdict where that is worth a word. */
function otherMetric(judged: SeriesJudgement): Markup {
  const { series, tonight } = judged;
  const verdict = stoodOut(judged)
    ? markup` <strong class="${verdictClass(tonight.verdict)}">${
      verdictText(tonight.verdict)
    }</strong>`
    : null;
  return markup`<a href="${linkPath(seriesPage(series))}">${
    METRIC_WORDS[series.metric]
  }</a>${verdict}`;
}

/** How a verdict sorts: what asks for attention first. */
function rank(verdict: TonightVerdict): number {
  const all: TonightVerdict[] = [
    "regressed",
    "improved",
    "missing",
    "too small to matter",
    "too few nights",
    "usual",
  ];
  return all.indexOf(verdict);
}

function reading(): Markup {
  return markup`<details>
<summary>How to read this page</summary>
<p>A row is one benchmark on one node with the metric that stands for it; the others are linked beside it, with their verdict where they stood out. Tonight's value has the interval over its own runs below it.</p>
<p>The verdict holds tonight against the nights of the present level: usual inside the range in which all but one night in 200 lie, regressed or improved beyond it where the change is large enough to matter. That is about one night. A lasting shift is another thing: a level that changed and stayed. It is found after some nights, so shifts that began in the last ${NEWS_NIGHTS} nights are news.</p>
<p>A trend line has its own scale, which does not begin at zero and spans at least 4% of the value. It is broken where a night is missing; an upright line marks where a lasting shift began, the dot is tonight.</p>
</details>
`;
}
