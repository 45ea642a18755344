/** Which results are kept. */
import type { ThinRule } from "./model.ts";
import type { NightLine } from "./record.ts";

const DAY_MS = 86_400_000;

/** What the rule says of a result. */
interface Thinning {
  line: NightLine;
  /** Whether its files go. */
  remove: boolean;
  /** Why they stay although the rule would have them go. */
  spared: string | null;
}

/**
 * Applies a rule to the results whose files are there. It counts from the newest night of the
 * history and not from today, so that a history that nobody adds to stays as it is. Of a week (from
 * Monday) or month, the first result of each node and suite is kept, so that thinning again, or
 * later, keeps it too.
 *
 * @param lines Lines with files, in order of night; of one night the one that counts last.
 * @param newest The newest night of the history.
 * @throws {RangeError} Where a number of the rule is not a whole one from 0.
 */
export function applyRule(
  lines: readonly NightLine[],
  newest: string,
  { nights = 90, weeks = 52, keep = () => null }: ThinRule,
): Thinning[] {
  for (const [name, count] of Object.entries({ nights, weeks })) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`Cannot thin by ${count} ${name}: give a whole number from 0`);
    }
  }
  const last = dayOf(newest);
  const period = (line: NightLine): string | null => {
    const age = last - dayOf(line.night);
    if (age < nights) return null;
    // 1970-01-01 was a Thursday.
    if (age < nights + 7 * weeks) return `week ${Math.floor((dayOf(line.night) + 3) / 7)}`;
    return `month ${line.night.slice(0, 7)}`;
  };
  const chosen = new Map<string, NightLine>();
  const keyOf = (line: NightLine) => JSON.stringify([line.node, line.suite, period(line)]);
  for (const line of lines) {
    const other = chosen.get(keyOf(line));
    // Of the same night the later one counts in the series.
    if (other === undefined || other.night === line.night) chosen.set(keyOf(line), line);
  }
  return lines.map((line) => {
    if (period(line) === null || chosen.get(keyOf(line)) === line) {
      return { line, remove: false, spared: null };
    }
    const spared = keep(line);
    return { line, remove: spared === null, spared };
  });
}

/** Days since 1970. */
function dayOf(night: string): number {
  return Date.parse(night) / DAY_MS;
}
