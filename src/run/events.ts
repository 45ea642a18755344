import type { CompanyRecord, LookRecord, ProfileRecord } from "../result/mod.ts";
import type { PlannedRun } from "./order.ts";
import type { Role } from "./places.ts";
import type { RunOutcome } from "./process.ts";

/** A run, as those who follow a bench are told of it. */
export interface LaneRun extends PlannedRun {
  /** Whose side it is of; absent of a plain bench. */
  role?: Role;
  /** How many runs play together with it, itself included; absent where it has its time to itself. */
  together?: number;
  /** Whether these turns come after its own measuring, and are beside it. */
  turnsAfter?: true;
}

/** Told as the bench goes; for progress. */
export interface BenchEvents {
  /**
   * The plan is known, or known again.
   *
   * @param limitMs How long the most patient of the runs may go without progress.
   */
  planned?(runs: readonly LaneRun[], profile: ProfileRecord, limitMs: number): void;
  /** Other benches are under way on this machine, or it is not known whether. */
  company?(company: CompanyRecord): void;
  /** The instructions of a benchmark are being counted, in the process of this place of so many. */
  counting?(benchmark: string, role: Role | undefined, place: number, of: number): void;
  runStarted?(run: LaneRun): void;
  /** A sample was taken, the so-manieth of its run. */
  sampled?(run: LaneRun, samples: number): void;
  /** Somebody looked whether it is sure, at the bench's so-manieth look; runs may follow. */
  looked?(look: LookRecord, looks: number): void;
  runEnded?(run: LaneRun, outcome: RunOutcome): void;
  /** The turns failed that the runs of a block took when each had been measured; these count. */
  turnsFailed?(block: readonly LaneRun[], error: string): void;
}
