export { bench, clearDatabases, resumeBench, type ResumeRequest } from "./bench.ts";
export { RunError } from "./error.ts";
export {
  benchInterleaved,
  type InterleavedResults,
  type InterleaveRequest,
  isInterleaved,
  resumeInterleaved,
  SIDES,
} from "./interleave.ts";
export type { BenchEvents } from "./lanes.ts";
export type { PlannedRun } from "./order.ts";
export { benchId, type BenchRequest } from "./plan_line.ts";
export type { RunOutcome } from "./process.ts";
