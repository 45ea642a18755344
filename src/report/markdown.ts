/** A document as Markdown (GitHub's flavour). */
import type { Block, Document, Figure, Inline, Table } from "./document.ts";
import { inlineText } from "./inline_text.ts";
import { lines, oneLine, oneLinePiece, withoutLastLineEnds } from "./plain_text.ts";
import { statusText } from "./status_text.ts";

/** How Markdown is written. */
export interface MarkdownOptions {
  /**
   * Folder of the figures' files, relative to the Markdown's, with `/` between its parts. Without it
   * there are no figures: only a comment marks the place of each.
   */
  figures?: string;
  /** Whether a figure's numbers are in {@linkcode numbersFile} beside it, and not folded under it. */
  numbersApart?: boolean;
}

/**
 * Writes a document as Markdown. Whatever a text holds, it is shown as text: no markup, HTML, link,
 * image, table cell or block can come out of it.
 */
export function toMarkdown(document: Document, options: MarkdownOptions = {}): string {
  const blocks = document.blocks.map((block) => writeBlock(block, options))
    .filter((block) => block !== "");
  return `${blocks.join("\n\n")}\n`;
}

function writeBlock(block: Block, { figures, numbersApart = false }: MarkdownOptions): string {
  switch (block.type) {
    case "heading":
      return `${"#".repeat(block.level)} ${writeInline(block.content)}`;
    case "paragraph":
      return guardStart(writeInline(block.content));
    case "list":
      return block.items.map((item) => `- ${guardStart(writeInline(item))}`).join("\n");
    case "table":
      return writeTable(block);
    case "code-block":
      return writeCodeBlock(lines(block.text));
    case "figure":
      return figures === undefined
        ? `<!-- figure: ${word(block.id)} -->`
        : writeFigure(block, figures, numbersApart);
  }
}

/** The name of a figure's file. */
export function figureFile({ id }: Figure): string {
  return `${word(id)}.svg`;
}

/** The name of the file of a figure's numbers. */
export function numbersFile({ id }: Figure): string {
  return `${word(id)}.md`;
}

/** A figure's id, sure to be one. */
function word(id: string): string {
  return id.replace(/[^a-z0-9-]/g, "");
}

/** The figure as an image, how to read it, and its numbers: folded, or a link to them. */
function writeFigure(figure: Figure, folder: string, numbersApart: boolean): string {
  const at = (file: string) => [...folder.split("/"), file].map(escapePath).join("/");
  const path = at(figureFile(figure));
  const [title, caption] = [escape(oneLine(figure.title)), escape(oneLine(figure.caption))];
  const shown = `![${title}](${path})\n\n**${title}.** ${caption}`;
  if (numbersApart) return `${shown} [Numbers of this figure](${at(numbersFile(figure))})`;
  return `${shown}\n\n` +
    "<details>\n<summary>Numbers of this figure</summary>\n\n" +
    `${writeTable(figure.numbers)}\n\n</details>`;
}

/** A part of a path for a link's target, where spaces and brackets would end it. */
function escapePath(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*~_]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function writeInline(content: readonly Inline[], inTable = false): string {
  // Text is joined before it is escaped, so that markup cannot come together out of two pieces.
  const pieces: MarkdownInline[] = [];
  for (const piece of content.flatMap(withoutExtras)) {
    const last = pieces.at(-1);
    if (piece.type === "text" && last?.type === "text") {
      pieces[pieces.length - 1] = { type: "text", text: last.text + piece.text };
    } else pieces.push(piece);
  }
  return pieces.map((piece, i) => {
    const stressed = piece.type === "strong" || piece.type === "emphasis";
    return stressed && !canStress(piece.text, pieces[i - 1], pieces[i + 1])
      ? escape(oneLine(piece.text))
      : writePiece(piece, inTable);
  }).join("").trim();
}

/**
 * Whether asterisks around a text would be read as such (CommonMark 6.2): beside a letter they are
 * not where the text inside has punctuation there, and beside other asterisks they run together.
 */
function canStress(
  text: string,
  before: MarkdownInline | undefined,
  after: MarkdownInline | undefined,
): boolean {
  const parts = (piece: MarkdownInline | undefined) =>
    piece === undefined || piece.type === "text" || piece.type === "code";
  if (!parts(before) || !parts(after)) return false;
  const inner = [...oneLine(text)];
  const outside = [
    before?.type === "text" ? [...oneLinePiece(before.text)].at(-1) : undefined,
    after?.type === "text" ? [...oneLinePiece(after.text)].at(0) : undefined,
  ];
  return [inner.at(0), inner.at(-1)].every((edge, i) => isLetter(edge) || !isLetter(outside[i]));
}

/** Whether a character is neither white space nor punctuation; there may be none. */
function isLetter(character: string | undefined): boolean {
  return character !== undefined && !/[\s\p{P}\p{S}]/u.test(character);
}

/** Running text that Markdown has a form for. */
type MarkdownInline = Exclude<Inline, { type: "name" | "quantity" | "aside" | "sketch" }>;

/** What Markdown has no form for, as text. */
function withoutExtras(piece: Inline): MarkdownInline[] {
  switch (piece.type) {
    case "name":
    case "quantity":
    case "sketch":
      return [{ type: "text", text: inlineText([piece]) }];
    case "aside":
      return [{ type: "text", text: "; " }, ...piece.content.flatMap(withoutExtras)];
    default:
      return [piece];
  }
}

function writePiece(piece: MarkdownInline, inTable: boolean): string {
  switch (piece.type) {
    case "code":
      return writeCode(oneLine(piece.text), inTable);
    case "strong":
      return piece.text.trim() === "" ? "" : `**${escape(oneLine(piece.text))}**`;
    case "emphasis":
      return piece.text.trim() === "" ? "" : `*${escape(oneLine(piece.text))}*`;
    case "status":
      return `**${statusText(piece.status, piece.words)}**`;
    case "link":
      return `[${writeInline(piece.content)}](${escapeTarget(piece.href)})`;
    case "text":
      return escape(oneLinePiece(piece.text));
  }
}

/** A link's target, which brackets would end; what else it has is encoded already. */
function escapeTarget(href: string): string {
  return oneLine(href).replace(/[()<>\s\\]/g, percent);
}

/**
 * Escapes text that is to be shown as it is. Only what could mean something is escaped, since the
 * Markdown is read as it is too: `write_throughput` and `1.05 µs` stay.
 */
function escape(text: string): string {
  return text
    .replace(/[\\`*[\]<>|~$#]/g, "\\$&")
    // An underscore inside a word is no emphasis.
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/&(?=[A-Za-z#])/g, "\\&")
    // What GitHub's flavour makes links of by itself: protocols, www and mail addresses.
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\b(mailto|xmpp):/gi, "$1\\:")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)
    .replace(/@/g, "\\@");
}

/** Escapes what means something only where a block begins. */
function guardStart(line: string): string {
  return line.replace(/^([-+=])/, "\\$1").replace(/^(\d{1,9})([.)])/, "$1\\$2");
}

/** A code span, with a fence longer than any run of backticks in it. */
function writeCode(text: string, inTable: boolean): string {
  if (text === "") return "";
  // In a table's cell neither GitHub nor marked has a way to write every mix of \ and | as code.
  if (inTable && text.includes("|")) return escape(text);
  const fence = "`".repeat(longestRun(text, "`") + 1);
  // One space at each end is taken off again; it is needed beside a backtick.
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

function writeCodeBlock(text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text, "`") + 1));
  return `${fence}text\n${withoutLastLineEnds(text)}\n${fence}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const at of text) {
    run = at === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function writeTable({ columns, rows }: Table): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(columns.map(({ header }) => escape(oneLine(header)))),
    row(columns.map(({ align }) => align === "right" ? "---:" : "---")),
    ...rows.map((cells) => row(cells.map(({ content }) => writeInline(content, true)))),
  ].join("\n");
}
