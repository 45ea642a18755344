/** What is kept of old nights, and what is removed. */
import { judgeHistory } from "../analysis/mod.ts";
import { formatBytes, plural } from "../format/mod.ts";
import type { History, NightLine } from "../history/mod.ts";
import { nightsIn } from "./night_file.ts";
import type { NightPlan } from "./plan.ts";

/** Nights whose journals are kept when all is in the history. */
const KEPT_BENCHES = 7;

/**
 * Results that thinning must not take: what a saved baseline is, and the nights beside a shift.
 *
 * @param baselines Names of the saved baselines by their results' ids.
 */
export function reasonToKeep(
  history: History,
  baselines: ReadonlyMap<string, string>,
): (line: NightLine) => string | null {
  const beside = new Set(
    judgeHistory(history.series()).series.flatMap(({ series, shifts }) =>
      shifts.flatMap(({ night, after }) => [night, after].map((each) => `${each} ${series.node}`))
    ),
  );
  return ({ result, night, node }) => {
    const baseline = baselines.get(result);
    if (baseline !== undefined) return `it is the baseline ${baseline}`;
    return beside.has(`${night} ${node}`) ? "a lasting shift lies beside it" : null;
  };
}

/**
 * Removes what the rule does not keep: files of old results, and the journals of old nights.
 *
 * @returns What was done, in words.
 * @throws {HistoryError} Where a result cannot be removed.
 * @throws As Deno does, where a night's folder cannot be.
 */
export function thin(
  history: History,
  { out, night, keep: { nights, weeks, mostBytes }, baselines }: NightPlan,
): string {
  const keep = reasonToKeep(history, baselines());
  const { removed, kept, keptBytes } = history.thin({ nights, weeks, mostBytes, keep });
  const bytes = removed.reduce((sum, { bytes }) => sum + bytes, 0);
  const old = nightsIn(out).filter(({ file }) => file.settled && file.id !== night.file.id)
    .slice(0, -KEPT_BENCHES);
  for (const { directory } of old) Deno.removeSync(directory, { recursive: true });
  return `${plural(removed.length, "result")} removed (${formatBytes(bytes)}), ${kept} kept` +
    (keptBytes > mostBytes ? ` (${formatBytes(keptBytes)}, none of which may go)` : "") +
    (old.length > 0 ? `; journals of ${plural(old.length, "night")} removed` : "");
}
