/**
 * Colours and the rewriting of a line, for text that is going to a terminal. What styles a text is not
 * a control sequence but a mark of this process alone, which only {@linkcode toTerminal} turns into
 * one: so nothing that comes from elsewhere can act on the terminal, wherever it gets into a text.
 */
import { printableLines } from "./printable.ts";

/** What begins and ends a mark: private characters, and a number that no text can know. */
const NUMBER = crypto.getRandomValues(new Uint32Array(2)).join("");
const BEGIN = `\ue000${NUMBER}:`;
const END = "\ue001";
const MARK = new RegExp(`${BEGIN}(.*?)${END}`, "g");

let styled = false;

/** Whether styles are put into texts from now on; without it they leave them as they are. */
export function setStyled(on: boolean): void {
  styled = on;
}

function mark(sequence: string): string {
  return `${BEGIN}${sequence}${END}`;
}

/** SGR of ECMA-48: what begins a style, and what ends it. */
function style(text: string, begin: number, end: number): string {
  return styled ? mark(`[${begin}m`) + text + mark(`[${end}m`) : text;
}

/** Bold text. */
export function bold(text: string): string {
  return style(text, 1, 22);
}

/** Dim text. */
export function dim(text: string): string {
  return style(text, 2, 22);
}

/** Red text. */
export function red(text: string): string {
  return style(text, 31, 39);
}

/** Green text. */
export function green(text: string): string {
  return style(text, 32, 39);
}

/** Yellow text. */
export function yellow(text: string): string {
  return style(text, 33, 39);
}

/** Takes the terminal's line away, and goes to its beginning; it needs no leave by {@linkcode setStyled}. */
export const ERASED_LINE: string = mark("[2K") + mark("[1G");

/** A text as a terminal takes it: our own marks as control sequences, all else as what can be seen. */
export function toTerminal(text: string): string {
  return text.split(MARK)
    .map((part, i) => i % 2 === 1 ? `\x1b${part}` : printableLines(part))
    .join("");
}

/** A text without our own marks, and otherwise as it is: what a file or another program gets. */
export function withoutStyles(text: string): string {
  return text.replace(MARK, "");
}

/** How many letters of a text are seen: marks are not. */
export function seenLength(text: string): number {
  return [...withoutStyles(text)].length;
}

/**
 * A text in lines that break between words; only a word that is longer than a line stands out.
 *
 * @param columns Letters in a line.
 * @param indent What every line but the first begins with. @default ""
 */
export function wrapWords(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  let length = 0;
  // Spaces at the beginning are the first line's own.
  const [start = "", rest = ""] = /^( *)(.*)$/s.exec(text)!.slice(1);
  for (const word of rest.split(" ")) {
    const seen = seenLength(word);
    if (line === "") {
      line = (lines.length === 0 ? start : indent) + word;
      length = seenLength(line);
    } else if (length + 1 + seen <= columns) {
      line += ` ${word}`;
      length += 1 + seen;
    } else {
      lines.push(line);
      line = indent + word;
      length = indent.length + seen;
    }
  }
  return [...lines, line].join("\n");
}
