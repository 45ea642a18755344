/** How often comparisons are wrong and right that go on until they are sure, and what that takes. */
import type { ChangeVerdict } from "../compare/model.ts";
import { biweight, derive, mean, median, plannedLooks, Random } from "../../stats/mod.ts";
import { type Rivals, verdictsOfFamily } from "../compare/verdict.ts";

/** Comparisons of one kind, of one row that changed and others that did not. */
export interface SequentialRow {
  /** How pairs of processes are off, in words. */
  data: string;
  /** Whether pairs know nothing of each other, or next to nothing, as the test takes them to. */
  assumed: boolean;
  /** The slow-down of the first row, as a fraction; 0 of identical code. */
  effect: number;
  /** The change below which nobody would act. */
  threshold: number;
  comparisons: number;
  /** Share of comparisons in which any row that did not change was called improved or regressed. */
  wrong: number;
  /** Share in which the row that changed was called regressed; `null` of identical code. */
  called: number | null;
  /** Share in which that was called within the threshold; `null` of identical code. */
  overlooked: number | null;
  /** Mean pairs of processes of the row that changed; of identical code, of all rows. */
  pairs: number;
  /** Share of these rows that stayed open to the last look. */
  open: number;
  /** Mean of its change when it ended, and the middle of it; `null` of identical code. */
  estimate: { mean: number; median: number } | null;
}

/** What was simulated of comparisons that go on. */
export interface SequentialQuality {
  /** Rows of a comparison. */
  rows: number;
  /** After how many pairs is looked. */
  looks: number[];
  cases: SequentialRow[];
}

const ROWS = 15;
/** Pairs before the first look: those of the profile baseline. */
const FIRST = 16;
/** Slow-downs, and the threshold that each is judged by. */
const CHANGES = [
  { effect: 0, threshold: 0.05 },
  { effect: 0.1, threshold: 0.05 },
  { effect: 0.05, threshold: 0.025 },
] as const;
/** Comparisons of identical code for each one of something that changed: its errors are rarer. */
const RARER = 4;

/** Draws what the logarithm of a pair's ratio is off by, and what the machine goes on from. */
type Draw = (random: Random, machine: number) => { off: number; machine: number };

/** Pairs that know nothing of each other. */
const apart = (draw: (random: Random) => number): Draw => (random, machine) => ({
  off: draw(random),
  machine,
});
const normal = (spread: number): Draw => apart((random) => spread * random.normal());
/** A side's log of a factor that is there with some chance. */
const moded = (chance: number, factor: number, random: Random) =>
  random.uniform() < chance ? Math.log(factor) : 0;
const modes = (spread: number, chance: number, factor: number): Draw =>
  apart((random) =>
    spread * random.normal() + moded(chance, factor, random) - moded(chance, factor, random)
  );
/** A machine whose pace is correlated from pair to pair; what stays of it in a ratio spreads so far. */
const wandering = (correlation: number, stays: number, own: number): Draw => (random, before) => {
  const machine = correlation * before + Math.sqrt(1 - correlation ** 2) * random.normal();
  return { off: stays * machine + own * random.normal(), machine };
};

const CASES: { data: string; draw: Draw; assumed?: false }[] = [
  { data: "normal, 5 %", draw: normal(0.05) },
  { data: "normal, 7 %", draw: normal(0.07) },
  {
    data: "Student's t, 3 degrees of freedom, scale 4 %",
    draw: apart((random) =>
      0.04 * random.normal() /
      Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3)
    ),
  },
  { data: "processes in two modes, 10 % apart", draw: modes(0.014, 0.5, 1.1) },
  { data: "normal, 5 %, one process in ten 3 times slower", draw: modes(0.05, 0.1, 3) },
  {
    data: "normal, 5 %, on a machine of 20 %, correlated 0.6, a tenth of which turns do not cancel",
    draw: wandering(0.6, 0.02, 0.05),
  },
  {
    data: "5 %, each pair correlated 0.3 with the next",
    draw: wandering(0.3, 0.05, 0),
    assumed: false,
  },
];

/** A row under way. */
interface Row {
  change: number;
  draw: Draw;
  logs: number[];
  machine: number;
  verdict: ChangeVerdict;
}

/** Measures pair by pair until all rows are decided, or there is no look left. */
function compare(
  rows: readonly Row[],
  looks: readonly number[],
  threshold: number,
  random: Random,
) {
  for (const look of looks) {
    const open = rows.filter(({ verdict }) => verdict === "inconclusive");
    if (open.length === 0) return;
    for (const row of open) {
      while (row.logs.length < look) {
        const { off, machine } = row.draw(random, row.machine);
        row.machine = machine;
        row.logs.push(row.change + off);
      }
    }
    const verdicts = verdictsOfFamily(rows.map(({ logs }) => rivals(logs, looks, threshold)));
    for (const [place, row] of rows.entries()) row.verdict = verdicts[place]!;
  }
}

function rivals(logs: readonly number[], planned: readonly number[], threshold: number): Rivals {
  const pairs = logs.map(Math.exp);
  const base = pairs.map(() => 1);
  return {
    better: "lower",
    base,
    candidate: pairs,
    pairs,
    looks: { runs: [...pairs.keys()], planned },
    threshold,
    resolution: 0,
    refusal: null,
  };
}

/**
 * @param most Comparisons of each kind that has a change in it.
 * @param kinds Kinds of noise, from the first on. @default all
 */
export function simulateSequential(
  seed: number,
  most: number,
  kinds: number = CASES.length,
): SequentialQuality {
  const looks = plannedLooks(FIRST);
  const cases = CASES.slice(0, kinds).flatMap(({ data, draw, assumed = true }) =>
    CHANGES.map(({ effect, threshold }): SequentialRow => {
      const random = new Random(derive(seed, "sequential", data, String(effect)));
      const comparisons = effect === 0 ? RARER * most : most;
      let [wrong, called, overlooked] = [0, 0, 0];
      const told: Row[] = [];
      for (let comparison = 0; comparison < comparisons; comparison++) {
        const rows = Array.from({ length: ROWS }, (_, row): Row => ({
          change: row === 0 ? Math.log1p(effect) : 0,
          draw,
          logs: [],
          machine: random.normal(),
          verdict: "inconclusive",
        }));
        compare(rows, looks, threshold, random);
        const same = effect === 0 ? rows : rows.slice(1);
        if (same.some(({ verdict }) => verdict === "improved" || verdict === "regressed")) wrong++;
        const [first] = rows as [Row];
        if (first.verdict === "regressed") called++;
        if (first.verdict === "unchanged" || first.verdict === "too small to matter") overlooked++;
        told.push(...effect === 0 ? rows : [first]);
      }
      const values = told.map(({ logs }) => Math.expm1(biweight(logs).location));
      return {
        data,
        assumed,
        effect,
        threshold,
        comparisons,
        wrong: wrong / comparisons,
        called: effect === 0 ? null : called / comparisons,
        overlooked: effect === 0 ? null : overlooked / comparisons,
        pairs: mean(told.map(({ logs }) => logs.length)),
        open: told.filter(({ verdict }) => verdict === "inconclusive").length / told.length,
        estimate: effect === 0 ? null : { mean: mean(values), median: median(values) },
      };
    })
  );
  return { rows: ROWS, looks, cases };
}
