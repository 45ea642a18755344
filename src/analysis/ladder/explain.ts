/**
 * Code or defaults: a step that was measured again in blocks of three, the older code, the newer, and
 * the newer with the older's options.
 */
import type { Range } from "../../format/mod.ts";
import { type Result, variantOf } from "../../result/mod.ts";
import { columnsOf } from "./columns.ts";
import { judgeColumns } from "./ladder.ts";
import type { Explanation, LadderRow, LadderRung } from "./model.ts";

/** What stands in the name of a release that runs with another one's options. */
const MARK = " options=";

/** The name of a release that runs with another one's options. */
export function withOptionsOf(release: string, other: string): string {
  return `${release}${MARK}${other}`;
}

/** The explanations of what was measured again. @param rungs Of the ladder. */
export function explain(again: Result, rungs: readonly LadderRung[]): Explanation[] {
  const stores = new Set(again.benchmarks.map(({ store }) => store));
  return [...stores].flatMap((mixed) => {
    const [newer, older] = (variantOf(mixed) ?? "").split(MARK);
    if (newer === undefined || older === undefined) return [];
    const places = [older, newer].map((name) => rungs.findIndex((rung) => rung.name === name));
    const [from, to] = places as [number, number];
    if (from < 0 || to < 0) return [];
    const columns = columnsOf(again, [rungs[from]!.store, rungs[to]!.store, mixed])
      // A rung is in the benchmarks of several steps.
      .filter(({ record }) =>
        again.benchmarks.some((own) => own.store === mixed && own.name === record.name)
      );
    const rows = judgeColumns(columns, [[0, 1], [0, 2], [2, 1]]);
    return columns.map((column, i): Explanation => {
      const [step, code, options] = rows.slice(3 * i, 3 * i + 3) as [
        LadderRow,
        LadderRow,
        LadderRow,
      ];
      const { share, reason } = shareOf(step, options);
      return {
        name: column.record.name,
        metric: column.metric,
        older: from,
        newer: to,
        step: step.change,
        code: code.change,
        options: options.change,
        share,
        reason,
      };
    });
  });
}

/** The options' share of a step. */
function shareOf(step: LadderRow, options: LadderRow): Pick<Explanation, "share" | "reason"> {
  if (step.change === null || options.change === null) {
    return { share: null, reason: step.reason ?? options.reason };
  }
  if (holdsZero(step.change)) {
    return { share: null, reason: "measured again, the step's interval holds no change" };
  }
  return { share: Math.log1p(options.change.value) / Math.log1p(step.change.value), reason: null };
}

function holdsZero({ low, high }: Range): boolean {
  return low <= 0 && high >= 0;
}
