/** `history`: results by night and node, and what they say. */
import { analyseResult, judgeHistory } from "../analysis/mod.ts";
import { formatBytes, plural } from "../format/mod.ts";
import { type NightLine, openHistory } from "../history/mod.ts";
import { addResult, reasonToKeep, siteOptions } from "../night/mod.ts";
import { historyToConsole, writeSite } from "../report/mod.ts";
import { MetricName } from "../result/mod.ts";
import { baselinesById } from "./baselines.ts";
import { EXIT } from "./exit_code.ts";
import { parseAddress, wholeNumber, withSlash } from "./option_values.ts";
import { readAny } from "./read_any.ts";
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
    const { state, line, others } = addResult(
      history,
      path,
      result,
      analyseResult(result),
      flags,
    );
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

/** `history show`. */
export function historyShow(flags: HistoryShowFlags, streams: Streams): number {
  const nights = wholeNumber("--nights", flags.nights);
  using history = openHistory(flags.history);
  const { metric = [], node = [], filter } = flags;
  requireKnown("metric", metric, MetricName.options);
  requireKnown("node", node, history.nodes());
  // Judged whole: how sure a shift is depends on the number of series.
  const judgement = judgeHistory(history.series());
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
  const { out, title, url, reports } = flags;
  const options = siteOptions(history, {
    out,
    title,
    url: url === undefined ? null : parseAddress(url),
    reports: reports === "none" ? null : reports && withSlash(reports),
    version: VERSION,
  });
  const { files, bytes } = writeSite(out, judgeHistory(history.series()), options);
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
  const keep = reasonToKeep(history, baselinesById());
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
