/**
 * A night that cannot begin or go on as it was asked: the call's or a file's fault, not the
 * program's. The message is one line that says what, where and how to mend it.
 */
export class NightError extends Error {
  override readonly name = "NightError";
}
