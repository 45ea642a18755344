/** What changed, in a few lines of Markdown for a chat or a job's page. */
import { formatCount, plural } from "../../format/mod.ts";
import { type HistoryJudgement, NEWS_NIGHTS, type TonightVerdict } from "../../analysis/mod.ts";
import {
  type Block,
  type Document,
  heading,
  type Inline,
  inline,
  link,
  list,
  paragraph,
} from "../document.ts";
import { toMarkdown } from "../markdown.ts";
import { changesOf, estimatorSentence, notKnownWhoseText, uncontrolledText } from "./changes.ts";
import { type NewsItem, newsItems, newsLine } from "./news.ts";
import type { SiteOptions } from "./options.ts";
import { INDEX_PAGE, linkPath } from "./paths.ts";

/** Entries of one kind that are told; how many more there are is said. */
const MOST = 20;

/**
 * Writes the summary: tonight's verdicts that stand out, the lasting shifts that are news, and how
 * many series have each verdict. Links go to the site's pages where its address is known.
 *
 * @returns Lines, with a line end at the end.
 */
export function historySummary(judgement: HistoryJudgement, options: SiteOptions): string {
  return toMarkdown(summary(judgement, options));
}

function summary(judgement: HistoryJudgement, options: SiteOptions): Document {
  const { title, url } = options;
  const changes = changesOf(judgement);
  const page = (blocks: Block[]): Document => ({ title, language: "en", blocks });
  if (changes.tonight === null) {
    return page([heading(2, title), paragraph("There is no night in this history yet.")]);
  }
  const { tonight, shifts, machine } = newsItems(changes, options);
  const href = (page: string) => url === null ? null : `${url}${linkPath(page)}`;
  const line = (item: NewsItem) => newsLine(item, { type: "text", text: item.where }, href);
  const counts = (Object.entries(changes.counts) as [TonightVerdict, number][])
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${formatCount(count)} ${verdict}`);
  const index = href(INDEX_PAGE);
  const whose = notKnownWhoseText(changes);
  return page([
    heading(2, [index === null ? title : link(title, index), `: ${changes.tonight}`]),
    ...section("Tonight", tonight.map(line), "No series stood out."),
    ...section(
      `Lasting shifts that began in the last ${NEWS_NIGHTS} measured nights`,
      shifts.map(line),
      "None was found.",
    ),
    ...(machine.length === 0
      ? []
      : section("The machine, by its control", machine.map(line), "None was found.")),
    ...(changes.estimators.length === 0 ? [] : section(
      "Other estimators",
      changes.estimators.map((each) => inline(estimatorSentence(each))),
      "None.",
    )),
    ...changes.uncontrolled.map((each) => paragraph(uncontrolledText(each))),
    ...(whose === null ? [] : [paragraph(whose)]),
    paragraph(`${plural(judgement.series.length, "series", "series")}: ${counts.join(", ")}.`),
  ]);
}

function section(title: string, items: readonly Inline[][], none: string): Block[] {
  const rest = items.length - MOST;
  return [
    heading(3, title),
    items.length === 0 ? paragraph(none) : list([
      ...items.slice(0, MOST),
      ...(rest > 0 ? [inline(`and ${formatCount(rest)} more`)] : []),
    ]),
  ];
}
