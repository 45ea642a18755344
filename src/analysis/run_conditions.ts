/** How steady the runs were, and what else the machine did during them. */
import type { FactName, RunRecord } from "../result/mod.ts";
import { steadiness } from "../stats/mod.ts";
import type { RunSteadiness } from "./model.ts";

/** Steadiness of one run by its samples in time order. */
export function judgeSteadiness(run: RunRecord): RunSteadiness {
  const found = steadiness(
    run.samples.map(({ ns, iterations }) => ns / iterations),
  );
  return {
    run: run.run,
    steady: found.steady,
    drift: found.drift?.drifting ? found.drift.change.value : null,
    warmUp: found.warmUp?.present ? found.warmUp.excess : null,
    range: found.rounds?.steady === false ? found.rounds.range : null,
  };
}

/** The largest value of a pressure field over some runs; `null` where none recorded it. */
export function largestPressure(
  runs: readonly RunRecord[],
  field: "load1" | "steal" | "busyOthers",
): number | null {
  const values = runs.flatMap(({ pressure }) => pressure?.[field] ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

/** What the engine said of itself at the end of a run; `null` where it did not. */
export function factOf(run: RunRecord, fact: FactName): number | null {
  return run.facts[fact] ?? null;
}
