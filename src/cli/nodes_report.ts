/** Writes the report over the nodes of a session beside their results. */
import { compareNodes } from "../analysis/mod.ts";
import { ClusterError, type NodesSession } from "../cluster/mod.ts";
import { type AnalysedNode, buildNodesReport, toHtml, toMarkdown } from "../report/mod.ts";
import { fileReason, readResult, RESULT_FILE, ResultError } from "../result/mod.ts";
import { analyseResult } from "./analyse_result.ts";

/** A report over nodes that was written. */
export interface WrittenNodesReport {
  /** The files' paths. */
  markdown: string;
  html: string;
  /** Whether a target was missed on any node. */
  missed: boolean;
}

/**
 * Writes `report.md` and `report.html` of whatever the nodes have given so far.
 *
 * @param directory The session's directory.
 * @throws {ClusterError} Where they cannot be written.
 */
export function writeNodesReport(session: NodesSession, directory: string): WrittenNodesReport {
  const nodes = session.rows.flatMap(({ node }): AnalysedNode[] => {
    try {
      const result = readResult(`${directory}/${node}/${RESULT_FILE}`);
      return result.runs.some((run) => run.samples.length > 0)
        ? [{ node, result, analysis: analyseResult(result) }]
        : [];
    } catch (error) {
      // Nothing came from it, as its row says.
      if (error instanceof ResultError) return [];
      throw error;
    }
  });
  const document = buildNodesReport({
    id: session.id,
    startedAt: session.startedAt,
    outcomes: session.rows,
    nodes,
    comparison: nodes.length < 2 ? null : compareNodes(nodes),
  });
  const markdown = `${directory}/report.md`;
  const html = `${directory}/report.html`;
  write(markdown, toMarkdown(document));
  write(html, toHtml(document));
  const missed = nodes.some(({ analysis }) =>
    analysis.targets.some(({ verdict }) => verdict === "missed")
  );
  return { markdown, html, missed };
}

function write(path: string, text: string): void {
  try {
    Deno.writeTextFileSync(path, text);
  } catch (error) {
    throw new ClusterError(`Cannot write ${path}: ${fileReason(error)}`, "node");
  }
}
