/** What a result means: estimates, verdicts, findings, comparisons. Pure; no layout. */
export { analyse } from "./analyse.ts";
export * from "./format.ts";
export * from "./model.ts";
