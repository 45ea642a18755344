/** Reads Markdown reports in tests, as a page that a Markdown reader makes of them. */
import { Marked } from "marked";
import { readHtml } from "./html_reader.ts";

/**
 * The texts that a reader of the Markdown sees, block by block. Fails on whatever the Markdown makes
 * that a report does not have: a link, an image, HTML of its own but for the marks of figures.
 */
export function readMarkdown(markdown: string): string[] {
  const html = new Marked({ gfm: true }).parse(markdown, { async: false })
    .replace(/<!-- figure: [a-z0-9-]+ -->/g, "").replace(/ align="right"/g, "")
    // Of a code block the language, which says "text".
    .replace(/<code class="language-text">/g, "<code>");
  const { texts, tags } = readHtml(`<main>${html}</main>`);
  const acting = tags.filter(({ name }) => name === "a");
  if (acting.length > 0) throw new Error(`A link: ${JSON.stringify(acting[0])}`);
  return texts;
}
