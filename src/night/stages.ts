/** The stages of a night: each by itself, so that one that fails takes nothing from the others. */
import type { StageRow } from "./night_file.ts";

/** One stage. */
export interface Stage {
  name: string;
  /** Stages without whose output it has nothing to do. */
  needs: readonly string[];
  /** @returns What to tell of it. */
  run(): StageEnd | Promise<StageEnd>;
}

/** How a stage came to its end. */
export interface StageEnd {
  /** What it did, in one line. */
  message: string;
  /** Whether something of it failed, although later stages have something to go on with. */
  partly?: boolean;
}

/** How stages are run. */
interface StagesOptions {
  /** Ends the night after the stage that is under way. */
  signal: AbortSignal;
  /** An error in one line. */
  tell(error: unknown): string;
  onStart?: (name: string) => void;
  onEnd?: (row: StageRow) => void;
  /** The time, ms. @default the process's own */
  now?: () => number;
}

/** Runs stages in their order, whatever becomes of each. */
export async function runStages(
  stages: readonly Stage[],
  { signal, tell, onStart, onEnd, now = () => performance.now() }: StagesOptions,
): Promise<StageRow[]> {
  const rows: StageRow[] = [];
  for (const { name, needs, run } of stages) {
    const lacking = needs.find((need) =>
      !rows.some((row) => row.name === need && (row.state === "done" || row.state === "partly"))
    );
    const started = now();
    const outcome = async (): Promise<Pick<StageRow, "state" | "message">> => {
      if (signal.aborted) return { state: "skipped", message: "the night was interrupted" };
      if (lacking !== undefined) {
        return { state: "skipped", message: `it needs what ${lacking} did not give` };
      }
      onStart?.(name);
      try {
        const { message, partly = false } = await run();
        return { state: partly ? "partly" : "done", message };
      } catch (error) {
        return { state: "failed", message: tell(error) };
      }
    };
    const row = { name, ...await outcome(), seconds: (now() - started) / 1000 };
    rows.push(row);
    onEnd?.(row);
  }
  return rows;
}

/** Whether all stages did all that they were to do. */
export function allDone(rows: readonly StageRow[]): boolean {
  return rows.every(({ state }) => state === "done");
}
