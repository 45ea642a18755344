/**
 * A text as one word of a POSIX shell: whatever is in it, the shell hands it on as it is.
 *
 * @throws {TypeError} Where it holds a NUL, which no argument can.
 */
export function shellWord(text: string): string {
  if (text.includes("\0")) throw new TypeError("Cannot quote a text with a NUL in it");
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
