/** A night, from measuring to the published pages: its stages, its journal, and its recovery. */
export { addResult } from "./add_result.ts";
export { begin } from "./begin.ts";
export { NightError } from "./error.ts";
export { lockNights } from "./night_file.ts";
export type { NightCluster, NightPlan } from "./plan.ts";
export { brokenOff } from "./recovery.ts";
export { type NightEnd, runNight } from "./run_night.ts";
export { siteOptions } from "./site_options.ts";
export { allDone } from "./stages.ts";
export { reasonToKeep } from "./thin.ts";
