/** A document as one HTML file that needs nothing else. */
import { gzipSync } from "node:zlib";
import type { ComponentChildren } from "preact";
import { formatBytes } from "../../format/mod.ts";
import readSamples from "../client/read_samples.js" with { type: "text" };
import sortTables from "../client/sort_tables.js" with { type: "text" };
import type { Block, Document, Figure, Heading } from "../document.ts";
import { inlineText } from "../inline_text.ts";
import { allSections, type Outline, outlineOf, type Section } from "../outline.ts";
import { lines, oneLine, withoutLastLineEnds } from "../plain_text.ts";
import { Inlines, Svg } from "./inline.tsx";
import { onLines } from "./markup.tsx";
import { writeHtmlPage } from "./page.tsx";
import { STYLE } from "./style.ts";
import { TableView } from "./table.tsx";

/**
 * Writes a document as HTML.
 *
 * The file loads nothing, and runs nothing but the scripts that sort its tables and read its figures:
 * its Content-Security-Policy forbids requests and every other script, and a text of the document is
 * a text of the page, whatever it holds.
 */
export function toHtml(document: Document, { attachment }: HtmlOptions = {}): string {
  if (attachment === undefined) return writePage(document);
  const { name, what, text } = attachment;
  const packed = gzipSync(text, { level: 9 });
  const whole = writePage(
    document,
    <p>
      <a download={`${name}.gz`} href={`data:application/gzip;base64,${packed.toString("base64")}`}>
        Download {name}.gz
      </a>
      : {what} ({formatBytes(packed.length)}), held in this page.
    </p>,
  );
  if (new TextEncoder().encode(whole).length <= MOST_BYTES) return whole;
  return writePage(
    document,
    <p>
      {name}, {what}, is not held in this page, which would grow beyond {MOST_BYTES / 1000}{" "}
      kB with it.
    </p>,
  );
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

/** @param end What stands after the document. */
function writePage(document: Document, end: ComponentChildren = null): string {
  const outline = outlineOf(document);
  const readable = document.blocks.some((block) => block.type === "figure" && block.readable);
  return writeHtmlPage({
    language: document.language,
    title: document.title,
    style: STYLE,
    body: (
      <>
        <Contents of={outline} />
        {"\n"}
        <main>
          {"\n"}
          <Body of={outline} />
          {end !== null && onLines([end])}
        </main>
        {"\n"}
      </>
    ),
    scripts: readable ? [sortTables, readSamples] : [sortTables],
  });
}

function Contents({ of }: { of: Outline }) {
  const listed = allSections(of).filter(({ heading }) => heading.level === 2 || heading.listed);
  return (
    <nav aria-label="Contents">
      <details open>
        {"\n"}
        <summary>Contents</summary>
        <ol>
          {"\n"}
          {onLines(
            listed.map(({ heading, anchor }) => (
              <li class={heading.level === 2 ? undefined : "part"}>
                <a href={`#${anchor}`}>{inlineText(heading.content)}</a>
              </li>
            )),
          )}
        </ol>
        {"\n"}
      </details>
    </nav>
  );
}

/** What stands under a heading, the smaller headings' sections last. */
function Body({ of: { blocks, parts } }: { of: Outline }) {
  return (
    <>
      {onLines(blocks.map(writeBlock))}
      {parts.map((section) => <SectionView of={section} />)}
    </>
  );
}

function SectionView({ of }: { of: Section }) {
  const { heading, anchor } = of;
  if (!heading.folded) {
    return (
      <>
        <HeadingView heading={heading} anchor={anchor} />
        {"\n"}
        <Body of={of} />
      </>
    );
  }
  return (
    <>
      <details class="folded">
        {"\n"}
        <summary>
          <HeadingView heading={heading} anchor={anchor} />
        </summary>
        {"\n"}
        <Body of={of} />
      </details>
      {"\n"}
    </>
  );
}

function HeadingView(
  { heading: { level, content }, anchor }: { heading: Heading; anchor: string },
) {
  const Tag = `h${level}` as const;
  return (
    <Tag id={anchor}>
      <Inlines of={content} />
    </Tag>
  );
}

function writeBlock(block: Exclude<Block, Heading>) {
  switch (block.type) {
    case "paragraph":
      return inlineText(block.content) === "" ? null : (
        <p>
          <Inlines of={block.content} />
        </p>
      );
    case "list":
      return (
        <ul>
          {"\n"}
          {onLines(block.items.map((item) => (
            <li>
              <Inlines of={item} />
            </li>
          )))}
        </ul>
      );
    case "table":
      return <TableView table={block} />;
    case "code-block":
      return (
        <pre tabindex={0}>
          <code>{`${withoutLastLineEnds(lines(block.text))}\n`}</code>
        </pre>
      );
    case "figure":
      return <FigureView figure={block} />;
  }
}

/** A figure with its caption, and its numbers folded. */
function FigureView({ figure: { title, caption, drawing, numbers } }: { figure: Figure }) {
  return (
    <figure>
      {"\n"}
      <Svg drawing={drawing} look="plot" label={title} />
      {"\n"}
      <figcaption>
        <strong>{oneLine(title)}.</strong> {caption}
      </figcaption>
      {"\n"}
      <details>
        {"\n"}
        <summary>Numbers of this figure</summary>
        {"\n"}
        <TableView table={{ ...numbers, label: `Numbers: ${title}` }} />
        {"\n"}
      </details>
      {"\n"}
    </figure>
  );
}
