/** The pages of a history: its site, with the reports that it links to. */
import type { HistoryJudgement } from "../analysis/mod.ts";
import { isFile, REPORT_HTML_FILE } from "../disk/mod.ts";
import type { History } from "../history/mod.ts";
import { type Page, PublishError, publishToDirectory } from "../publish/mod.ts";
import { historySite, type SiteOptions } from "../report/mod.ts";

/**
 * Measured nights back from the newest one whose reports are published with the pages; older ones stay in the
 * history, so that the pages do not grow for ever.
 */
const REPORT_NIGHTS = 30;

/** The folder of the pages, each time in a folder of its own. */
const PAGES = "pages";
/** What a web server is to serve: a link to the newest pages. */
const SITE = "site";

/** Makes the pages of a judged history. */
export function pagesOf(
  history: History,
  judgement: HistoryJudgement,
  options: SiteOptions,
): Page[] {
  const since = judgement.measured.at(-REPORT_NIGHTS) ?? "";
  const reports = history.records()
    .filter(({ night, files }) => night >= since && files.includes(REPORT_HTML_FILE))
    .map(({ folder }) => `${folder}/${REPORT_HTML_FILE}`)
    .filter((name) => isFile(`${history.directory}/${name}`));
  const published = new Set(reports);
  const linked: HistoryJudgement = {
    ...judgement,
    series: judgement.series.map((judged) => ({
      ...judged,
      series: {
        ...judged.series,
        points: judged.series.points.map((point) =>
          point.report === null || published.has(point.report) ? point : { ...point, report: null }
        ),
      },
    })),
  };
  return [
    ...[...historySite(linked, options)].map(({ path, text }): Page => ({
      name: path,
      content: { text },
    })),
    ...reports.map((name): Page => ({
      name,
      content: { path: `${history.directory}/${name}` },
    })),
  ];
}

/**
 * Puts pages where a web server on this machine finds them: at `site` in a night's directory.
 *
 * @returns The folder of these pages.
 * @throws {PublishError} Where they cannot be written.
 */
export function placePages(
  pages: readonly Page[],
  out: string,
  options: { id: string; keep: number },
): string {
  const folder = publishToDirectory(pages, `${out}/${PAGES}`, options);
  const site = `${out}/${SITE}`;
  try {
    Deno.symlinkSync(`${PAGES}/latest`, site);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    if (!Deno.lstatSync(site).isSymlink) {
      throw new PublishError(
        `Cannot make ${site} a link to the pages: something else is there; move it away`,
        "usage",
      );
    }
  }
  return folder;
}
