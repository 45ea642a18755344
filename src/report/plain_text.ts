/** Text from outside, made harmless before any writer of a document sees it. */
import { UNSEEN } from "../format/mod.ts";

/** What is not seen, but for tabs and line ends. */
const ACTING = new RegExp(`(?![\\t\\n\\r])${UNSEEN.source}`, "gu");

/** Unseen characters shown as U+FFFD, but for tabs and line ends. */
export function withoutUnseen(text: string): string {
  return text.replace(ACTING, "\ufffd");
}

/** Text for one line: white space collapsed, unseen characters shown as U+FFFD. */
export function oneLine(text: string): string {
  return oneLinePiece(text).trim();
}

/** Text for one line, but for a space at either end, which parts it from its neighbours. */
export function oneLinePiece(text: string): string {
  return withoutUnseen(text).replace(/\s+/g, " ");
}

/** Text for a block of lines: line ends and indentation kept, unseen characters shown as U+FFFD. */
export function lines(text: string): string {
  return withoutUnseen(text.replace(/\r\n?/g, "\n").replaceAll("\t", "    "));
}

/** Lines without the empty ones at their end. */
export function withoutLastLineEnds(text: string): string {
  // By hand: a pattern that ends in `\n+$` looks anew at each of the line ends that others follow.
  let end = text.length;
  while (text[end - 1] === "\n") end--;
  return text.slice(0, end);
}
