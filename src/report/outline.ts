/** A document by its headings: sections in sections, each with an anchor of its own. */
import type { Block, Document, Heading } from "./document.ts";
import { inlineText } from "./inline_text.ts";

/** A heading with what stands under it. */
export interface Section {
  heading: Heading;
  /** Lower-case letters, digits and hyphens; no two of a document are the same. */
  anchor: string;
  /** What stands under it before the first smaller heading. */
  blocks: Exclude<Block, Heading>[];
  /** The sections of smaller headings. */
  parts: Section[];
}

/** A document's sections, and what stands before the first heading. */
export interface Outline {
  blocks: Exclude<Block, Heading>[];
  parts: Section[];
}

/** Takes a document apart by its headings. */
export function outlineOf({ blocks }: Document): Outline {
  const whole: Outline = { blocks: [], parts: [] };
  const taken = new Set<string>();
  /** The sections that the place is in, the outermost first. */
  const open: Section[] = [];
  for (const block of blocks) {
    if (block.type !== "heading") {
      (open.at(-1) ?? whole).blocks.push(block);
      continue;
    }
    while (open.length > 0 && open.at(-1)!.heading.level >= block.level) open.pop();
    const section = { heading: block, anchor: anchorOf(block, taken), blocks: [], parts: [] };
    (open.at(-1) ?? whole).parts.push(section);
    open.push(section);
  }
  return whole;
}

/** All sections, in the order in which they stand. */
export function allSections({ parts }: Outline): Section[] {
  return parts.flatMap((section) => [section, ...allSections(section)]);
}

/** A heading's words as an anchor, numbered where two are the same. */
function anchorOf({ content }: Heading, taken: Set<string>): string {
  const words =
    inlineText(content).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") ||
    "section";
  let anchor = words;
  for (let n = 2; taken.has(anchor); n++) anchor = `${words}-${n}`;
  taken.add(anchor);
  return anchor;
}
