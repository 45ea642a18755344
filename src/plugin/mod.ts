/** What engines' authors have: the C interface, and the check of a plug-in. */
export { type Checked, type CheckOptions, checkPlugin } from "./check/check.ts";
export type { Verdict } from "./check/verdict.ts";
