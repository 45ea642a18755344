/** A document taken apart: sections with files of their own, and what is left, which links to them. */
import {
  type Block,
  type Document,
  type Figure,
  type Heading,
  heading,
  link,
  list,
  paragraph,
} from "./document.ts";
import { inlineText } from "./inline_text.ts";

/** A section as a document of its own. */
export interface Part {
  /** Name of its file. */
  file: string;
  document: Document;
}

/**
 * Takes a document apart. Sections that follow one another become one list of links.
 *
 * @param folder The parts' folder, relative to the main document.
 * @param mainFile The main document's file, relative to the folder's parent.
 */
export function takeApart(
  { blocks, ...whole }: Document,
  folder: string,
  mainFile: string,
): { main: Document; parts: Part[] } {
  const left: Block[] = [];
  const parts: Part[] = [];
  let links: Part[] = [];
  const endLinks = () => {
    if (links.length === 0) return;
    left.push(list(links.map(({ file, document }) => {
      const address = [...folder.split("/"), file].map(encodeURIComponent).join("/");
      return [link(document.title, address)];
    })));
    links = [];
  };
  for (let at = 0; at < blocks.length;) {
    const block = blocks[at]!;
    if (block.type !== "heading" || block.apart === undefined) {
      endLinks();
      left.push(block);
      at++;
      continue;
    }
    const end = endOfSection(blocks, at, block);
    const part = partOf(block, blocks.slice(at + 1, end), whole.language, mainFile);
    parts.push(part);
    links.push(part);
    at = end;
  }
  endLinks();
  return { main: { ...whole, blocks: left }, parts };
}

/** Where the section of a heading ends: at the next one that is as large. */
function endOfSection(blocks: readonly Block[], at: number, { level }: Heading): number {
  const next = blocks.findIndex((block, index) =>
    index > at && block.type === "heading" && block.level <= level
  );
  return next < 0 ? blocks.length : next;
}

function partOf(
  { content, apart = "", level }: Heading,
  blocks: readonly Block[],
  language: string,
  mainFile: string,
): Part {
  const title = inlineText(content);
  return {
    // Whatever the name is, it is a file of that folder.
    file: `${apart.replace(/[^A-Za-z0-9_-]/g, "")}.md`,
    document: {
      title,
      language,
      blocks: [
        heading(1, content),
        partOfReport(mainFile),
        ...blocks.map((block) => block.type === "heading" ? raised(block, level) : block),
      ],
    },
  };
}

/** The numbers of a figure as a document of their own. */
export function numbersOf(
  { title, caption, numbers }: Figure,
  language: string,
  mainFile: string,
): Document {
  return {
    title,
    language,
    blocks: [heading(1, title), partOfReport(mainFile), paragraph(caption), numbers],
  };
}

function partOfReport(mainFile: string): Block {
  return paragraph(["Part of ", link("the report", `../${encodeURIComponent(mainFile)}`), "."]);
}

/** A heading of a section that has become a document. */
function raised(own: Heading, level: Heading["level"]): Heading {
  return { ...own, level: Math.max(2, own.level - level + 1) as Heading["level"] };
}
