/** Nights that were broken off, as by a kill: what they have measured is not lost. */
import { SESSION_FILE } from "../cluster/mod.ts";
import { isThere, JOURNAL_FILE } from "../disk/mod.ts";
import { openHistory } from "../history/mod.ts";
import { clearDatabases } from "../run/mod.ts";
import { NightError } from "./error.ts";
import { collectNodes } from "./measure.ts";
import { addToHistory, gather } from "./measured.ts";
import { type Night, nightsIn, settle } from "./night_file.ts";
import type { NightPlan } from "./plan.ts";
import type { StageEnd } from "./stages.ts";
import { tellFailure } from "./tell_failure.ts";

/**
 * The newest night that is not in the history yet, to go on with.
 *
 * @param nodes Whether the call is for the machines of the cluster.
 * @throws {NightError} Where there is none, or it was measured elsewhere.
 */
export function brokenOff(out: string, nodes: boolean): Night {
  const night = nightsIn(out).findLast(({ file }) => !file.settled);
  if (night === undefined) {
    throw new NightError(`Cannot resume: no night in ${out} was broken off; leave out --resume`);
  }
  const { id, nodes: wereMeasured } = night.file;
  if (wereMeasured === nodes) return night;
  const mend = wereMeasured ? "on nodes; add --nodes" : "here; leave out --nodes";
  throw new NightError(`Cannot resume ${id}: it was measured ${mend}`);
}

/** Adds what earlier nights have measured that were broken off. */
export async function takeUpEarlier(plan: NightPlan): Promise<StageEnd> {
  const { night, out, signal, tell } = plan;
  const earlier = nightsIn(out).filter(({ file }) => !file.settled && file.id !== night.file.id);
  const done: string[] = [];
  const failed: string[] = [];
  for (const each of earlier) {
    if (signal.aborted) break;
    tell(`Taking up ${each.file.id}\n`);
    try {
      done.push(await takeUp(each, plan));
    } catch (error) {
      failed.push(`${each.file.id}: ${tellFailure(error, plan)}`);
    }
  }
  if (failed.length > 0) return { message: failed.join("; "), partly: true };
  return { message: done.join("; ") || "none was broken off" };
}

async function takeUp(night: Night, plan: NightPlan): Promise<string> {
  const { file, bench } = night;
  const { cluster } = plan;
  if (file.nodes) {
    if (cluster !== null && isThere(`${bench}/${SESSION_FILE}`)) {
      await collectNodes(night, cluster, plan);
    }
  } else if (isThere(`${bench}/${JOURNAL_FILE}`)) clearDatabases(bench);
  const measured = gather(night);
  using history = openHistory(plan.history, { create: true });
  const message = addToHistory(history, night, measured);
  settle(night);
  return message;
}
