/** A document as one HTML file that needs nothing else. */
import { gzipSync } from "node:zlib";
import { Marked, type Tokens } from "marked";
import { formatBytes } from "../format/mod.ts";
import readSamples from "./client/read_samples.js" with { type: "text" };
import sortTables from "./client/sort_tables.js" with { type: "text" };
import type { Document, Figure, Heading, Inline, Table } from "./document.ts";
import { escapeHtml, trusted, writeHtmlPage } from "./html_page.ts";
import { STYLE } from "./html_style.ts";
import { figureMark, toMarkdown } from "./markdown.ts";
import { oneLine } from "./plain_text.ts";
import { inlineSvg } from "./plots/mod.ts";
import { STATUS_MARKS, statusText } from "./status_text.ts";

/**
 * Writes a document as HTML: its Markdown through `marked`, with everything that could act taken out.
 *
 * The file loads nothing, and runs nothing but the scripts that sort its tables and read its figures:
 * its Content-Security-Policy forbids requests and every other script, and the renderer has no links,
 * images or raw HTML of the text's own.
 */
export function toHtml(document: Document, { attachment }: HtmlOptions = {}): string {
  const page = writePage(document, "");
  if (attachment === undefined) return page;
  const packed = gzipSync(attachment.text, { level: 9 });
  const href = `data:application/gzip;base64,${packed.toString("base64")}`;
  const embedded = `<p><a download="${escapeHtml(attachment.name)}.gz" href="${href}">Download ${
    escapeHtml(attachment.name)
  }.gz</a>: ${escapeHtml(attachment.what)} (${
    formatBytes(packed.length)
  }), held in this page.</p>\n`;
  const apart = `<p>${escapeHtml(attachment.name)}, ${
    escapeHtml(attachment.what)
  }, is not held in this page, which would grow beyond ${MOST_BYTES / 1000} kB with it.</p>\n`;
  const whole = writePage(document, embedded);
  return byteLength(whole) <= MOST_BYTES ? whole : writePage(document, apart);
}

/** A page that is larger than this gets no attachment. */
const MOST_BYTES = 600_000;

/** What a page has beyond its document. */
export interface HtmlOptions {
  /** A file that readers can take out of the page, where the page stays under 600 kB with it. */
  attachment?: Attachment;
}

/** A text file inside a page. */
export interface Attachment {
  name: string;
  /** What it holds, as a clause. */
  what: string;
  text: string;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function writePage(document: Document, end: string): string {
  const headings = document.blocks.filter((block) => block.type === "heading");
  const anchors = anchorsOf(headings);
  const figures = new Map(
    document.blocks.filter((block) => block.type === "figure")
      .map((figure) => [figureMark(figure.id), writeFigure(figure)]),
  );
  const body = render(toMarkdown(document), headings, anchors, figures);
  const contents = headings
    .map((heading, index) => ({ heading, anchor: anchors[index]! }))
    .filter(({ heading }) => heading.level === 2 || heading.listed)
    .map(({ heading, anchor }) =>
      `<li${heading.level === 2 ? "" : ' class="part"'}>` +
      `<a href="#${anchor}">${escapeHtml(plain(heading.content))}</a></li>`
    );
  return writeHtmlPage({
    language: document.language,
    title: document.title,
    style: STYLE,
    body: trusted(`<nav aria-label="Contents">
<details open>
<summary>Contents</summary>
<ol>
${contents.join("\n")}
</ol>
</details>
</nav>
<main>
${body}${end}</main>
`),
    // Figures without samples have nothing to be read.
    scripts: body.includes(" data-samples=") ? [sortTables, readSamples] : [sortTables],
  });
}

function render(
  markdown: string,
  headings: readonly Heading[],
  anchors: readonly string[],
  figures: ReadonlyMap<string, string>,
): string {
  let index = 0;
  let foldedLevel = 0;
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const anchor = anchors[index];
        const folded = headings[index]?.folded ?? false;
        index++;
        let html = `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
        if (folded) html = `<details class="folded">\n<summary>${html.trimEnd()}</summary>\n`;
        if (foldedLevel > 0 && depth <= foldedLevel) {
          html = `</details>\n${html}`;
          foldedLevel = 0;
        }
        if (folded) foldedLevel = depth;
        return html;
      },
      table({ header, rows }: Tokens.Table): string {
        const cells = (row: Tokens.TableCell[], tag: "th" | "td") =>
          row.map(({ tokens, align }) => {
            const scope = tag === "th" ? ' scope="col"' : "";
            const side = align === "right" ? ' class="number"' : "";
            return `<${tag}${scope}${side}>${
              keepTogether(this.parser.parseInline(tokens))
            }</${tag}>`;
          }).join("");
        const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>\n`).join("");
        // A table wider than the page scrolls by itself, for the keyboard too.
        return `<div class="table" tabindex="0" role="region" aria-label="Table">\n<table>\n` +
          `<thead><tr>${cells(header, "th")}</tr></thead>\n<tbody>\n${body}</tbody>\n` +
          `</table>\n</div>\n`;
      },
      strong({ tokens, text }: Tokens.Strong): string {
        const outcome = STATUS_CLASSES.get(text);
        const html = this.parser.parseInline(tokens);
        return outcome === undefined
          ? `<strong>${html}</strong>`
          : `<strong class="status ${outcome}">${html}</strong>`;
      },
      code({ text }: Tokens.Code): string {
        return `<pre tabindex="0"><code>${escapeHtml(text)}\n</code></pre>\n`;
      },
      // The writer escapes its texts, so but for figures none of these has work to do; they stand
      // guard all the same.
      html({ text }: Tokens.HTML | Tokens.Tag): string {
        return figures.get(text.trim()) ?? escapeHtml(text);
      },
      link({ tokens }: Tokens.Link): string {
        return this.parser.parseInline(tokens);
      },
      image({ text }: Tokens.Image): string {
        return escapeHtml(text);
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  return foldedLevel > 0 ? `${html}</details>\n` : html;
}

/** A figure with its caption, and its numbers folded. */
function writeFigure(figure: Figure): string {
  return `<figure>\n${inlineSvg(figure)}\n` +
    `<figcaption><strong>${escapeHtml(oneLine(figure.title))}.</strong> ${
      escapeHtml(oneLine(figure.caption))
    }</figcaption>\n` +
    `<details>\n<summary>Numbers of this figure</summary>\n${writeNumbers(figure)}</details>\n` +
    `</figure>\n`;
}

function writeNumbers({ title, numbers: { columns, rows } }: Figure): string {
  const cells = (content: readonly string[], tag: "td" | `th scope="col"`) =>
    content.map((cell, index) =>
      `<${tag}${columns[index]?.align === "right" ? ' class="number"' : ""}>${cell}</${
        tag.slice(0, 2)
      }>`
    ).join("");
  const head = cells(columns.map(({ header }) => escapeHtml(oneLine(header))), 'th scope="col"');
  const body = rows.map((row) => `<tr>${cells(row.map(writeCell), "td")}</tr>\n`).join("");
  return `<div class="table" tabindex="0" role="region" aria-label="Numbers: ${
    escapeHtml(oneLine(title))
  }">\n<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}</tbody>\n</table>\n</div>\n`;
}

function writeCell(cell: Table["rows"][number][number]): string {
  return cell.map((piece) => {
    const text = escapeHtml(plain([piece]));
    return piece.type === "code" ? `<code>${text}</code>` : text;
  }).join("");
}

/** Lets a narrow column break before an interval, but neither in it nor between a number and its unit. */
function keepTogether(cell: string): string {
  return cell
    .replace(/\([\d.,]+–[\d.,]+\)/g, '<span class="interval">$&</span>')
    .replace(/(?:[≥≤] )?[\d.,]+ (?:ops\/s|[pnµm]?s)(?![\w/])/g, '<span class="quantity">$&</span>');
}

/** The text of each outcome, with the class that colours it. */
const STATUS_CLASSES = new Map(
  (Object.keys(STATUS_MARKS) as (keyof typeof STATUS_MARKS)[])
    .map((outcome) => [statusText(outcome), outcome.replaceAll(" ", "-")]),
);

/** The text of an inline run, without markup. */
function plain(content: readonly Inline[]): string {
  return oneLine(
    content.map((piece) => piece.type === "status" ? statusText(piece.status) : piece.text).join(
      "",
    ),
  );
}

/** An anchor for each heading: its words, numbered where two are the same. */
function anchorsOf(headings: readonly Heading[]): string[] {
  const taken = new Set<string>();
  return headings.map(({ content }) => {
    const words = plain(content).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") ||
      "section";
    let anchor = words;
    for (let n = 2; taken.has(anchor); n++) anchor = `${words}-${n}`;
    taken.add(anchor);
    return anchor;
  });
}
