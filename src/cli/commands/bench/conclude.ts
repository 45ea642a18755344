/** What follows a bench's measuring: the reports, what is printed, and the exit code. */
import {
  analyseResult,
  type Analysis,
  compareResults,
  isLadder,
  openQuestions,
  openRows,
  type ResultComparison,
  unmeasuredBenchmarks,
} from "../../../analysis/mod.ts";
import { formatSeconds } from "../../../format/mod.ts";
import {
  buildBaselineReport,
  buildComparisonReport,
  comparisonToConsole,
  comparisonToJson,
  toConsole,
  toJson,
  toMarkdown,
  writeReport,
  writeReportFile,
} from "../../../report/mod.ts";
import type { Result } from "../../../result/mod.ts";
import type { LaneResult } from "../../../run/mod.ts";
import { saveBaseline } from "../../baselines.ts";
import type { BenchSession } from "./session.ts";
import { EXIT } from "../../exit_code.ts";
import { gateCode, writeGateFiles } from "../../gate.ts";
import { differsInWords } from "./interleave.ts";
import { concludeLadder } from "./ladder.ts";
import { printResult } from "../../print_result.ts";
import { strictCode } from "../../strict.ts";
import { noticeInterrupts } from "../../interrupt.ts";

/** A lane with what the analysis says of it. */
interface AnalysedLane extends LaneResult {
  analysis: Analysis;
}

/**
 * Analyses, writes and prints what was measured, and says what to end with. The last lane is judged:
 * the only one, against the rival where there is one; or the candidate, against the base.
 *
 * @param directory The bench's.
 */
export async function conclude(
  directory: string,
  results: readonly LaneResult[],
  session: BenchSession,
): Promise<number> {
  const [only] = results;
  if (isLadder(only!.result) && results.length === 1) {
    return await concludeLadder(directory, only!, session);
  }
  const { streams, baseline } = session;
  const lanes = results.map((lane) => ({ ...lane, analysis: analyseResult(lane.result) }));
  const judged = lanes.at(-1)!;
  const comparison = compareLanes(lanes, session);
  const reports = lanes.flatMap(({ directory, result, analysis }) => {
    const changes = result === judged.result && comparison !== undefined
      ? { changes: comparison }
      : {};
    return writeReport(directory, buildBaselineReport(result, analysis, changes), result);
  });
  if (comparison !== undefined && lanes.length > 1) {
    const path = `${directory}/comparison.md`;
    writeReportFile({ path, text: toMarkdown(buildComparisonReport(comparison)) });
    reports.unshift(path);
  }
  print(lanes, comparison, session);
  streams.error(`\nReport: ${reports.join("\n        ")}\n`);
  if (!lanes.every(({ result }) => result.complete)) {
    sayIncomplete(directory, lanes.map(({ result }) => result), session);
    return EXIT.failed;
  }
  if (baseline !== undefined) {
    saveBaseline(baseline, judged.result);
    streams.error(`Saved:  ${baseline}\n`);
  }
  if (await sayEnd(judged.result, session) === "interrupted") return EXIT.failed;
  const unmeasured = lanes.flatMap(({ analysis }) => unmeasuredBenchmarks(analysis));
  for (const { id, reason } of unmeasured) {
    streams.error(`error: ${id} was not measured: ${reason}\n`);
  }
  if (unmeasured.length > 0) return EXIT.failed;
  if (judged.analysis.targets.some(({ verdict }) => verdict === "missed")) return EXIT.missed;
  const code = comparison === undefined ? EXIT.fine : gateCode(comparison);
  if (code !== EXIT.fine) return code;
  const open = [
    ...openQuestions(judged.analysis),
    ...(comparison === undefined ? [] : openRows(comparison)),
  ];
  return strictCode(session.flags.strict, open, streams);
}

/** What the judged lane is compared with, if anything: the base, or the rival. */
function compareLanes(
  lanes: readonly LaneResult[],
  { rival, comparing }: BenchSession,
): ResultComparison | undefined {
  const [first, second] = lanes;
  if (second !== undefined) {
    const { differs = {}, differing = "candidate" } = second.result.interleaved ?? {};
    const labelled = ({ role, directory, result }: LaneResult) => ({
      label: role === differing ? `${directory} (${differsInWords(differs)})` : directory,
      result,
    });
    return compareResults(labelled(first!), labelled(second), comparing);
  }
  const { directory, result } = first!;
  return rival && compareResults(rival, { label: directory, result }, comparing);
}

/** Prints a lane that is by itself with its figures, and two by their comparison. */
function print(
  lanes: readonly AnalysedLane[],
  comparison: ResultComparison | undefined,
  { flags, streams }: BenchSession,
): void {
  const [only] = lanes.length === 1 ? lanes : [];
  const shown = { columns: streams.columns(), verbose: flags.verbose ?? false };
  const texts = [
    only && toConsole(only.result, only.analysis, shown),
    comparison && comparisonToConsole(comparison, shown),
  ];
  printResult(streams, texts.filter((text) => text !== undefined).join("\n"), {
    taken: flags.json,
  });
  if (comparison !== undefined) writeGateFiles(comparison, flags);
  if (!flags.json) return;
  streams.out(
    only === undefined
      ? `${comparisonToJson(comparison!)}\n`
      : toJson(only.result, only.analysis, comparison),
  );
}

/** Says how to go on with a bench that is not complete. */
function sayIncomplete(
  directory: string,
  results: readonly Result[],
  { flags, streams }: BenchSession,
): void {
  const failed = results.flatMap(({ runs }) => runs)
    .filter((run) => run.state === "failed" && !run.superseded).length;
  const turns = results.flatMap(({ ratios = [] }) => ratios)
    .filter(({ state }) => state === "failed").length;
  const what = [
    ...(failed > 0 ? [`failed runs: ${failed}`] : []),
    ...(turns > 0 ? [`failed turns: ${turns}`] : []),
  ];
  const saving = flags.save === undefined ? "" : ` --save ${flags.save}`;
  streams.error(
    `Not complete (${what.length > 0 ? what.join(", ") : "interrupted"}): what was ` +
      `measured is kept; go on with deno task bench --resume ${directory}${saving}\n`,
  );
}

/** Says how long a bench took; a call that was interrupted all the same is not fine. */
async function sayEnd(
  { startedAt, endedAt }: Result,
  { streams, signal }: BenchSession,
): Promise<"interrupted" | "fine"> {
  if (endedAt !== null) {
    streams.error(`Took ${formatSeconds(Date.parse(endedAt) - Date.parse(startedAt))}\n`);
  }
  await noticeInterrupts();
  if (!signal.aborted) return "fine";
  streams.error("Interrupted, when everything was measured already\n");
  return "interrupted";
}
