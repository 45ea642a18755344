/** How often the search for a commit names the right one, in made-up repositories. */
import { derive, nextStep, Random, type SearchEvent } from "../../stats/mod.ts";

/** Searches of one kind. */
export interface BisectionRow {
  /** How pairs of processes spread, in words. */
  data: string;
  /** Whether builds that do the same differ by no more than the search takes them to. */
  assumed: boolean;
  searches: number;
  /** Share that ended with the right commit, and with another. */
  found: number;
  wrong: number;
  /** Means over the searches. */
  pairs: number;
  builds: number;
}

/** What was simulated of searches. */
export interface BisectionQuality {
  commits: number;
  /** The slow-down, as a fraction. */
  effect: number;
  /** The error rate that is asked for. */
  error: number;
  rows: BisectionRow[];
}

const COMMITS = 64;
const EFFECT = 0.1;
const ERROR = 0.05;

/** What a pair's log ratio is off by. */
type Draw = (random: Random) => number;

/** A side's share in ten: of processes in another mode, and by how much. */
const moded = (shareOfTen: number, factor: number): Draw => (random) =>
  random.below(10) < shareOfTen ? Math.log(factor) : 0;
const normal = (spread: number): Draw => (random) => spread * random.normal();

/** Between builds that do the same, standard deviations of the ratio. */
const BUILDS = 0.01;
const OTHER_BUILDS = 0.02;

const CASES: { data: string; draw: Draw; builds?: number }[] = [
  { data: "normal, 5 %", draw: normal(0.05) },
  { data: "normal, 7 %", draw: normal(0.07) },
  {
    data: "normal, 4 %, three processes in ten 10 % slower",
    draw: (random) => normal(0.04)(random) + moded(3, 1.1)(random) - moded(3, 1.1)(random),
  },
  {
    data: "normal, 6 %, one process in ten 3 times slower",
    draw: (random) => normal(0.06)(random) + moded(1, 3)(random) - moded(1, 3)(random),
  },
  { data: "normal, 6 %, builds differ by 2 %", draw: normal(0.06), builds: OTHER_BUILDS },
];

/** @param most Searches of each kind. */
export function simulateBisections(seed: number, most: number): BisectionQuality {
  const rows = CASES.map(({ data, draw, builds = BUILDS }): BisectionRow => {
    let [found, wrong, pairs, built] = [0, 0, 0, 0];
    for (let search = 0; search < most; search++) {
      const random = new Random(derive(seed, "bisection", data, String(search)));
      const slow = 1 + random.below(COMMITS);
      const own = Array.from(
        { length: COMMITS + 1 },
        () => builds / Math.SQRT2 * random.normal(),
      );
      const events: SearchEvent[] = [];
      const seen = new Set<number>();
      for (;;) {
        const step = nextStep({ commits: COMMITS, error: ERROR }, events);
        if (step.kind !== "measure") {
          if (step.kind === "found") {
            if (step.span.to === slow) found++;
            else wrong++;
          }
          break;
        }
        const { base, candidate } = step;
        seen.add(base).add(candidate);
        pairs += step.pairs;
        const shift = base < slow && slow <= candidate ? Math.log1p(EFFECT) : 0;
        const middle = shift + own[candidate]! - own[base]!;
        const logs = Array.from({ length: step.pairs }, () => middle + draw(random));
        events.push({ kind: "measured", base, candidate, logs });
      }
      built += seen.size;
    }
    return {
      data,
      assumed: builds === BUILDS,
      searches: most,
      found: found / most,
      wrong: wrong / most,
      pairs: pairs / most,
      builds: built / most,
    };
  });
  return { commits: COMMITS, effect: EFFECT, error: ERROR, rows };
}
