/** Why the slowest operations of loads were slow, in one sentence over all of them. */
import { formatCount, formatPercent, joinWords, plural } from "../../format/mod.ts";
import type { MainCause } from "../main_cause.ts";
import { SLOW_CAUSE_WORDS } from "../words.ts";
import type { TellFinding } from "./context.ts";

/** Loads of one cause that are named; of more the number is told. */
const MOST_NAMED = 3;

/** A load whose slow operations have a cause that explains most of them. */
interface Explained {
  id: string;
  operations: number;
  main: MainCause;
}

/** The main cause of each load's slow operations, loads of one cause together. */
export const slowCauses: TellFinding = ({ measured }) => {
  const explained = measured.flatMap(({ record, analysis: { load } }): Explained[] => {
    const { main, operations } = load?.slow ?? { main: null, operations: 0 };
    return main === null ? [] : [{ id: record.id, operations, main }];
  });
  if (explained.length === 0) return null;
  const groups = [...Map.groupBy(explained, ({ main }) => main.cause).values()]
    .toSorted((a, b) => b.length - a.length);
  return {
    id: "slow-causes",
    topic: "performance",
    severity: "info",
    about: explained.map(({ id }) => id),
    condition: "most of what a load's slow operations overlapped, or were seen to do, is one cause",
    numbers: Object.fromEntries(explained.map(({ id, main }) => [`${id} beyond`, main.beyond])),
    text:
      "What explains most of the slowest operations, those beyond the p99.9 of the window before: " +
      `${groups.map(groupInWords).join("; ")}.`,
  };
};

function groupInWords(group: readonly Explained[]): string {
  const { cause } = group[0]!.main;
  const shares = group.map(({ main }) => main.beyond);
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map(formatPercent);
  const share = least === most ? least : `${least} to ${most}`;
  const where = group.length <= MOST_NAMED
    ? joinWords(group.map(({ id }) => id))
    : plural(group.length, "load");
  const slow = formatCount(group.reduce((sum, { operations }) => sum + operations, 0));
  const what = cause === "unknown" ? "nothing that is known" : `“${SLOW_CAUSE_WORDS[cause]}”`;
  return `in ${where} ${what} (${share} of ${slow})`;
}
