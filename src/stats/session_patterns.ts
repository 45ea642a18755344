/** What the runs of all benchmarks of a session tell together of the machine that they ran on. */
import { mean, sampleStdDev } from "./estimators.ts";
import { Random } from "./random.ts";
import { LEAST_CHANGE } from "./run_patterns.ts";
import { LEAST_RUNS } from "./runs.ts";

/** The level of each of the two tests. */
const LEVEL = 0.005;
/** Orders that are drawn, and the most values that all of them together have. */
const ORDERS = 1_000;
const MOST_DRAWN = 20_000_000;
/** Runs below which no order of them is rare enough. */
const LEAST_TOGETHER = 6;

/** A run of a session. */
interface SessionRun {
  /** What it is held against others of: its benchmark. */
  kind: string;
  /** Above zero. */
  value: number;
}

/** What was found, of how many runs. */
interface SessionPatterns {
  runs: number;
  /** The last value over the first, along the line through all kinds together. */
  drift: number | null;
  /** How alike neighbouring runs are, each against others of its kind: a correlation. */
  wander: number | null;
}

/**
 * Looks for a machine that changed over a session. The runs of one benchmark are few, and show little of
 * it; what the machine does falls on whatever runs just then, so all benchmarks together show it.
 *
 * Both tests are by permutation, each run changing places with others of its kind, which is exact where
 * the order was drawn by chance: either is wrong in 0.5 % of sessions at most.
 *
 * @param session Its runs in the order in which they were measured.
 */
export function sessionPatterns(session: readonly SessionRun[]): SessionPatterns {
  const { logs, scaled, places, groups } = deviations(session);
  const runs = logs.length;
  const none = { runs, drift: null, wander: null };
  if (runs < LEAST_TOGETHER) return none;
  const statistics = {
    drift: (values: Float64Array) => Math.abs(sumOfProducts(values, places)),
    wander: sumOfNeighbours,
  };
  const seen = { drift: statistics.drift(scaled), wander: statistics.wander(scaled) };
  const asFar = { drift: 0, wander: 0 };
  const orders = Math.min(ORDERS, Math.ceil(MOST_DRAWN / runs));
  const isRare = (count: number) => (count + 1) / (orders + 1) <= LEVEL;
  const random = new Random(1);
  const other = scaled.slice();
  for (let order = 0; order < orders; order++) {
    for (const members of groups) shuffleAmong(other, members, random);
    // The same order again has the same statistic but for the last digit.
    if (statistics.drift(other) >= seen.drift * (1 - 1e-9)) asFar.drift++;
    if (statistics.wander(other) >= seen.wander - 1e-9 * runs) asFar.wander++;
    if (!isRare(asFar.drift) && !isRare(asFar.wander)) return none;
  }
  const change = sumOfProducts(logs, places) / sumOfProducts(places, places) * (runs - 1);
  return {
    runs,
    drift: isRare(asFar.drift) && Math.abs(change) >= LEAST_CHANGE ? Math.exp(change) : null,
    wander: isRare(asFar.wander) ? seen.wander / sumOfProducts(scaled, scaled) : null,
  };
}

/** Each run against others of its kind; kinds that have too few, or that hardly spread, tell nothing. */
function deviations(session: readonly SessionRun[]) {
  const kinds = Map.groupBy(
    session.filter(({ value }) => value > 0 && value < Infinity),
    ({ kind }) => kind,
  );
  const told = new Map([...kinds].flatMap(([kind, runs]) => {
    const logs = runs.map(({ value }) => Math.log(value));
    const sorted = logs.toSorted((a, b) => a - b);
    return runs.length < LEAST_RUNS || sorted.at(-1)! - sorted[0]! < LEAST_CHANGE
      ? []
      : [[kind, { center: mean(logs), spread: sampleStdDev(logs) }] as const];
  }));
  const used = session.flatMap(({ kind, value }) => {
    const own = told.get(kind);
    return own === undefined || !(value > 0 && value < Infinity)
      ? []
      : [{ kind, log: Math.log(value) - own.center, spread: own.spread }];
  });
  const groups = [...Map.groupBy(used.keys(), (place) => used[place]!.kind).values()];
  const places = Float64Array.from(used.keys());
  for (const members of groups) {
    const middle = mean(members);
    for (const member of members) places[member]! -= middle;
  }
  return {
    logs: Float64Array.from(used, ({ log }) => log),
    scaled: Float64Array.from(used, ({ log, spread }) => log / spread),
    places,
    groups,
  };
}

function sumOfProducts(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function sumOfNeighbours(values: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += values[i]! * values[i - 1]!;
  return sum;
}

/** Fisher and Yates' shuffle of the values at some places. */
function shuffleAmong(values: Float64Array, places: readonly number[], random: Random): void {
  for (let i = places.length - 1; i > 0; i--) {
    const [a, b] = [places[i]!, places[random.below(i + 1)]!];
    [values[a], values[b]] = [values[b]!, values[a]!];
  }
}
