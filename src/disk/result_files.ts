/** The names of a result's files, in whatever directory it lies. */

/** What a bench appends to while it measures. */
export const JOURNAL_FILE = "journal.jsonl";
/** What is made of the journal. */
export const RESULT_FILE = "result.json";
/** The report as one page. */
export const REPORT_HTML_FILE = "report.html";
/** The report as Markdown, with its figures in {@linkcode FIGURES_FOLDER}. */
export const REPORT_MARKDOWN_FILE = "report.md";
/** The folder of the figures beside a report. */
export const FIGURES_FOLDER = "figures";
