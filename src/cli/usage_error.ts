/** A mistake in the call. The message is one line: what, and how to mend it. */
export class UsageError extends Error {
  override name = "UsageError";
}
