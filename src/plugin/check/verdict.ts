/** What a check of a plug-in says. */

/** What a plug-in does wrong, in words. */
export class CheckError extends Error {
  override name = "CheckError";
}

/** Why something of a plug-in was not looked at, in words. */
export class CheckSkipped extends Error {
  override name = "CheckSkipped";
}

/** How a case went. */
export interface Verdict {
  /** The case, as a sentence of what holds. */
  name: string;
  state: "holds" | "fails" | "skipped";
  /** What was seen, in words; empty where there is nothing to say. */
  detail: string;
}
