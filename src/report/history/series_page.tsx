/** The page of one series: interactive, with its numbers as text. */
import { formatChange, formatCount, formatNumber, plural } from "../../format/mod.ts";
import { METRIC_WORDS, type SeriesJudgement, toldShifts } from "../../analysis/mod.ts";
import type { NightPoint } from "../../result/mod.ts";
import uplot from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import historySeries from "../client/history_series.js" with { type: "text" };
import {
  code,
  type Inline,
  inline,
  link,
  quantity,
  status,
  table,
  type Words,
} from "../document.ts";
import { Inlines } from "../html/inline.tsx";
import { onLines } from "../html/markup.tsx";
import { DataBlock, writeHtmlPage } from "../html/page.tsx";
import { TableView } from "../html/table.tsx";
import { pageHead } from "./head.tsx";
import type { SiteOptions } from "./options.ts";
import { INDEX_PAGE, linkPath, reportHref, seriesPage } from "./paths.ts";
import { seriesData } from "./series_data.ts";
import { HISTORY_STYLE } from "./style.ts";
import {
  betweenTexts,
  causeText,
  controlText,
  estimatorText,
  formatIn,
  formatMetric,
  levelTexts,
  separated,
  shortCommit,
  stoodOut,
  type Unit,
  unitOf,
  valueText,
  verdictStatus,
} from "./words.ts";

/** Nights whose numbers stand on the page at once. */
const LISTED = 30;

/** From a series' page to the site's own directory. */
const ROOT = "../";

/** How many days the drawing can show at once; 0 stands for all. */
const RANGES = [["30", "30 days"], ["90", "90 days"], ["365", "1 year"], ["0", "all"]] as const;

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
  return writeHtmlPage({
    language: "en",
    title: `${title} – ${options.title}`,
    style: `${uplotStyle}\n${HISTORY_STYLE}`,
    head: pageHead(options, ROOT),
    body: (
      <>
        <main>
          {onLines([
            null,
            <p class="crumbs">
              <a href={`${ROOT}${INDEX_PAGE}`}>← {options.title}</a>
            </p>,
            <h1>
              <code>{series.benchmark}</code> {metric} on {series.node}
            </h1>,
            <Relatives of={judged} all={all} />,
            <Tonight of={judged} reports={reports} />,
            <h2 id="nights">Nights</h2>,
            <Chart of={judged} unit={unit} />,
            <h2 id="shifts">Lasting shifts</h2>,
            <Shifts of={judged} options={options} />,
            <Estimators of={judged} />,
            <Notes of={judged} />,
            <h2 id="odd">Nights that stood out and did not last</h2>,
            <Anomalies of={judged} reports={reports} />,
            <h2 id="numbers">Numbers</h2>,
            <LastNights of={judged} unit={unit} reports={reports} />,
            <details id="all-nights" hidden>
              {onLines([
                null,
                <summary>All {plural(series.points.length, "day")} as a table</summary>,
                <p>
                  <a id="csv" href="#csv" download={`${name}.csv`}>Download as CSV</a>
                </p>,
                <div class="table" tabindex={0} role="region" aria-label="All nights" />,
              ])}
            </details>,
            <p class="soft">Made by Tidemark {options.version}.</p>,
          ])}
        </main>
        {"\n"}
        <DataBlock id="data" data={seriesData(judged, unit, reports)} />
        {"\n"}
      </>
    ),
    scripts: [uplot, historySeries],
  });
}

/** The drawing's place with what moves it; its script does the rest. */
function Chart({ of, unit }: { of: SeriesJudgement; unit: Unit }) {
  const { series } = of;
  const metric = METRIC_WORDS[series.metric];
  return (
    <>
      <div id="controls" hidden>
        {onLines([
          null,
          <div class="ranges" role="group" aria-label="Nights shown">
            {RANGES.map(([nights, text]) => (
              <button type="button" data-nights={nights}>{text}</button>
            ))}
          </div>,
          <p class="keys">
            Drag to zoom, double-click for all. Keys: ← → a night, with Shift 30; Home, End; + −
            zoom, 0 all; Enter opens the report.
          </p>,
        ])}
      </div>
      {onLines([
        null,
        <div
          id="chart"
          tabindex={0}
          role="application"
          aria-label={`${metric} over the nights; arrow keys read a night`}
          aria-describedby="caption"
        />,
        <p id="reading" role="status" />,
        <p class="soft" id="caption">
          {metric}, {unit.name}; {series.better} is better. {caption(of)}
        </p>,
        <noscript>
          <p>The drawing and the table of all nights need scripts; the last nights are below.</p>
        </noscript>,
      ])}
    </>
  );
}

/** Whether a link is absolute, and the same from every page. */
function isAddress(link: string): boolean {
  return /^(https?:)?\//.test(link);
}

/** Links to the benchmark's other metrics and to the same metric on other nodes. */
function Relatives({ of: { series }, all }: {
  of: SeriesJudgement;
  all: readonly SeriesJudgement[];
}) {
  const own = all.filter((other) =>
    other.series.benchmark === series.benchmark && other.series !== series
  );
  const metrics = own.filter((other) => other.series.node === series.node)
    .map((other) => relative(other, METRIC_WORDS[other.series.metric]));
  const nodes = own.filter((other) => other.series.metric === series.metric)
    .map((other) => relative(other, other.series.node));
  if (metrics.length + nodes.length === 0) return null;
  return (
    <p class="siblings">
      {metrics.length > 0 && (
        <>
          Other metrics: <Inlines of={separated(metrics)} />.{" "}
        </>
      )}
      {nodes.length > 0 && (
        <>
          On other nodes: <Inlines of={separated(nodes)} />.
        </>
      )}
    </p>
  );
}

function relative(other: SeriesJudgement, text: string): Inline[] {
  return inline([
    link(text, `${ROOT}${linkPath(seriesPage(other.series))}`),
    ...(stoodOut(other) ? [" ", verdictStatus(other)] : []),
  ]);
}

function Tonight({ of: judged, reports }: {
  of: SeriesJudgement;
  reports: string | null;
}) {
  const { series, tonight } = judged;
  const { metric } = series;
  const point = series.points.at(-1);
  const facts: [term: string, fact: Words, look?: string][] = [
    [tonight.night, verdictStatus(judged), "big"],
  ];
  if (tonight.value === null || point === undefined) {
    facts.push(["Tonight", point?.reason ?? "no value"]);
  } else {
    const value = valueText(metric, { ...point, value: tonight.value });
    facts.push(["Tonight", quantity(value), "big"], ["Runs", formatCount(point.runs)]);
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
  const control = controlText(judged);
  if (control !== null) {
    const whose = tonight.cause === "machine" ? "; the control went along: it is the machine" : "";
    facts.push(["To the control", `${control}${whose}`]);
  }
  facts.push(["Changes that matter", `from ${formatChange(tonight.floor).replace("+", "")}`]);
  if (point?.report != null && reports !== null) {
    facts.push(["Report", link(point.night, reportHref(reports, point.report))]);
  }
  return (
    <dl class="tonight">
      {"\n"}
      {onLines(facts.map(([term, fact, look]) => (
        <div>
          <dt>{term}</dt>
          <dd class={look}>
            <Inlines of={inline(fact)} />
          </dd>
        </div>
      )))}
    </dl>
  );
}

function caption({ shifts, anomalies, tonight, estimators = [] }: SeriesJudgement): string {
  const parts = [
    "The line is broken where a night is missing, and the shade around it is each night's own interval.",
    "The scale does not begin at zero.",
  ];
  if (shifts.length > 0) {
    parts.push("Dashes are the levels, and upright dots part them where a lasting shift began.");
  }
  if (estimators.length > 0) {
    parts.push("Whole uprights are where the times are of another estimator.");
  }
  if (anomalies.length > 0) parts.push("Rings are nights that stood out and did not last.");
  if (tonight.expected !== null) {
    parts.push(
      "The band at the end is what was expected of tonight, over the nights it comes from.",
    );
  }
  return parts.join(" ");
}

function Shifts({ of: judged, options }: {
  of: SeriesJudgement;
  options: SiteOptions;
}) {
  const { series, control } = judged;
  const shifts = toldShifts(judged);
  if (shifts.length === 0) return <p>None was found.</p>;
  const isAccepted = shifts.some(({ accepted }) => accepted !== undefined);
  const { metric } = series;
  const rows = shifts.toReversed().map((shift) => {
    const between = betweenTexts(shift.between, options.details(series, shift));
    return [
      shift.night,
      status(shift.direction),
      formatChange(shift.change),
      ...levelTexts(metric, shift),
      ...(control === undefined ? [] : [causeText(shift) ?? "no control tells"]),
      between.length === 0 ? `nothing that was recorded since ${shift.after}` : between.join("; "),
      ...(isAccepted ? [shift.accepted ?? ""] : []),
    ];
  });
  return (
    <TableView
      look="nights"
      table={table(
        [
          "First night",
          "Direction",
          ">Change",
          ">From",
          ">To",
          ...(control === undefined ? [] : ["Whose"]),
          "Between",
          ...(isAccepted ? ["Accepted"] : []),
        ],
        rows,
        { label: "Lasting shifts" },
      )}
    />
  );
}

/** Where the series is cut, since its nights are of two kinds. */
function Estimators({ of: { estimators = [] } }: { of: SeriesJudgement }) {
  if (estimators.length === 0) return null;
  return (
    <p>
      Times of another estimator:{" "}
      {estimators.map(estimatorText).join("; ")}. Nights of one kind are never held against those of
      the other.
    </p>
  );
}

/** What people said of the series' nights. */
function Notes({ of: { notes = [] } }: { of: SeriesJudgement }) {
  if (notes.length === 0) return null;
  return (
    <>
      <h2 id="notes">Notes</h2>
      {"\n"}
      <TableView
        look="nights"
        table={table(
          ["Night", "Note"],
          notes.toReversed().map(({ night, text }) => [night, text]),
          { label: "Notes" },
        )}
      />
    </>
  );
}

function Anomalies({ of: { series, anomalies }, reports }: {
  of: SeriesJudgement;
  reports: string | null;
}) {
  if (anomalies.length === 0) return <p>None was found.</p>;
  const points = new Map(series.points.map((point) => [point.night, point]));
  const rows = anomalies.toReversed().map(({ night, value, direction, change }) => [
    night,
    status(direction),
    formatMetric(series.metric, value),
    formatChange(change),
    reportLink(points.get(night), reports),
  ]);
  return (
    <TableView
      look="nights"
      table={table(
        ["Night", "Direction", ">Value", ">Change", "Report"],
        rows,
        { label: "Nights that stood out" },
      )}
    />
  );
}

function reportLink(point: NightPoint | undefined, reports: string | null): Words {
  if (point?.report == null || reports === null) return "";
  return link(`report of ${point.night}`, reportHref(reports, point.report));
}

/** A night's ratio to its control with its interval, or why there is none. */
function ratioText({ control }: NightPoint): string {
  if (control === undefined) return "";
  const { ratio, low, high, reason } = control;
  if (ratio === null) return reason ?? "not known";
  const shown = (value: number) => formatNumber(value, 4);
  return low === null || high === null
    ? shown(ratio)
    : `${shown(ratio)} (${shown(low)}–${shown(high)})`;
}

function LastNights({ of: { series, control }, unit, reports }: {
  of: SeriesJudgement;
  unit: Unit;
  reports: string | null;
}) {
  const shown = (value: number) => formatIn(unit, series.metric, value);
  const rows = series.points.slice(-LISTED).toReversed().map((point) => [
    point.night,
    point.value === null ? "–" : shown(point.value),
    point.low === null || point.high === null ? "" : `${shown(point.low)}–${shown(point.high)}`,
    String(point.runs),
    ...(control === undefined ? [] : [ratioText(point)]),
    point.commit === null ? "" : code(shortCommit(point.commit)),
    point.library ?? "",
    point.value === null ? point.reason ?? "" : reportLink(point, reports),
  ]);
  const headers = [
    "Night",
    `>Value, ${unit.name}`,
    ">Interval",
    ">Runs",
    ...(control === undefined ? [] : [">To the control"]),
    "Commit",
    "Library",
    "Report or reason",
  ];
  return (
    <TableView
      look="nights"
      table={table(headers, rows, { label: "The last nights" })}
    />
  );
}
