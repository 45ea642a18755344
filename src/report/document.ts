/**
 * The document model: what a report says, without how it looks. Texts are plain: no markup in them
 * means anything, and the writers make whatever they hold inert.
 */
import type { ChangeVerdict, ClaimOutcome, Verdict } from "../analysis/mod.ts";

/** A piece of running text. */
export type Inline = Text | Code | Strong | Status;

/** Running text; its spaces at either end part it from its neighbours. */
export interface Text {
  type: "text";
  text: string;
}

/** An identifier, command or value, verbatim on one line. */
export interface Code {
  type: "code";
  text: string;
}

/** Emphasised text. */
export interface Strong {
  type: "strong";
  text: string;
}

/** An outcome, shown as a mark and a word. */
export interface Status {
  type: "status";
  status: Verdict | ClaimOutcome | ChangeVerdict | "not measured";
}

/** A block of a document. */
export type Block = Heading | Paragraph | List | Table | CodeBlock | Figure;

/** A heading; the document's own title is the one of level 1. */
export interface Heading {
  type: "heading";
  level: 1 | 2 | 3;
  content: Inline[];
  /** Whether a writer that can fold sections shows this one folded at first. */
  folded?: boolean;
  /** Whether a table of contents has it, as it has every heading of level 2. */
  listed?: boolean;
}

/** A paragraph. */
export interface Paragraph {
  type: "paragraph";
  content: Inline[];
}

/** A list without numbers. */
export interface List {
  type: "list";
  items: Inline[][];
}

/** A table; every row has a cell for each column. */
export interface Table {
  type: "table";
  columns: Column[];
  rows: Inline[][][];
}

/** A column of a table; numbers are aligned to the right. */
export interface Column {
  header: string;
  align: "left" | "right";
}

/** Text verbatim on lines of its own. */
export interface CodeBlock {
  type: "code-block";
  text: string;
}

/** A figure: a drawing, how to read it, and what it shows as text. */
export interface Figure {
  type: "figure";
  /** Lower-case letters, digits and hyphens; no two of a document are the same. */
  id: string;
  title: string;
  /** How to read it, in whole sentences. */
  caption: string;
  drawing: Drawing;
  /** The numbers that are drawn. */
  numbers: Table;
}

/** What stands inside an `svg` element. */
export interface Drawing {
  /** Size, px. */
  width: number;
  height: number;
  /** Well-formed markup, safe wherever its texts came from. */
  markup: string;
}

/** A whole document. */
export interface Document {
  title: string;
  /** BCP 47 tag of the language it is written in. */
  language: string;
  blocks: Block[];
}

/** What may be given where running text is expected; a bare string is plain text. */
export type Words = string | Inline | (string | Inline)[];

/** Running text from its pieces. */
export function inline(words: Words): Inline[] {
  const pieces = Array.isArray(words) ? words : [words];
  return pieces.map((piece) => typeof piece === "string" ? { type: "text", text: piece } : piece);
}

/** An identifier or command. */
export function code(text: string): Code {
  return { type: "code", text };
}

/** Emphasised text. */
export function strong(text: string): Strong {
  return { type: "strong", text };
}

/** An outcome. */
export function status(value: Status["status"]): Status {
  return { type: "status", status: value };
}

/** A heading. */
export function heading(
  level: Heading["level"],
  words: Words,
  options: Pick<Heading, "folded" | "listed"> = {},
): Heading {
  return { type: "heading", level, content: inline(words), ...options };
}

/** A paragraph. */
export function paragraph(words: Words): Paragraph {
  return { type: "paragraph", content: inline(words) };
}

/** A list without numbers. */
export function list(items: Words[]): List {
  return { type: "list", items: items.map(inline) };
}

/** A table from its headers, `>` before one meaning that the column is aligned to the right. */
export function table(headers: string[], rows: Words[][]): Table {
  return {
    type: "table",
    columns: headers.map((header) =>
      header.startsWith(">")
        ? { header: header.slice(1), align: "right" }
        : { header, align: "left" }
    ),
    rows: rows.map((row) => row.map(inline)),
  };
}

/** Text verbatim on lines of its own. */
export function codeBlock(text: string): CodeBlock {
  return { type: "code-block", text };
}

/** A figure. */
export function figure(parts: Omit<Figure, "type">): Figure {
  return { type: "figure", ...parts };
}
