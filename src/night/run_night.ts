/** Runs a night's stages, and keeps in its journal how far it came. */
import { nightStages } from "./night.ts";
import { saveNight } from "./night_file.ts";
import type { Found, NightPlan } from "./plan.ts";
import type { StageRow } from "./night_file.ts";
import { runStages } from "./stages.ts";
import { tellFailure } from "./tell_failure.ts";

/** How a night went. */
export interface NightEnd extends Found {
  rows: readonly StageRow[];
}

/**
 * Runs a night from its first stage to its last.
 *
 * @param onStage Called with the name of each stage that begins.
 * @returns How it went, in the night's file as well.
 * @throws As Deno does, where that file cannot be written.
 */
export async function runNight(
  plan: NightPlan,
  onStage: (name: string) => void,
): Promise<NightEnd> {
  const { night, signal } = plan;
  const found: Found = { missed: [], open: [], regressed: [] };
  night.file.stages = [];
  const rows = await runStages(nightStages(plan, found), {
    signal,
    tell: (error) => tellFailure(error, plan),
    onStart: onStage,
    onEnd(row) {
      night.file.stages.push({ ...row });
      saveNight(night);
    },
  });
  night.file.endedAt = new Date().toISOString();
  saveNight(night);
  return { rows, ...found };
}
