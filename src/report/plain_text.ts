/** Text from outside, made harmless before any writer sees it. */

/**
 * What is not seen but does something: control characters (ANSI escapes begin with one), format
 * characters (they turn the direction of writing, so that a name can pretend to be another), line
 * and paragraph separators, and halves of surrogate pairs, which no UTF-8 file can hold.
 */
const UNSEEN = /(?![\t\n\r])\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text for one line: white space collapsed, unseen characters shown as U+FFFD. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, "\ufffd").replace(/\s+/g, " ").trim();
}

/** Text for a block of lines: line ends and indentation kept, unseen characters shown as U+FFFD. */
export function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, "\ufffd").replaceAll("\t", "    ");
}
