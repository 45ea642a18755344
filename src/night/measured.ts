/** What a night has measured, out of the journals in its folder, whoever ended it and how. */
import { analyseResult, type Analysis } from "../analysis/mod.ts";
import { ClusterError, type NodesSession, readSession } from "../cluster/mod.ts";
import { isNotThere, isThere } from "../disk/mod.ts";
import { type History, missingNight } from "../history/mod.ts";
import { buildBaselineReport, writeNodesReport, writeReport } from "../report/mod.ts";
import { type Result, ResultError, saveBenchResult } from "../result/mod.ts";
import { addResult } from "./add_result.ts";
import type { Night } from "./night_file.ts";

/** What a node gave. */
export interface Measured {
  node: string;
  /** Where its journal lies. */
  directory: string;
  /** With an analysis; `null` where nothing was measured. */
  given: { result: Result; analysis: Analysis } | null;
  /** Why not all, or nothing, was measured; `null` where all was. */
  problem: string | null;
}

/**
 * Reads what a night has measured so far, and writes results and reports beside the journals.
 *
 * @param failure Why the bench on this machine failed, where that is known.
 * @throws {ResultError}, {ReportError}, {ClusterError} Where a file cannot be written.
 */
export function gather(night: Night, failure?: string): Measured[] {
  return night.file.nodes ? gatherNodes(night) : [gatherHere(night, failure)];
}

function gatherHere({ file, bench }: Night, failure: string | undefined): Measured {
  const given = readGiven(bench);
  const problem = given?.result.complete
    ? null
    : failure ?? (given === null
      ? "the night was broken off before anything was measured"
      : runsMissing(given.result));
  return { node: file.host, directory: bench, given, problem };
}

function gatherNodes({ bench }: Night): Measured[] {
  let session: NodesSession;
  try {
    session = readSession(bench);
  } catch (error) {
    // It was broken off before the first node was asked.
    if (error instanceof ClusterError && !isThere(bench)) return [];
    throw error;
  }
  const measured = session.rows.map(({ node, state, message }): Measured => {
    const directory = `${bench}/${node}`;
    const given = readGiven(directory);
    const problem = given?.result.complete
      ? null
      : [state === "measuring" ? "the night was broken off" : state, message].filter(Boolean)
        .join(": ");
    return { node, directory, given, problem };
  });
  writeNodesReport(session, bench);
  return measured;
}

/** What a journal has, with its result and report written; `null` where it has no sample. */
function readGiven(directory: string): Measured["given"] {
  let result: Result;
  try {
    result = saveBenchResult(directory);
  } catch (error) {
    // Nothing was begun, or nothing came from there.
    if (error instanceof ResultError && isNotThere(error.cause)) return null;
    throw error;
  }
  if (!result.runs.some((run) => run.samples.length > 0)) return null;
  const analysis = analyseResult(result);
  writeReport(directory, buildBaselineReport(result, analysis), result);
  return { result, analysis };
}

function runsMissing({ runs }: Result): string {
  const failed = runs.filter((run) => run.state === "failed" && !run.superseded).length;
  return failed > 0 ? `failed runs: ${failed}` : "it was broken off";
}

/**
 * Adds what a night has measured to the history; a node that gave nothing is kept as missing, with
 * the reason. What is there already is not added again.
 *
 * @returns What was done, in words.
 * @throws {HistoryError} Where it cannot be added.
 */
export function addToHistory(
  history: History,
  { file }: Night,
  measured: readonly Measured[],
): string {
  const words = measured.map(({ node, directory, given, problem }) => {
    if (given === null) {
      const { night, startedAt, suite, profile, id: result } = file;
      const reason = problem ?? "nothing was measured";
      history.add(missingNight({ night, node, result, startedAt, suite, profile, reason }), []);
      return `${node} missing`;
    }
    const { result, analysis } = given;
    const place = { night: file.night, node };
    const { state } = addResult(history, directory, result, analysis, place);
    return `${node} ${state === "known" ? "there already" : "added"}`;
  });
  return `${file.night}: ${words.join(", ") || "nothing was begun"}`;
}
