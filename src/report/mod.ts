/** Reports: a document made of a result and its analysis, and the writers of documents. */
export type { Artifact } from "./baseline/appendix.ts";
export { buildBaselineReport, type ReportOptions } from "./baseline_report.ts";
export { comparisonToConsole } from "./compare/console.ts";
export { comparisonToJson } from "./compare/json.ts";
export { comparisonToJunit } from "./compare/junit.ts";
export { buildComparisonReport, buildComparisonSummary } from "./compare/section.ts";
export { type AnalysedSide, buildSideBySide } from "./compare/side_by_side.ts";
export { toConsole } from "./console.ts";
export { type ConsoleOptions, tableToConsole } from "./console_text.ts";
export {
  criterionBlock,
  type CriterionChange,
  criterionPercent,
  type CriterionText,
  criterionThroughput,
  criterionTime,
} from "./criterion_text.ts";
export * from "./document.ts";
export { ReportError } from "./error.ts";
export * from "./export/mod.ts";
export * from "./history/mod.ts";
export { type Attachment, type HtmlOptions, toHtml } from "./html/document.tsx";
export { REPORT_VERSION, toJson } from "./json.ts";
export { ladderToConsole } from "./ladder/console.ts";
export { ladderToJson } from "./ladder/json.ts";
export { buildLadderReport } from "./ladder/report.ts";
export { type MarkdownOptions, toMarkdown } from "./markdown.ts";
export { buildQualityReport } from "./quality_report.ts";
export {
  figuresFolder,
  htmlFile,
  markdownFiles,
  placeReportFile,
  type ReportFile,
  reportFiles,
  writeReport,
  writeReportFile,
} from "./report_files.ts";
export { buildSearchReport, type SearchedRate } from "./search_report.ts";
export { writeNodesReport } from "./write_nodes_report.ts";
