/** The site's first page: what changed, and a row for each benchmark and node. */
import { formatChange, formatCount, plural } from "../../format/mod.ts";
import {
  type HistoryJudgement,
  type LastingShift,
  LEAST_NIGHTS,
  METRIC_WORDS,
  NEWS_NIGHTS,
  type SeriesJudgement,
  toldShifts,
  type TonightVerdict,
} from "../../analysis/mod.ts";
import type { MetricName } from "../../result/mod.ts";
import historyIndex from "../client/history_index.js" with { type: "text" };
import sortTables from "../client/sort_tables.js" with { type: "text" };
import {
  aside,
  type Cell,
  type Column,
  type Inline,
  inline,
  link,
  quantity,
  sorted,
  status,
  strong,
  type Table,
  type Words,
} from "../document.ts";
import { Inlines } from "../html/inline.tsx";
import { onLines } from "../html/markup.tsx";
import { writeHtmlPage } from "../html/page.tsx";
import { TableView } from "../html/table.tsx";
import { statusClass, statusMark } from "../status_text.ts";
import {
  type Changes,
  changesOf,
  estimatorSentence,
  notKnownWhoseText,
  uncontrolledText,
} from "./changes.ts";
import { pageHead } from "./head.tsx";
import { newsItems, newsLine } from "./news.ts";
import type { SiteOptions } from "./options.ts";
import { FEED_FILE, linkPath, reportHref, seriesPage, SUMMARY_FILE } from "./paths.ts";
import { SPARK_DAYS, sparkline } from "./sparkline.tsx";
import { HISTORY_STYLE } from "./style.ts";
import { causeText, headline, separated, stoodOut, valueText, verdictStatus } from "./words.ts";

/** The table's columns, each with the class of its cells. */
const COLUMNS: readonly (Column & { look: string })[] = [
  { header: "Benchmark and node", align: "left", look: "name" },
  { header: "Tonight", align: "right", look: "value" },
  { header: "From level", align: "right", look: "change" },
  { header: `Last ${SPARK_DAYS} days`, align: "left", sortable: false, look: "trend-cell" },
  { header: "Verdict", align: "left", look: "verdict" },
  { header: "Last change", align: "left", look: "last" },
  { header: "Other metrics", align: "left", sortable: false, look: "others" },
];

/** Writes the page. */
export function indexPage(judgement: HistoryJudgement, options: SiteOptions): string {
  const changes = changesOf(judgement);
  const rows = rowsOf(judgement);
  const nodes = [...new Set(judgement.series.map(({ series }) => series.node))];
  const facts = changes.tonight === null
    ? "There is no night in this history yet."
    : whatThereIs(judgement, nodes, changes.tonight);
  return writeHtmlPage({
    language: "en",
    title: options.title,
    style: HISTORY_STYLE,
    head: pageHead(options, ""),
    body: (
      <>
        <main>
          {onLines([
            null,
            <h1>{options.title}</h1>,
            <p class="facts">
              {facts} <a href={FEED_FILE} type="application/atom+xml">Atom feed</a>
              {" · "}
              <a href={SUMMARY_FILE}>what changed, as Markdown</a>
              {options.nodes !== null && (
                <>
                  {" · "}
                  <a href={linkPath(options.nodes)}>tonight’s nodes side by side</a>
                </>
              )}
            </p>,
            <Tally of={changes} />,
            <h2 id="what-changed">What changed</h2>,
            <News of={changes} options={options} />,
            <h2 id="benchmarks">Benchmarks</h2>,
            <FilterForm nodes={nodes} />,
            <Benchmarks rows={rows} options={options} />,
            <Reading />,
            <p class="soft">Made by Tidemark {options.version}.</p>,
          ])}
        </main>
        {"\n"}
      </>
    ),
    scripts: [sortTables, historyIndex],
  });
}

function whatThereIs(
  { series, nights, measured }: HistoryJudgement,
  nodes: readonly string[],
  tonight: string,
): string {
  const names = new Set(series.map(({ series }) => series.benchmark));
  const all = plural(series.length, "series", "series");
  const places = `${plural(names.size, "benchmark")} on ${plural(nodes.length, "node")}`;
  const time = `over ${plural(measured.length, "measured night")} since ${nights[0]}`;
  return `Tonight is ${tonight}. ${all} of ${places}, ${time}.`;
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
function Tally({ of: { counts } }: { of: Changes }) {
  const shown = (Object.entries(counts) as [TonightVerdict, number][])
    .filter(([verdict, count]) => count > 0 || verdict === "regressed");
  return (
    <ul class="tally" aria-label="Series by verdict">
      {"\n"}
      {onLines(
        shown.map(([verdict, count]) => (
          <li class={count > 0 ? statusClass(verdict) : "usual"}>
            {statusMark(verdict)} {formatCount(count)} {verdict}
          </li>
        )),
      )}
    </ul>
  );
}

/** How many benchmarks of another estimator are told, a sentence each. */
const MOST_ESTIMATORS = 20;

/** What stood out tonight and the young shifts, or that there is neither. */
function News({ of, options }: { of: Changes; options: SiteOptions }) {
  const { tonight, shifts, machine } = newsItems(of, options);
  const items = [...tonight, ...shifts, ...machine];
  const whose = notKnownWhoseText(of);
  const asides = [
    ...of.uncontrolled.map((each) => <p class="uncontrolled">{uncontrolledText(each)}</p>),
    whose !== null && <p class="uncontrolled">{whose}</p>,
    ...of.estimators.slice(0, MOST_ESTIMATORS).map((each) => (
      <p class="estimator">{estimatorSentence(each)}</p>
    )),
    of.estimators.length > MOST_ESTIMATORS && (
      <p class="estimator">
        Another estimator, too: {plural(of.estimators.length - MOST_ESTIMATORS, "more benchmark")}.
      </p>
    ),
  ];
  if (items.length === 0) {
    return (
      <>
        {onLines(asides)}
        <p>
          Nothing: no series stood out tonight, and no lasting shift began in the last {NEWS_NIGHTS}
          {" "}
          measured nights.
        </p>
      </>
    );
  }
  return (
    <>
      {onLines(asides)}
      <ul class="news">
        {"\n"}
        {onLines(items.map((item) => (
          <li>
            <Inlines of={newsLine(item, strong(item.where), linkPath)} />
          </li>
        )))}
      </ul>
    </>
  );
}

/** Shown by its script: without one it could do nothing. */
function FilterForm({ nodes }: { nodes: readonly string[] }) {
  return (
    <form id="filter" role="search" aria-label="Benchmarks" hidden>
      {onLines([
        null,
        <label>
          Find{" "}
          <input type="search" id="filter-text" placeholder="raw read node01" autocomplete="off" />
        </label>,
        nodes.length > 1 && (
          <label>
            Node{" "}
            <select id="filter-node">
              <option value="">all</option>
              {nodes.map((node) => <option value={node}>{node}</option>)}
            </select>
          </label>
        ),
        <label>
          <input type="checkbox" id="filter-news" /> only what changed
        </label>,
        <span id="found" role="status" class="soft" />,
      ])}
    </form>
  );
}

/** The table of all benchmarks. */
function Benchmarks({ rows, options }: {
  rows: readonly Row[];
  options: SiteOptions;
}) {
  const table: Table = {
    type: "table",
    label: "Benchmarks",
    columns: COLUMNS.map(({ look: _, ...column }) => column),
    rows: rows.map((row) => cellsOf(row, options)),
  };
  return (
    <TableView
      table={table}
      id="series"
      stacked
      cell={(row, column) =>
        isEmpty(rows[row]!, COLUMNS[column]!.look)
          ? `${COLUMNS[column]!.look} empty`
          : COLUMNS[column]!.look}
      row={(index) => ({
        "data-node": rows[index]![0]!.series.node,
        "data-news": rows[index]!.some(stoodOut) ? "yes" : "no",
      })}
    />
  );
}

/** Whether a row has nothing to say in a column, which a narrow page leaves out then. */
function isEmpty(row: Row, look: string): boolean {
  return look === "last" ? lastShift(row) === null : look === "others" && row.length === 1;
}

function cellsOf(row: Row, options: SiteOptions): Cell[] {
  const main = headline(row);
  const { series, tonight } = main;
  const last = lastShift(row);
  const others = row.filter((judged) => judged !== main);
  return [
    sorted(nameOf(main, options), `${series.benchmark} ${series.node}`),
    sorted(valueOf(main), tonight.value ?? ""),
    sorted(tonight.change === null ? "–" : formatChange(tonight.change), tonight.change ?? ""),
    { content: [sparkline(main)] },
    sorted(verdictStatus(main), rank(main.verdict)),
    last === null ? sorted(aside("none"), "") : sorted(shiftOf(last), last.shift.night),
    { content: separated(others.map(otherMetric)) },
  ];
}

/** The benchmark's name; the node, the metric and tonight's report. */
function nameOf({ series }: SeriesJudgement, { reports }: SiteOptions): Words {
  const report = series.points.at(-1)?.report ?? null;
  return [
    link({ type: "name", text: series.benchmark }, linkPath(seriesPage(series))),
    aside([
      `${series.node} · ${METRIC_WORDS[series.metric]}`,
      ...(report === null || reports === null
        ? []
        : [" · ", link("report", reportHref(reports, report))]),
    ]),
  ];
}

/** Tonight's value with its interval below it, or why there is none. */
function valueOf({ series, tonight }: SeriesJudgement): Words {
  const point = series.points.at(-1);
  if (tonight.value === null || point === undefined) {
    return ["–", aside(point?.reason ?? "no value")];
  }
  const { text, interval } = valueText(series.metric, { ...point, value: tonight.value });
  return [quantity(text), aside(interval ?? "no interval")];
}

/** The newest lasting shift of any of a row's metrics. */
function lastShift(row: Row): { shift: LastingShift; metric: MetricName } | null {
  return row
    .flatMap((judged) =>
      toldShifts(judged).map((shift) => ({ shift, metric: judged.series.metric }))
    )
    .sort((a, b) => order(a.shift.night, b.shift.night)).at(-1) ?? null;
}

function shiftOf({ shift, metric }: { shift: LastingShift; metric: MetricName }): Words {
  const { direction, change, night } = shift;
  const whose = causeText(shift);
  return [
    status(direction),
    ` ${METRIC_WORDS[metric]} ${formatChange(change)}`,
    aside([
      `since ${night}${whose === null ? "" : `, ${whose}`}`,
      shift.accepted === undefined ? "" : `, accepted: ${shift.accepted}`,
    ]),
  ];
}

/** A link to another metric, with its verdict where that is worth a word. */
function otherMetric(judged: SeriesJudgement): Inline[] {
  const { series } = judged;
  return inline([
    link(METRIC_WORDS[series.metric], linkPath(seriesPage(series))),
    ...(stoodOut(judged) ? [" ", verdictStatus(judged)] : []),
  ]);
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

function Reading() {
  return (
    <details>
      {onLines([
        null,
        <summary>How to read this page</summary>,
        <p>
          A row is one benchmark on one node with the metric that stands for it; the others are
          linked beside it, with their verdict where they stood out. Tonight's value has the
          interval over its own runs below it.
        </p>,
        <p>
          The verdict holds tonight against the nights of the present level: usual inside the range
          in which all but one night in 200 lie, regressed or improved beyond it where the change is
          large enough to matter; of a level of fewer than {LEAST_NIGHTS}{" "}
          nights nothing is said yet. That is about one night. A lasting shift is another thing: a
          level that changed and stayed. It is found after some nights, so shifts that began in a
          series' last {NEWS_NIGHTS}{" "}
          measured nights are news, and count in the verdict and in the numbers above as tonight
          does: such a series is called regressed or improved for good.
        </p>,
        <p>
          Where a control was measured, a pinned reference in turns with tonight's store, the ratio
          of the two is judged: what the machine does falls on both, and is told as the machine's.
        </p>,
        <p>
          A trend line has its own scale, which does not begin at zero and spans at least 4% of the
          value. It is broken where a night is missing, and where the times are of another estimator
          (their tool's mean, or its median), which are judged apart; an upright line marks where a
          lasting shift began, the dot is tonight.
        </p>,
      ])}
    </details>
  );
}
