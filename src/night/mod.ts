/** A night, from measuring to the published pages: its stages, its journal, and its recovery. */
export { addResult } from "./add_result.ts";
export { begin, type NewNight } from "./begin.ts";
export { NightError } from "./error.ts";
export { lockNights, type Night, type NightFile } from "./night_file.ts";
export type { Found, NightCluster, NightPlan, WithProgress } from "./plan.ts";
export { brokenOff } from "./recovery.ts";
export { type NightEnd, runNight } from "./run_night.ts";
export { siteOptions } from "./site_options.ts";
export { reasonToKeep } from "./thin.ts";
