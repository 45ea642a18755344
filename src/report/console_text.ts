/** Running text and tables for a terminal. */
import { bold, dim, green, red, wrapWords, yellow } from "../format/mod.ts";
import type { Inline, Status, Table } from "./document.ts";
import { inlineText } from "./inline_text.ts";
import { oneLinePiece } from "./plain_text.ts";
import { statusText } from "./status_text.ts";

/** How something is written for a terminal. */
export interface ConsoleOptions {
  /** Letters in a line, where words are wrapped. @default 80 */
  columns?: number;
  /** Whether criterion's blocks and all notes are printed too. @default false */
  verbose?: boolean;
}

/** Running text on one line, outcomes in their colours. */
export function inlineToConsole(content: readonly Inline[]): string {
  return content.map(writePiece).join("").trim();
}

function writePiece(piece: Inline): string {
  switch (piece.type) {
    case "status":
      return statusToConsole(piece.status, piece.words);
    case "strong":
      return bold(oneLinePiece(piece.text));
    case "link":
      return piece.content.map(writePiece).join("");
    case "aside":
      return `; ${piece.content.map(writePiece).join("")}`;
    case "quantity":
      return inlineText([piece]);
    default:
      return oneLinePiece(piece.text);
  }
}

/** An outcome in its colour. */
export function statusToConsole(status: Status["status"], words?: string): string {
  return coloured(status, statusText(status, words));
}

/** Text in the colour of an outcome. */
export function coloured(status: Status["status"], text: string): string {
  switch (status) {
    case "met":
    case "supported":
    case "improved":
      return green(text);
    case "missed":
    case "refuted":
    case "regressed":
      return red(text);
    case "met in one run":
    case "inconclusive":
      return yellow(text);
    default:
      return text;
  }
}

/**
 * A table in columns, two spaces between them; where it is wider than the lines are, each row is a
 * paragraph of its own that names its columns.
 *
 * @param room Letters in a line. @default Infinity
 * @returns A line of headers, then a line for each row, without spaces at its end.
 */
export function tableToConsole({ columns, rows }: Table, room = Infinity): string[] {
  const headers = columns.map(({ header }) => oneLinePiece(header));
  const texts = rows.map((row) => row.map(({ content }) => inlineText(content)));
  const widths = headers.map((header, i) =>
    Math.max(header.length, ...texts.map((row) => row[i]!.length))
  );
  const whole = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
  if (whole > room) {
    return rows.flatMap((row) =>
      row.map(({ content }, i) =>
        i === 0
          ? wrapWords(bold(inlineToConsole(content)), room, "  ")
          : wrapWords(`  ${dim(`${headers[i]}:`)} ${inlineToConsole(content)}`, room, "    ")
      )
    );
  }
  const line = (written: readonly string[], plain: readonly string[]) =>
    written.map((text, i) => {
      const room = " ".repeat(widths[i]! - plain[i]!.length);
      return columns[i]!.align === "right" ? room + text : text + room;
    }).join("  ").trimEnd();
  return [
    line(headers.map((header) => bold(header)), headers),
    ...rows.map((row, n) => line(row.map(({ content }) => inlineToConsole(content)), texts[n]!)),
  ];
}
