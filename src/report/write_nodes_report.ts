/** Writes the report over the nodes of a session beside their results. */
import { analyseResult, compareNodes } from "../analysis/mod.ts";
import {
  FIGURES_FOLDER,
  fileReason,
  replaceFile,
  REPORT_HTML_FILE,
  REPORT_MARKDOWN_FILE,
  RESULT_FILE,
} from "../disk/mod.ts";
import { readResult, ResultError } from "../result/mod.ts";
import { ReportError } from "./error.ts";
import { toHtml } from "./html/document.tsx";
import { makeFolder, markdownFiles, type ReportFile } from "./report_files.ts";
import { type AnalysedNode, buildNodesReport, type NodeOutcome } from "./nodes_report.ts";

/** A bench over nodes, as far as its report tells of it. */
interface BenchedNodes {
  id: string;
  startedAt: string;
  rows: readonly NodeOutcome[];
}

/** A report over nodes that was written. */
interface WrittenNodesReport {
  /** The files' paths. */
  markdown: string;
  html: string;
  /** Whether a target was missed on any node. */
  missed: boolean;
}

/**
 * Writes `report.md` and `report.html` of whatever the nodes have given so far.
 *
 * @param directory The session's directory, with a folder a node.
 * @throws {ReportError} Where they cannot be written.
 */
export function writeNodesReport(session: BenchedNodes, directory: string): WrittenNodesReport {
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
  const markdown = `${directory}/${REPORT_MARKDOWN_FILE}`;
  const html = `${directory}/${REPORT_HTML_FILE}`;
  for (const file of markdownFiles(document, markdown, FIGURES_FOLDER)) write(file);
  write({ path: html, text: toHtml(document) });
  const missed = nodes.some(({ analysis }) =>
    analysis.targets.some(({ verdict }) => verdict === "missed")
  );
  return { markdown, html, missed };
}

function write({ path, text, folder }: ReportFile): void {
  try {
    if (folder !== undefined) makeFolder(folder);
    replaceFile(path, text);
  } catch (error) {
    throw new ReportError(`Cannot write ${path}: ${fileReason(error)}`, "writing", {
      cause: error,
    });
  }
}
