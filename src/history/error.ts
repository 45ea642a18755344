/**
 * A history that cannot be read or written: the file's or the call's fault, not the program's. The
 * message is one line that says what, where and how to mend it.
 */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}
