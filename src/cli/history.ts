/** `history`: results by night and node, and what they say. */
import { formatBytes, plural } from "../format/mod.ts";
import {
  type Analysis,
  type HistoryJudgement,
  judgeHistory,
  type LastingShift,
  nightDifferences,
  nightRecord,
} from "../analysis/mod.ts";
import {
  type History,
  type NightFile,
  type NightLine,
  openHistory,
  REPORT_NAME,
  RESULT_NAME,
} from "../history/mod.ts";
import { buildBaselineReport, historyToConsole, type SiteOptions } from "../report/mod.ts";
import { fileReason, MetricName, type NightSeries, type Result } from "../result/mod.ts";
import { analyseResult } from "./analyse_result.ts";
import { baselineFile, baselineNames } from "./baselines.ts";
import { EXIT } from "./exit_code.ts";
import { writeSite } from "./history_site.ts";
import { readAny } from "./read_any.ts";
import { FIGURES_FOLDER, htmlFile } from "./report_files.ts";
import type { Streams } from "./streams.ts";
import { listWithSuggestion } from "./suggest.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The options that every subcommand has, as they are written. */
export interface HistoryFlags {
  history: string;
}

/** The options of `history add`, as they are written. */
export interface HistoryAddFlags extends HistoryFlags {
  night?: string;
  node?: string;
  json?: boolean;
}

/** The options of `history show`, as they are written. */
export interface HistoryShowFlags extends HistoryFlags {
  node?: string[];
  filter?: string;
  metric?: string[];
  nights: string;
  json?: boolean;
}

/** The options of `history site`, as they are written. */
export interface HistorySiteFlags extends HistoryFlags {
  out: string;
  title: string;
  reports?: string;
  url?: string;
}

/** The options of `history thin`, as they are written. */
export interface HistoryThinFlags extends HistoryFlags {
  nights: string;
  weeks: string;
  dryRun?: boolean;
  json?: boolean;
}

/** `history add`. */
export function historyAdd(
  paths: readonly string[],
  flags: HistoryAddFlags,
  streams: Streams,
): number {
  if (flags.night !== undefined && paths.length > 1) {
    throw new UsageError("Cannot add several results with --night: add them one by one");
  }
  // All are read before the first is added: a mistyped path leaves the history as it was.
  const results = paths.map((path) => ({ path, result: readAny(path) }));
  using history = openHistory(flags.history, { create: true });
  const rows = results.map(({ path, result }) => {
    const { state, line, others } = addResult(history, path, result, flags);
    const { night, node, folder } = line;
    streams.error(
      state === "known"
        ? `${path} is in the history already: ${night}, ${node}\n`
        : `${path} is added: ${night}, ${node}, ${history.directory}/${folder}\n`,
    );
    if (!result.complete) streams.error(`note: ${path} is incomplete; what it has counts\n`);
    if (state === "added" && others.length > 0) {
      streams.error(
        `note: ${night} of ${node} has ${
          plural(others.length + 1, "result")
        }; for each benchmark ` +
          "the one that was begun last counts\n",
      );
    }
    return { path, state, night, node, folder, others: others.map(({ result }) => result) };
  });
  if (flags.json) streams.out(JSON.stringify(rows, null, 2) + "\n");
  return EXIT.fine;
}

/**
 * Adds a result to a history with its report: the one beside it, where there is one, else a new one.
 *
 * @param path Of the result, or of its directory.
 * @param analysis The result's.
 */
export function addResult(
  history: History,
  path: string,
  result: Result,
  place: { night?: string | undefined; node?: string | undefined } = {},
  analysis: Analysis = analyseResult(result),
): ReturnType<History["add"]> {
  let record;
  try {
    record = nightRecord(result, analysis, place);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message.replace(/name the node$/, "name it with --node"));
  }
  const files: NightFile[] = [
    { name: RESULT_NAME, content: { text: JSON.stringify(result) + "\n" } },
  ];
  const beside = ["report.md", FIGURES_FOLDER, REPORT_NAME].filter((name) =>
    isThere(`${path}/${name}`)
  );
  files.push(...beside.map((name) => ({ name, content: { path: `${path}/${name}` } })));
  if (!beside.includes(REPORT_NAME)) {
    const { text } = htmlFile(buildBaselineReport(result, analysis), result, REPORT_NAME);
    files.push({ name: REPORT_NAME, content: { text } });
  }
  return history.add(record, files);
}

/** `history show`. */
export function historyShow(flags: HistoryShowFlags, streams: Streams): number {
  const nights = wholeNumber("--nights", flags.nights);
  using history = openHistory(flags.history);
  const { metric = [], node = [], filter } = flags;
  requireKnown("metric", metric, MetricName.options);
  requireKnown("node", node, history.nodes());
  // Judged whole: how sure a shift is depends on the number of series.
  const judgement = judge(history);
  const chosen = judgement.series.filter(({ series }) =>
    (node.length === 0 || node.includes(series.node)) &&
    (metric.length === 0 || metric.includes(series.metric)) &&
    (filter === undefined || series.benchmark.includes(filter))
  );
  if (chosen.length === 0 && judgement.series.length > 0) {
    const benchmarks = [...new Set(judgement.series.map(({ series }) => series.benchmark))];
    throw new UsageError(
      filter === undefined
        ? "Cannot show that: no series has this node and this metric"
        : `Cannot show ${JSON.stringify(filter)}: no benchmark of that kind is in the history; ${
          listWithSuggestion(filter, benchmarks)
        }`,
    );
  }
  const shown = { ...judgement, series: chosen };
  if (flags.json) {
    streams.out(
      JSON.stringify({ schema: "tidemark.history-judgement", version: 1, ...shown }) + "\n",
    );
  } else streams.out(historyToConsole(shown, nights));
  return EXIT.fine;
}

/** `history site`. */
export function historySiteCommand(flags: HistorySiteFlags, streams: Streams): number {
  using history = openHistory(flags.history);
  const options = siteOptions(history, flags);
  const { files, bytes } = writeSite(flags.out, judge(history), options);
  streams.error(`${flags.out}/index.html: ${plural(files, "file")}, ${formatBytes(bytes)}\n`);
  return EXIT.fine;
}

/** `history rebuild`. */
export function historyRebuild(flags: HistoryFlags, streams: Streams): number {
  using history = openHistory(flags.history);
  const lines = history.rebuild();
  streams.error(`The index of ${flags.history} is made anew from ${plural(lines, "result")}\n`);
  return EXIT.fine;
}

/** `history thin`. */
export function historyThin(flags: HistoryThinFlags, streams: Streams): number {
  const nights = wholeNumber("--nights", flags.nights);
  const weeks = wholeNumber("--weeks", flags.weeks);
  const dryRun = flags.dryRun ?? false;
  using history = openHistory(flags.history);
  const keep = reasonToKeep(history);
  const { removed, spared, kept } = history.thin({ nights, weeks, keep }, { dryRun });
  if (flags.json) {
    const row = ({ night, node, result, folder }: NightLine) => ({ night, node, result, folder });
    const rows = {
      dryRun,
      removed: removed.map(({ line, bytes }) => ({ ...row(line), bytes })),
      spared: spared.map(({ line, reason }) => ({ ...row(line), reason })),
      kept,
    };
    streams.out(JSON.stringify(rows, null, 2) + "\n");
  }
  for (const { line } of removed) {
    streams.error(`${dryRun ? "would remove" : "removed"} ${line.folder}\n`);
  }
  for (const { line, reason } of spared) streams.error(`kept ${line.folder}: ${reason}\n`);
  const bytes = removed.reduce((sum, { bytes }) => sum + bytes, 0);
  streams.error(
    `${plural(removed.length, "result")} ${dryRun ? "would go" : "gone"}, ${formatBytes(bytes)}; ${
      plural(kept, "result")
    } ${kept === 1 ? "stays" : "stay"}, and every value\n`,
  );
  return EXIT.fine;
}

/** Judges every series of a history. */
export function judge(history: History): HistoryJudgement {
  return judgeHistory(history.series());
}

/** What a site is made with, as the command line says it. */
export function siteOptions(
  history: History,
  { out, title, reports, url }: Pick<HistorySiteFlags, "out" | "title" | "reports" | "url">,
): SiteOptions {
  return {
    title,
    id: history.id,
    reports: reports === "none"
      ? null
      : reports === undefined
      ? relativeLink(out, history.directory)
      : withSlash(reports),
    nodes: null,
    url: url === undefined ? null : requireAddress(url),
    details: remembered((series, shift) => conditionsBetween(history, series, shift)),
    version: VERSION,
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
  return nightDifferences(from, to, store);
}

/** Results that thinning must not take: what a saved baseline is, and the nights beside a shift. */
export function reasonToKeep(history: History): (line: NightLine) => string | null {
  const baselines = new Map<string, string>();
  for (const name of baselineNames()) {
    try {
      baselines.set(readAny(baselineFile(name)).id, name);
    } catch {
      // A baseline that cannot be read is nobody's reason; `compare` will tell of it.
    }
  }
  const beside = new Set(
    judge(history).series.flatMap(({ series, shifts }) =>
      shifts.flatMap(({ night, after }) => [night, after].map((each) => `${each} ${series.node}`))
    ),
  );
  return ({ result, night, node }) => {
    const baseline = baselines.get(result);
    if (baseline !== undefined) return `it is the baseline ${baseline}`;
    return beside.has(`${night} ${node}`) ? "a lasting shift lies beside it" : null;
  };
}

function requireKnown(what: string, words: readonly string[], names: readonly string[]): void {
  for (const word of words) {
    if (names.includes(word)) continue;
    throw new UsageError(
      `Unknown ${what} ${JSON.stringify(word)}: ${
        names.length === 0 ? "the history is empty" : listWithSuggestion(word, names)
      }`,
    );
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(
    `Cannot take ${JSON.stringify(text)} for ${option}: give a whole number from 0`,
  );
}

function requireAddress(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["http:", "https:", "file:"].includes(parsed.protocol)) {
    throw new UsageError(
      `Cannot take ${JSON.stringify(url)} for --url: give an address like https://host/path/`,
    );
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new UsageError("Cannot take --url: it has a password, which everybody could read then");
  }
  return withSlash(parsed.href);
}

function withSlash(link: string): string {
  return link.endsWith("/") ? link : `${link}/`;
}

/** What leads from one directory to another, as a link. */
function relativeLink(from: string, to: string): string {
  const [here, there] = [from, to].map((path) => absolute(path).split("/").filter(Boolean)) as [
    string[],
    string[],
  ];
  let common = 0;
  while (common < Math.min(here.length, there.length) && here[common] === there[common]) common++;
  const parts = [...here.slice(common).map(() => ".."), ...there.slice(common)];
  return parts.map((part) => `${encodeURIComponent(part)}/`).join("") || "./";
}

/** A path without `.` and `..`, from the root. */
function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${Deno.cwd()}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw new UsageError(`Cannot read ${path}: ${fileReason(error)}`);
  }
}
