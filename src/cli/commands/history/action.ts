/** `history`: results by night and node, and what they say. */
import { judgeHistory, METRIC_WORDS, otherEstimators, toldShifts } from "../../../analysis/mod.ts";
import {
  formatBytes,
  formatChange,
  joinWords,
  listWithSuggestion,
  plural,
  printable,
} from "../../../format/mod.ts";
import { type History, type NightLine, openHistory } from "../../../history/mod.ts";
import { addResult, reasonToKeep, siteOptions } from "../../../night/mod.ts";
import { isNight, type MetricName, type Result } from "../../../result/mod.ts";
import { historyToConsole, requireSite, writeSite } from "../../../report/mod.ts";
import { baselinesById } from "../../baselines.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { nodeClockNote } from "../../node_clock.ts";
import { bytesOfGib, oneOf, wrongValue } from "../../options/values.ts";
import { printResult } from "../../print_result.ts";
import { readAny } from "../../read_any.ts";
import { UsageError } from "../../usage_error.ts";
import { VERSION } from "../../version.ts";
import type {
  HistoryAddFlags,
  HistoryFlags,
  HistoryNoteFlags,
  HistoryShowFlags,
  HistorySiteFlags,
  HistoryThinFlags,
} from "./command.ts";

/** `history add`. */
export function runAdd(
  paths: readonly string[],
  flags: HistoryAddFlags,
  { streams }: Call,
): number {
  if (flags.night !== undefined && paths.length > 1) {
    throw new UsageError("Cannot add several results with --night: add them one by one");
  }
  // All are read before the first is added: a mistyped path leaves the history as it was.
  const results = paths.map((path) => {
    const result = readAny(path);
    const clock = flags.night === undefined ? nodeClockNote(path, result) : null;
    return { path, result, clock };
  });
  using history = openHistory(flags.history, { create: true });
  const rows = results.map(({ path, result, clock }) => {
    const { state, line, others } = addResult(
      history,
      path,
      result,
      undefined,
      flags,
    );
    const { night, node, folder } = line;
    printResult(
      streams,
      state === "known"
        ? `${path} is in the history already: ${night}, ${node}\n`
        : `${path} is added: ${night}, ${node}, ${history.directory}/${folder}\n`,
      { taken: flags.json },
    );
    if (clock !== null) streams.error(`note: ${clock}\n`);
    if (!result.complete) streams.error(`note: ${path} is incomplete; what it has counts\n`);
    if (state === "added" && others.length > 0) {
      const results = plural(others.length + 1, "result");
      const unknown = [line, ...others].some(({ times }) => times === "files")
        ? ", and one of which that is not known only where there is no other"
        : "";
      streams.error(
        `note: ${night} of ${node} has ${results}; for each benchmark the one that was begun last ` +
          `counts${unknown}\n`,
      );
    }
    const days = state === "added" && flags.night === undefined ? nightsOf(result) : [];
    if (days.length > 1) {
      const [first, last] = [days[0]!, days.at(-1)!];
      streams.error(
        `note: ${path} has runs of ${first} to ${last}, and is added to ${night}; import the nights ` +
          "one by one, or name one with --night\n",
      );
    }
    const before = state === "added" ? nightBefore(history, line) : null;
    const other = before === null ? [] : otherEstimators(before, line);
    if (before !== null && other.length > 0) {
      const names = joinWords(other.slice(0, MOST_NAMES).map((name) => printable(name)));
      const more = other.length > MOST_NAMES ? ` and ${other.length - MOST_NAMES} more` : "";
      streams.error(
        `note: the times of ${names}${more} are of another estimator (mean or median) than in ` +
          `${before.night}; nights of one kind are judged apart from those of the other\n`,
      );
    }
    return { path, state, night, node, folder, others: others.map(({ result }) => result) };
  });
  if (flags.json) streams.out(JSON.stringify(rows, null, 2) + "\n");
  return EXIT.fine;
}

/** The days on which an imported result's runs were begun, by what its tool wrote; none where it did not. */
function nightsOf({ imported, runs }: Result): string[] {
  if (imported?.times !== "output") return [];
  return [...new Set(runs.map(({ startedAt }) => startedAt.slice(0, 10)))].sort();
}

/** How many benchmarks a note names. */
const MOST_NAMES = 3;
/** How far back the night before is looked for. */
const MOST_BACK = 60;

/** The last result of a node before a night, of the same suite; `null` where there is none lately. */
function nightBefore(history: History, { night, node, suite }: NightLine): NightLine | null {
  const earlier = history.nights().filter((each) => each < night).slice(-MOST_BACK).toReversed();
  for (const each of earlier) {
    const line = history.record(each, node);
    if (line !== null && line.suite === suite) return line;
  }
  return null;
}

/** `history show`. */
export function runShow(flags: HistoryShowFlags, { streams }: Call): number {
  using history = openHistory(flags.history);
  const { metric = [], node = [], filter, nights } = flags;
  const known = history.nodes();
  if (known.length > 0) node.forEach(oneOf("node", known));
  else if (node.length > 0) {
    throw new UsageError(`Unknown node ${JSON.stringify(node[0])}: the history is empty`);
  }
  // Judged whole: how sure a shift is depends on the number of series.
  const judgement = judgeHistory(history.series(), { notes: history.notes() });
  const chosen = judgement.series.filter(({ series }) =>
    (node.length === 0 || node.includes(series.node)) &&
    (metric.length === 0 || metric.includes(series.metric)) &&
    (filter === undefined || series.benchmark.includes(filter))
  );
  if (chosen.length === 0 && judgement.series.length > 0) {
    const benchmarks = [...new Set(judgement.series.map(({ series }) => series.benchmark))];
    if (filter === undefined) {
      throw new UsageError("Cannot show that: no series has this node and this metric");
    }
    const [named, list] = [JSON.stringify(filter), listWithSuggestion(filter, benchmarks)];
    throw new UsageError(
      `Cannot show ${named}: no benchmark of that kind is in the history; ${list}`,
    );
  }
  const shown = { ...judgement, series: chosen };
  if (flags.json) {
    streams.out(
      JSON.stringify({ schema: "tidemark.history-judgement", version: 1, ...shown }) + "\n",
    );
  } else streams.out(historyToConsole(shown, nights));
  return chosen.some(({ verdict }) => verdict === "regressed") ? EXIT.missed : EXIT.fine;
}

/** `history note`. */
export function runNote(
  night: string,
  text: string,
  flags: HistoryNoteFlags,
  { streams }: Call,
): number {
  using history = openHistory(flags.history);
  const { node = null, benchmark = null, metric = null } = askedOf(history, night, flags);
  history.note([{ night, node, benchmark, metric, text }]);
  const of = [benchmark, metric, node && `on ${node}`].filter((part) => part !== null).join(" ");
  streams.out(`Noted: ${night}${of && `, ${of}`}\n`);
  return EXIT.fine;
}

/** `history accept`. */
export function runAccept(
  night: string,
  text: string,
  flags: HistoryNoteFlags,
  { streams }: Call,
): number {
  using history = openHistory(flags.history);
  const asked = askedOf(history, night, flags);
  const { series } = judgeHistory(history.series(), { notes: history.notes() });
  const told = series.filter(({ series }) =>
    (["node", "benchmark", "metric"] as const).every((field) =>
      asked[field] === undefined || series[field] === asked[field]
    )
  ).flatMap((judged) => toldShifts(judged).map((shift) => ({ series: judged.series, shift })))
    .filter(({ shift }) => shift.accepted === undefined);
  const there = told.filter(({ shift }) => shift.night === night);
  if (there.length === 0) {
    const known = [...new Set(told.map(({ shift }) => shift.night))].sort()
      .slice(-MOST_NIGHTS_TOLD);
    const mend = known.length === 0
      ? "there is none that is not accepted yet"
      : `the last ones begin on ${joinWords(known)}`;
    throw new UsageError(`Cannot accept a shift of ${night}: no such shift begins then; ${mend}`);
  }
  history.note(there.map(({ series: { node, benchmark, metric }, shift }) => ({
    night,
    node,
    benchmark,
    metric,
    text,
    accepts: {
      direction: shift.direction,
      change: shift.change,
      ofRatio: shift.of === "ratio",
    },
  })));
  for (const { series: { node, benchmark, metric }, shift } of there) {
    const change = formatChange(shift.change);
    streams.out(`Accepted: ${benchmark} ${METRIC_WORDS[metric]} on ${node}, ${change}\n`);
  }
  return EXIT.fine;
}

/** Nights of shifts that an error names at most. */
const MOST_NIGHTS_TOLD = 10;

/** What a call names of a history, checked against what is in it. */
function askedOf(
  history: History,
  night: string,
  { node, benchmark, metric }: HistoryNoteFlags,
): { node?: string; benchmark?: string; metric?: MetricName } {
  const nights = history.nights();
  if (!isNight(night)) throw wrongValue("<night>", night, "a date like 2026-11-22");
  if (!nights.includes(night)) {
    const there = nights.length === 0 ? "nothing" : `${nights[0]} to ${nights.at(-1)}`;
    throw new UsageError(`Cannot say anything of ${night}: the history has ${there}`);
  }
  if (node !== undefined) oneOf("node", history.nodes())(node);
  if (benchmark !== undefined) {
    const known = [...new Set(history.series().map((series) => series.benchmark))];
    oneOf("benchmark", known)(benchmark);
  }
  return {
    ...(node !== undefined && { node }),
    ...(benchmark !== undefined && { benchmark }),
    ...(metric !== undefined && { metric: metric as MetricName }),
  };
}

/** `history site`. */
export function runSite(flags: HistorySiteFlags, { streams }: Call): number {
  const { out, title, url = null, reports } = flags;
  requireSite(out);
  using history = openHistory(flags.history);
  const options = siteOptions(history, {
    out,
    title,
    url,
    reports,
    version: VERSION,
  });
  const { files, bytes } = writeSite(
    out,
    judgeHistory(history.series(), { notes: history.notes() }),
    options,
  );
  streams.out(`${flags.out}/index.html: ${plural(files, "file")}, ${formatBytes(bytes)}\n`);
  return EXIT.fine;
}

/** `history rebuild`. */
export function runRebuild(flags: HistoryFlags, { streams }: Call): number {
  using history = openHistory(flags.history);
  const lines = history.rebuild();
  streams.out(`The index of ${flags.history} is made anew from ${plural(lines, "result")}\n`);
  return EXIT.fine;
}

/** `history thin`. */
export function runThin(flags: HistoryThinFlags, { streams }: Call): number {
  const { nights, weeks, dryRun = false } = flags;
  const mostBytes = bytesOfGib(flags.mostGib);
  using history = openHistory(flags.history);
  const keep = reasonToKeep(history, baselinesById());
  const rule = { nights, weeks, mostBytes, keep };
  const { removed, spared, kept, keptBytes } = history.thin(rule, { dryRun });
  if (flags.json) {
    const row = ({ night, node, result, folder }: NightLine) => ({ night, node, result, folder });
    const rows = {
      dryRun,
      removed: removed.map(({ line, bytes }) => ({ ...row(line), bytes })),
      spared: spared.map(({ line, reason }) => ({ ...row(line), reason })),
      kept,
      keptBytes,
    };
    streams.out(JSON.stringify(rows, null, 2) + "\n");
  }
  const tell = (text: string) => printResult(streams, text, { taken: flags.json });
  for (const { line } of removed) {
    tell(`${dryRun ? "would remove" : "removed"} ${line.folder}\n`);
  }
  for (const { line, reason } of spared) tell(`kept ${line.folder}: ${reason}\n`);
  const size = formatBytes(removed.reduce((sum, { bytes }) => sum + bytes, 0));
  const [gone, left] = [removed.length, kept].map((count) => plural(count, "result"));
  const [go, stay] = [dryRun ? "would go" : "gone", kept === 1 ? "stays" : "stay"];
  tell(`${gone} ${go}, ${size}; ${left} ${stay}, and every value\n`);
  if (keptBytes > mostBytes) {
    const [are, most] = [keptBytes, mostBytes].map(formatBytes);
    tell(
      `What may not go is ${are}, more than ${most}: a baseline, or the newest night\n`,
    );
  }
  return EXIT.fine;
}
