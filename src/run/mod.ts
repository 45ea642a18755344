/** Measuring: a bench, its lanes and its resume. */
export { bench, clearDatabases, resumeBench } from "./bench.ts";
export { RunError } from "./error.ts";
export type { BenchEvents, LaneRun } from "./events.ts";
export type { PluginPlace, Plugins } from "./plugins.ts";
export { isInterleaved, type LaneResult, readLanes, type Role } from "./places.ts";
export type { RunOutcome } from "./process.ts";
export type { BenchRequest, Control, OtherSide } from "./request.ts";
export { benchId } from "./session.ts";
export { sessionId, suiteWord } from "./session_id.ts";
export { beginsWith } from "./trees.ts";
export { valgrindVersion } from "./valgrind.ts";
export type { Look, Unsettled } from "./until_sure.ts";
export type { World } from "./world.ts";
