/** A document as one HTML file that needs nothing else. */
import { gzipSync } from "node:zlib";
import type { ComponentChildren } from "preact";
import { formatBytes } from "../../format/mod.ts";
import filterTables from "../client/filter_tables.js" with { type: "text" };
import fitTables from "../client/fit_tables.js" with { type: "text" };
import readSamples from "../client/read_samples.js" with { type: "text" };
import saveFigures from "../client/save_figures.js" with { type: "text" };
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
 * What stands under the title before the first smaller heading is the first screen; the contents come
 * after it, at the side where the page is wide. The file loads nothing, and runs nothing but the
 * scripts that sort, filter and fit its tables, and that read and save its figures: its Content-Security-Policy forbids requests and every other script, and a text of the document is
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
  const figures = document.blocks.filter((block) => block.type === "figure");
  const [title, ...others] = outline.parts;
  const rest = title?.heading.level === 1 ? [...title.parts, ...others] : outline.parts;
  return writeHtmlPage({
    language: document.language,
    title: document.title,
    style: STYLE,
    body: (
      <>
        <main class="report">
          {"\n"}
          <div class="first">
            {"\n"}
            {onLines(outline.blocks.map(writeBlock))}
            {title !== undefined && title.heading.level === 1 && (
              <>
                <HeadingView heading={title.heading} anchor={title.anchor} />
                {"\n"}
                {onLines(title.blocks.map(writeBlock))}
              </>
            )}
          </div>
          {"\n"}
          <Contents of={outline} />
          {"\n"}
          <div class="rest">
            {"\n"}
            {rest.map((section) => <SectionView of={section} />)}
            {end !== null && onLines([end])}
          </div>
          {"\n"}
        </main>
        {"\n"}
      </>
    ),
    scripts: [
      sortTables,
      filterTables,
      fitTables,
      ...(figures.length > 0 ? [saveFigures] : []),
      ...(figures.some(({ readable }) => readable) ? [readSamples] : []),
    ],
  });
}

function Contents({ of }: { of: Outline }) {
  const listed = allSections(of).filter(({ heading }) => heading.level === 2 || heading.listed);
  return (
    <nav aria-label="Contents">
      <details>
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
function Body({ of: { blocks, parts }, name = "Report" }: { of: Outline; name?: string }) {
  return (
    <>
      {onLines(besideEachOther(blocks, name))}
      {parts.map((section) => <SectionView of={section} />)}
    </>
  );
}

/** Blocks, figures that follow one another in a box that puts as many side by side as there is room. */
function besideEachOther(blocks: Section["blocks"], name: string): ComponentChildren[] {
  let tables = 0;
  const written: ComponentChildren[] = [];
  let figures: Figure[] = [];
  const endFigures = () => {
    if (figures.length === 0) return;
    const drawn = onLines(figures.map((figure) => <FigureView figure={figure} />));
    written.push(<div class="figures">{["\n", drawn]}</div>);
    figures = [];
  };
  for (const block of blocks) {
    if (block.type === "figure") {
      figures.push(block);
      continue;
    }
    endFigures();
    if (block.type !== "table") written.push(writeBlock(block));
    else {
      // A table is known by its section, where it has no name of its own.
      tables++;
      const label = block.label ?? (tables === 1 ? name : `${name}, ${tables}`);
      written.push(writeBlock({ ...block, label }));
    }
  }
  endFigures();
  return written;
}

function SectionView({ of }: { of: Section }) {
  const { heading, anchor } = of;
  if (!heading.folded && heading.apart === undefined) {
    return (
      <>
        <HeadingView heading={heading} anchor={anchor} linked />
        {"\n"}
        <Body of={of} name={inlineText(heading.content)} />
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
        {/* What opens and closes may hold no link. */}
        <Anchor heading={heading} anchor={anchor} />
        {"\n"}
        <Body of={of} name={inlineText(heading.content)} />
      </details>
      {"\n"}
    </>
  );
}

/** @param linked Whether the heading has a link to itself in it. */
function HeadingView(
  { heading, anchor, linked = false }: { heading: Heading; anchor: string; linked?: boolean },
) {
  const Tag = `h${heading.level}` as const;
  return (
    <Tag id={anchor}>
      <Inlines of={heading.content} />
      {linked && <Anchor heading={heading} anchor={anchor} />}
    </Tag>
  );
}

/** A link to a heading; its sign is the style's, since a heading's text is the heading. */
function Anchor({ heading: { content }, anchor }: { heading: Heading; anchor: string }) {
  return <a class="anchor" href={`#${anchor}`} aria-label={`Link to ${inlineText(content)}`} />;
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
