/** How often the gate is wrong where nothing changed, and right where something did. */
import type { ChangeVerdict } from "../compare/model.ts";
import { derive, mean, Random } from "../../stats/mod.ts";
import { type Rivals, runsAdvised, verdictsOfFamily } from "../compare/verdict.ts";
import { drawCenter, drawRun } from "./draws.ts";

/** Whether the sides' runs are measured apart, or in blocks of one of each. */
type Design = "separate" | "interleaved";

/** How often identical code got a verdict. */
export interface FalseVerdictRow {
  data: string;
  design: Design;
  runs: number;
  /** Rows that were judged together. */
  rows: number;
  repetitions: number;
  /** Share of comparisons in which any row was called improved or regressed, with the threshold. */
  withThreshold: number;
  /** The same without a threshold: the test by itself. */
  withoutThreshold: number;
  /** Share of rows that stay inconclusive with the threshold: what is not wrong may say nothing. */
  inconclusive: number;
  /** What a comparison of this kind warns of; `null` where it warns of nothing. */
  warning: string | null;
}

/** How often a slow-down was called. */
export interface PowerRow {
  /** Spread between runs. */
  spread: number;
  /** Where interleaved, the blocks spread as much again. */
  design: Design;
  runs: number;
  /** Share of comparisons called regressed, for each of {@linkcode EFFECTS}. */
  called: number[];
}

/** How well the advised number of runs does. */
export interface AdviceRow {
  /** Benchmarks that are judged together, of which one changed. */
  rows: number;
  spread: number;
  effect: number;
  /** Runs a side of the comparison that advises. */
  pilot: number;
  repetitions: number;
  /** Median of the runs a side that it advises; `null`: more than a thousand. */
  runs: number | null;
  /** Share of comparisons with as many runs as were advised, each by its own pilot, that called it. */
  called: number | null;
}

/** Slow-downs that are injected. */
export const EFFECTS = [0, 0.02, 0.05, 0.075, 0.1, 0.15, 0.2];
/** Spread between runs. */
const SPREADS = [0, 0.01, 0.02, 0.05, 0.1];
const RUN_COUNTS = [3, 5, 10];
const THRESHOLD = 0.05;
/** Samples of a run, and their spread. */
const SAMPLES = 100;
const FAMILY = 40;

/** Draws both sides of a comparison of identical code. */
type DrawSides = (runs: number, random: Random) => [base: number[], candidate: number[]];

/** Sides that know nothing of each other. */
function apart(draw: (runs: number, random: Random) => number[]): DrawSides {
  return (runs, random) => [draw(runs, random), draw(runs, random)];
}

/** Means of runs whose samples are normal with 5 %. */
function meansOfRuns(spread: number): DrawSides {
  return apart((runs, random) =>
    Array.from(
      { length: runs },
      () => mean(drawRun("normal", SAMPLES, drawCenter(spread, random), random)),
    )
  );
}

/** Runs that fall into two modes, 10 % apart, by chance. */
const twoModes = apart((runs, random) =>
  Array.from(
    { length: runs },
    () => (random.uniform() < 0.5 ? 1 : 1.1) * Math.exp(0.01 * random.normal()),
  )
);

/** Runs that share something of their session, besides differing by 2 % themselves. */
function inSession(between: number): DrawSides {
  return apart((runs, random) => {
    const session = drawCenter(between, random);
    return Array.from({ length: runs }, () => session * drawCenter(0.02, random));
  });
}

/** Both sides in one session of blocks, over which the machine slows down. */
function inBlocks(spread: number, drift: number): DrawSides {
  return (runs, random) => {
    const side = () =>
      Array.from(
        { length: runs },
        (_, run) => (1 + drift * run / (runs - 1)) * drawCenter(spread, random),
      );
    return [side(), side()];
  };
}

function rivals(
  base: number[],
  candidate: number[],
  threshold: number,
  design: Design,
): Rivals {
  const blocks = design === "interleaved";
  return { better: "lower", base, candidate, blocks, threshold, resolution: 0, refusal: null };
}

function isChange(verdict: ChangeVerdict): boolean {
  return verdict === "improved" || verdict === "regressed";
}

/** Compares identical code with itself. */
export function simulateFalseVerdicts(seed: number, repetitions: number): FalseVerdictRow[] {
  const families = Math.ceil(repetitions / 10);
  const cases: {
    data: string;
    draw: DrawSides;
    design?: Design;
    rows?: number;
    warning?: string;
  }[] = [
    ...SPREADS.map((spread) => ({
      data: `${spread * 100} % between runs`,
      draw: meansOfRuns(spread),
    })),
    ...[0.02, 0.1].map((spread) => ({
      data: `${spread * 100} % between runs`,
      draw: apart((runs, random) => Array.from({ length: runs }, () => drawCenter(spread, random))),
      rows: FAMILY,
    })),
    {
      data: "runs in two modes, 10 % apart",
      draw: twoModes,
      warning: "where there are fewer than 5 runs",
    },
    ...[0.01, 0.02, 0.05].map((between) => ({
      data: `2 % between runs, ${between * 100} % between sessions`,
      draw: inSession(between),
      warning: "that the two were not measured together",
    })),
    ...[[0.02, 0], [0.02, 0.1], [0.1, 0.3]].map(([spread, drift]) => ({
      data: `${spread! * 100} % between runs, ${drift! * 100} % of drift over the session`,
      draw: inBlocks(spread!, drift!),
      design: "interleaved" as const,
    })),
  ];
  return cases.flatMap(({ data, draw, design = "separate", rows = 1, warning = null }) =>
    RUN_COUNTS.map((runs) => {
      const random = new Random(derive(seed, "false verdicts", data, String(rows), String(runs)));
      const repeated = rows === 1 ? repetitions : families;
      const wrong = { withThreshold: 0, withoutThreshold: 0 };
      let open = 0;
      for (let i = 0; i < repeated; i++) {
        const sides = Array.from({ length: rows }, () => draw(runs, random));
        const family = (threshold: number) =>
          sides.map(([a, b]) => rivals(a, b, threshold, design));
        const verdicts = verdictsOfFamily(family(THRESHOLD));
        if (verdicts.some(isChange)) wrong.withThreshold++;
        open += verdicts.filter((verdict) => verdict === "inconclusive").length;
        if (verdictsOfFamily(family(0)).some(isChange)) wrong.withoutThreshold++;
      }
      return {
        data,
        design,
        runs,
        rows,
        repetitions: repeated,
        withThreshold: wrong.withThreshold / repeated,
        withoutThreshold: wrong.withoutThreshold / repeated,
        inconclusive: open / repeated / rows,
        warning,
      };
    })
  );
}

interface SlowDown {
  spread: number;
  runs: number;
  effect: number;
  design: Design;
  /** @default 1 */
  rows?: number;
}

/** Whether one comparison calls a slow-down, of the first of so many rows. */
function isCalled(
  { spread, runs, effect, design, rows = 1 }: SlowDown,
  random: Random,
): boolean {
  const blocks = Array.from(
    { length: runs },
    () => design === "interleaved" ? drawCenter(spread, random) : 1,
  );
  const side = (factor: number) =>
    blocks.map((block) => factor * block * drawCenter(spread, random));
  const [verdict] = verdictsOfFamily(
    Array.from(
      { length: rows },
      (_, row) => rivals(side(1), side(row === 0 ? 1 + effect : 1), THRESHOLD, design),
    ),
  );
  return verdict === "regressed";
}

function shareCalled(slowDown: SlowDown, repetitions: number, random: Random): number {
  let called = 0;
  for (let i = 0; i < repetitions; i++) if (isCalled(slowDown, random)) called++;
  return called / repetitions;
}

/** Injects slow-downs, and looks how often they are called regressed. */
export function simulatePower(seed: number, repetitions: number): PowerRow[] {
  const designs: [Design, number[]][] = [["separate", RUN_COUNTS], ["interleaved", [10]]];
  return SPREADS.filter((spread) => spread > 0).flatMap((spread) =>
    designs.flatMap(([design, counts]) =>
      counts.map((runs) => {
        const random = new Random(derive(seed, "power", design, String(spread), String(runs)));
        return {
          spread,
          design,
          runs,
          called: EFFECTS.map((effect) =>
            shareCalled({ spread, runs, effect, design }, repetitions, random)
          ),
        };
      })
    )
  );
}

/** Runs of the comparisons that advise, and how many benchmarks they judge together. */
const PILOTS = [5, 10];
const FAMILIES = [1, 13, 39];

/**
 * Takes as many runs as a comparison of identical code advises by the spread that it saw, each time
 * another one, and looks whether they show the change of one benchmark.
 */
export function simulateAdvice(
  seed: number,
  repetitions: number,
  families: readonly number[] = FAMILIES,
): AdviceRow[] {
  return families.flatMap((rows) =>
    SPREADS.filter((spread) => spread > 0).flatMap((spread) =>
      [0.075, 0.1, 0.2].flatMap((effect) =>
        PILOTS.map((pilot) => adviceRow({ rows, spread, effect, pilot }, seed, repetitions))
      )
    )
  );
}

function adviceRow(
  asked: Pick<AdviceRow, "rows" | "spread" | "effect" | "pilot">,
  seed: number,
  repetitions: number,
): AdviceRow {
  const { rows, spread, effect, pilot } = asked;
  const design = "separate";
  const random = new Random(
    derive(seed, "advice", String(rows), String(spread), String(effect), String(pilot)),
  );
  const advised: number[] = [];
  let called = 0;
  const repeated = rows === 1 ? repetitions : Math.ceil(repetitions / 4);
  for (let i = 0; i < repeated; i++) {
    const side = () => Array.from({ length: pilot }, () => drawCenter(spread, random));
    const runs = runsAdvised({ ...rivals(side(), side(), THRESHOLD, design), effect }, rows);
    advised.push(runs ?? Infinity);
    // Nobody goes on where no number of runs would do.
    if (runs !== null && isCalled({ spread, runs, effect, design, rows }, random)) called++;
  }
  const possible = advised.filter((runs) => runs < Infinity).length;
  const median = advised.sort((a, b) => a - b)[Math.floor(repeated / 2)]!;
  return {
    ...asked,
    repetitions: repeated,
    runs: median < Infinity ? median : null,
    called: possible === 0 ? null : called / possible,
  };
}
