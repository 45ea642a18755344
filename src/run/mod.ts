export {
  bench,
  type BenchEvents,
  benchId,
  type BenchRequest,
  JOURNAL_FILE,
  RESULT_FILE,
  resumeBench,
  type ResumeRequest,
} from "./bench.ts";
export { RunError } from "./error.ts";
export type { PlannedRun } from "./order.ts";
export type { RunOutcome } from "./process.ts";
