/** Results by date and node, and what they say over the nights. */
export * from "./error.ts";
export { openHistory } from "./history.ts";
export { missingNight } from "./missing_night.ts";
export * from "./model.ts";
export * from "./record.ts";
