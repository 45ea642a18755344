/** Which results are kept. */
import type { ThinRule } from "./model.ts";
import type { NightLine } from "./record.ts";

const DAY_MS = 86_400_000;

/** A result whose files are there. */
interface Placed {
  line: NightLine;
  /** Of its files. */
  bytes: number;
}

/** What the rule says of a result. */
interface Thinning extends Placed {
  /** Whether its files go. */
  remove: boolean;
  /** Why they stay although the rule would have them go. */
  spared: string | null;
}

/**
 * Applies a rule to the results whose files are there. It counts from the newest night of the
 * history and not from today, so that a history that nobody adds to stays as it is. Of a week (from
 * Monday) or month, the first result of each node and suite is kept, so that thinning again, or
 * later, keeps it too. Where all that is larger than it may be, the oldest go; those of the newest
 * night never.
 *
 * @param placed Lines with files, in order of night; of one night the one that counts last.
 * @param newest The newest night of the history.
 * @throws {RangeError} Where a number of the rule is not a whole one from 0.
 */
export function applyRule(
  placed: readonly Placed[],
  newest: string,
  { nights = 90, weeks = 52, mostBytes = Infinity, keep = () => null }: ThinRule,
): Thinning[] {
  for (const [name, count] of Object.entries({ nights, weeks })) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`Cannot thin by ${count} ${name}: give a whole number from 0`);
    }
  }
  if (!(mostBytes >= 0)) throw new RangeError(`Cannot thin to ${mostBytes} bytes`);
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
  for (const { line } of placed) {
    const other = chosen.get(keyOf(line));
    // Of the same night the later one counts in the series.
    if (other === undefined || other.night === line.night) chosen.set(keyOf(line), line);
  }
  const said = placed.map((each): Thinning => {
    const { line } = each;
    if (period(line) === null || chosen.get(keyOf(line)) === line) {
      return { ...each, remove: false, spared: null };
    }
    const spared = keep(line);
    return { ...each, remove: spared === null, spared };
  });
  let left = said.reduce((sum, { remove, bytes }) => remove ? sum : sum + bytes, 0);
  for (const each of said) {
    if (left <= mostBytes) break;
    if (each.remove || each.line.night === newest) continue;
    each.spared ??= keep(each.line);
    each.remove = each.spared === null;
    if (each.remove) left -= each.bytes;
  }
  return said;
}

/** Days since 1970. */
function dayOf(night: string): number {
  return Date.parse(night) / DAY_MS;
}
