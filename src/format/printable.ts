/** Text from elsewhere, made harmless for where people read it. */

/**
 * What is not seen but does something: control characters (ANSI escapes begin with one of C0 or C1),
 * format characters (they turn the direction of writing, so that a name can pretend to be another),
 * line and paragraph separators, halves of surrogate pairs, which no UTF-8 can hold, and the two
 * characters that no XML may.
 */
export const UNSEEN: RegExp = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** Whether a text has characters that are not seen: no tool gives a thing such a name. */
export function hasUnseen(text: string): boolean {
  return text.search(UNSEEN) >= 0;
}

/** Text for a part of one line: each unseen character is written as its escape, e.g. `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNSEEN, escapeOf);
}

/** Text for lines of their own: as {@linkcode printable}, but that line ends stay, and tabs. */
export function printableLines(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(
    UNSEEN,
    (character) => character === "\n" || character === "\t" ? character : escapeOf(character),
  );
}

/** As JSON and JavaScript write it, so that JSON means the same afterwards. */
function escapeOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
