/** Text from outside, made harmless before any writer of a document sees it. */
import { UNSEEN } from "../format/mod.ts";

/** Text for one line: white space collapsed, unseen characters shown as U+FFFD. */
export function oneLine(text: string): string {
  return lines(text).replace(/\s+/g, " ").trim();
}

/** Text for a block of lines: line ends and indentation kept, unseen characters shown as U+FFFD. */
export function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n").replaceAll("\t", "    ")
    .replace(UNSEEN, (character) => character === "\n" ? character : "\ufffd");
}
