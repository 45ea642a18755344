/**
 * A history that cannot be read or written: the file's or the call's fault, not the program's. The
 * message is one line that says what, where and how to mend it.
 */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}

/**
 * The error of a line that cannot be used.
 *
 * @param what The line holds, e.g. `night`.
 * @param where The file, and the place in it.
 */
export function damagedLine(what: string, where: string, reason: string): HistoryError {
  return new HistoryError(
    `Cannot read the ${what} in ${where}: the line is damaged (${reason}); restore the file from a ` +
      "copy, or take the line out",
  );
}
