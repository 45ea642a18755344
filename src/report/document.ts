/**
 * The document model: what a report says, without how it looks. Texts are plain: no markup in them
 * means anything, and the writers make whatever they hold inert.
 */
import type { ComponentChildren } from "preact";
import type { ChangeVerdict, ClaimOutcome, TonightVerdict, Verdict } from "../analysis/mod.ts";
import type { RangeText } from "../format/mod.ts";

/** A piece of running text. */
export type Inline =
  | Text
  | Code
  | Name
  | Strong
  | Emphasis
  | Status
  | Quantity
  | Link
  | Aside
  | Sketch;

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

/** A name of several parts; a line may break after each of them. */
export interface Name {
  type: "name";
  text: string;
}

/** Emphasised text. */
export interface Strong {
  type: "strong";
  text: string;
}

/** Text with a stress on it, as a suite's prose may have it. */
export interface Emphasis {
  type: "emphasis";
  text: string;
}

/** An outcome, shown as a mark and a word. */
export interface Status {
  type: "status";
  status: Verdict | ClaimOutcome | ChangeVerdict | TonightVerdict | "not measured";
  /** What stands in the word's place: `regressed tonight`. */
  words?: string;
}

/** A value with its unit, and its interval where it has one: a line may break between the two only. */
export interface Quantity extends RangeText {
  type: "quantity";
}

/** A link; its target is the program's own, never a text from outside. */
export interface Link {
  type: "link";
  content: Inline[];
  /** An address, or a path whose parts are encoded. */
  href: string;
}

/** What is said beside: under its neighbours in small letters, or after a semicolon. */
export interface Aside {
  type: "aside";
  content: Inline[];
}

/** A drawing as small as a word. */
export interface Sketch {
  type: "sketch";
  drawing: Drawing;
  /** What it shows, where it is not seen. */
  text: string;
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
  /**
   * Name for a file of its own, where a writer writes several: letters, digits, hyphens and
   * underscores, no two of a document the same. One that can fold shows it folded.
   */
  apart?: string;
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
  rows: Cell[][];
  /** Its name where it is not seen. @default "Table" */
  label?: string;
}

/** A cell of a table. */
export interface Cell {
  content: Inline[];
  /** What it is sorted by in place of its text; the empty string stands for nothing. */
  sort?: string | number;
}

/** A column of a table; numbers are aligned to the right. */
export interface Column {
  header: string;
  align: "left" | "right";
  /** Whether sorting by it makes sense. @default true */
  sortable?: boolean;
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
  /** Whether its marks say of which samples they are, so that a page can read them. @default false */
  readable?: boolean;
}

/** A drawing in SVG. */
export interface Drawing {
  /** Size, px. */
  width: number;
  height: number;
  /** What stands inside the `svg` element. */
  marks: ComponentChildren;
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

/** An outcome; `words` may say more than its word alone. */
export function status(value: Status["status"], words?: string): Status {
  return { type: "status", status: value, ...(words === undefined ? {} : { words }) };
}

/** A value, with its interval where it has one. */
export function quantity(value: string | RangeText): Quantity {
  return { type: "quantity", ...(typeof value === "string" ? { text: value } : value) };
}

/** A link to where the program itself knows that something is. */
export function link(words: Words, href: string): Link {
  return { type: "link", content: inline(words), href };
}

/** What is said beside. */
export function aside(words: Words): Aside {
  return { type: "aside", content: inline(words) };
}

/** A heading. */
export function heading(
  level: Heading["level"],
  words: Words,
  options: Pick<Heading, "folded" | "listed" | "apart"> = {},
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

/** What may be given where a cell is expected. */
export type CellWords = Words | Cell;

/** A cell that is sorted by something else than its text. */
export function sorted(words: Words, sort: string | number): Cell {
  return { content: inline(words), sort };
}

/** A table from its headers, `>` before one meaning that the column is aligned to the right. */
export function table(
  headers: readonly string[],
  rows: readonly (readonly CellWords[])[],
  options: Pick<Table, "label"> = {},
): Table {
  return {
    type: "table",
    columns: headers.map((header) =>
      header.startsWith(">")
        ? { header: header.slice(1), align: "right" }
        : { header, align: "left" }
    ),
    rows: rows.map((row) => row.map(cell)),
    ...options,
  };
}

function cell(words: CellWords): Cell {
  return typeof words === "object" && !Array.isArray(words) && !("type" in words)
    ? words
    : { content: inline(words) };
}

/** Text verbatim on lines of its own. */
export function codeBlock(text: string): CodeBlock {
  return { type: "code-block", text };
}

/** A figure. */
export function figure(parts: Omit<Figure, "type">): Figure {
  return { type: "figure", ...parts };
}
