/** What changed, in a few lines of Markdown for a chat or a job's page. */
import { formatCount, plural } from "../../format/mod.ts";
import type { HistoryJudgement, TonightVerdict } from "../../analysis/mod.ts";
import { markdownText } from "../markdown.ts";
import { changesOf, NEWS_NIGHTS } from "./changes.ts";
import { type NewsItem, newsItems } from "./news.ts";
import type { SiteOptions } from "./options.ts";
import { INDEX_PAGE, linkPath, seriesPage } from "./paths.ts";
import { verdictMark } from "./words.ts";

/** Entries of one kind that are told; how many more there are is said. */
const MOST = 20;

/**
 * Writes the summary: tonight's verdicts that stand out, the lasting shifts that are news, and how
 * many series have each verdict. Links go to the site's pages where its address is known.
 *
 * @returns Lines, with a line end at the end.
 */
export function historySummary(judgement: HistoryJudgement, options: SiteOptions): string {
  const changes = changesOf(judgement);
  const title = markdownText(options.title);
  if (changes.tonight === null) return `## ${title}\n\nThere is no night in this history yet.\n`;
  const { tonight, shifts } = newsItems(changes, options);
  const line = ({ direction, what, where, metrics, why }: NewsItem) => {
    const links = metrics.map(({ judged, name, change, direction: own }) => {
      const mark = own === direction ? "" : `${verdictMark(own)} `;
      return `${link(name, options, seriesPage(judged.series))} ${mark}${change}`;
    });
    return `- **${what}** ${markdownText(where)}: ${links.join(", ")}; ${markdownText(why)}`;
  };
  const counts = (Object.entries(changes.counts) as [TonightVerdict, number][])
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${formatCount(count)} ${verdict}`);
  return [
    `## ${link(options.title, options, INDEX_PAGE)}: ${changes.tonight}`,
    ...section("Tonight", tonight.map(line), "No series stood out."),
    ...section(
      `Lasting shifts that began in the last ${NEWS_NIGHTS} nights`,
      shifts.map(line),
      "None was found.",
    ),
    `${plural(judgement.series.length, "series", "series")}: ${counts.join(", ")}.`,
  ].join("\n\n") + "\n";
}

function section(heading: string, items: readonly string[], none: string): string[] {
  const rest = items.length - MOST;
  return [
    `### ${heading}`,
    items.length === 0 ? none : [
      ...items.slice(0, MOST),
      ...(rest > 0 ? [`- and ${formatCount(rest)} more`] : []),
    ].join("\n"),
  ];
}

function link(text: string, { url }: SiteOptions, page: string): string {
  const shown = markdownText(text);
  if (url === null) return shown;
  // Brackets would end the target.
  const target = `${url}${linkPath(page)}`.replace(/[()<>\s]/g, encodeURIComponent)
    .replaceAll("(", "%28").replaceAll(")", "%29");
  return `[${shown}](${target})`;
}
