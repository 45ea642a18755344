/** A suite, or what is asked of it, makes no sense. The message says what, where and how to mend it. */
export class SuiteError extends Error {
  override name = "SuiteError";
}
