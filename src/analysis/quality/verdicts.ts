/** How often the gate is wrong where nothing changed, and right where something did. */
import { derive, mean, Random, runsToDetect } from "../../stats/mod.ts";
import { judgeFamily, LEVEL, POWER, type Rivals } from "../compare/verdict.ts";
import { drawCenter, drawRun } from "./draws.ts";

/** How often identical code got a verdict. */
export interface FalseVerdictRow {
  data: string;
  runs: number;
  /** Rows that were judged together. */
  rows: number;
  repetitions: number;
  /** Share of comparisons in which any row was called improved or regressed, with the threshold. */
  withThreshold: number;
  /** The same without a threshold: the test by itself. */
  withoutThreshold: number;
  /** What a comparison of this kind warns of; `null` where it warns of nothing. */
  warning: string | null;
}

/** How often a slow-down was called. */
export interface PowerRow {
  /** Spread between runs. */
  spread: number;
  runs: number;
  /** Share of comparisons called regressed, for each of {@linkcode EFFECTS}. */
  called: number[];
}

/** How well the advised number of runs does. */
export interface AdviceRow {
  spread: number;
  effect: number;
  /** Runs a side that the comparison would advise; `null`: more than a thousand. */
  runs: number | null;
  /** Share of comparisons with as many runs that called it. */
  called: number | null;
}

/** Slow-downs that are injected. */
export const EFFECTS = [0, 0.02, 0.05, 0.075, 0.1, 0.15, 0.2];
/** Spread between runs. */
export const SPREADS = [0, 0.01, 0.02, 0.05, 0.1];
const RUN_COUNTS = [3, 5, 10];
const THRESHOLD = 0.05;
/** Samples of a run, and their spread. */
const SAMPLES = 100;
const FAMILY = 40;

type DrawSide = (runs: number, random: Random) => number[];

/** Means of runs whose samples are normal with 5 %. */
function meansOfRuns(spread: number): DrawSide {
  return (runs, random) =>
    Array.from(
      { length: runs },
      () => mean(drawRun("normal", SAMPLES, drawCenter(spread, random), random)),
    );
}

/** Runs that fall into two modes, 10 % apart, by chance. */
const twoModes: DrawSide = (runs, random) =>
  Array.from(
    { length: runs },
    () => (random.uniform() < 0.5 ? 1 : 1.1) * Math.exp(0.01 * random.normal()),
  );

/** Runs that share something of their session, besides differing by 2 % themselves. */
function inSession(between: number): DrawSide {
  return (runs, random) => {
    const session = drawCenter(between, random);
    return Array.from({ length: runs }, () => session * drawCenter(0.02, random));
  };
}

function rivals(base: number[], candidate: number[], threshold: number): Rivals {
  return { better: "lower", base, candidate, threshold, resolution: 0, refusal: null };
}

function anyVerdict(rows: readonly Rivals[]): boolean {
  return judgeFamily(rows).some(({ verdict }) => verdict === "improved" || verdict === "regressed");
}

/** Compares identical code with itself. */
export function simulateFalseVerdicts(seed: number, repetitions: number): FalseVerdictRow[] {
  const families = Math.ceil(repetitions / 10);
  const cases: { data: string; draw: DrawSide; rows: number; warning: string | null }[] = [
    ...SPREADS.map((spread) => ({
      data: `${spread * 100} % between runs`,
      draw: meansOfRuns(spread),
      rows: 1,
      warning: null,
    })),
    ...[0.02, 0.1].map((spread) => ({
      data: `${spread * 100} % between runs`,
      draw:
        ((runs, random) =>
          Array.from({ length: runs }, () => drawCenter(spread, random))) satisfies DrawSide,
      rows: FAMILY,
      warning: null,
    })),
    {
      data: "runs in two modes, 10 % apart",
      draw: twoModes,
      rows: 1,
      warning: "where there are fewer than 5 runs",
    },
    ...[0.01, 0.02, 0.05].map((between) => ({
      data: `2 % between runs, ${between * 100} % between sessions`,
      draw: inSession(between),
      rows: 1,
      warning: "that the two were not measured together",
    })),
  ];
  return cases.flatMap(({ data, draw, rows, warning }) =>
    RUN_COUNTS.map((runs) => {
      const random = new Random(derive(seed, "false verdicts", data, String(rows), String(runs)));
      const repeated = rows === 1 ? repetitions : families;
      const wrong = { withThreshold: 0, withoutThreshold: 0 };
      for (let i = 0; i < repeated; i++) {
        const sides = Array.from({ length: rows }, () => [draw(runs, random), draw(runs, random)]);
        const family = (threshold: number) => sides.map(([a, b]) => rivals(a!, b!, threshold));
        if (anyVerdict(family(THRESHOLD))) wrong.withThreshold++;
        if (anyVerdict(family(0))) wrong.withoutThreshold++;
      }
      return {
        data,
        runs,
        rows,
        repetitions: repeated,
        withThreshold: wrong.withThreshold / repeated,
        withoutThreshold: wrong.withoutThreshold / repeated,
        warning,
      };
    })
  );
}

function calledRegressed(
  spread: number,
  runs: number,
  effect: number,
  repetitions: number,
  random: Random,
): number {
  let called = 0;
  for (let i = 0; i < repetitions; i++) {
    const side = (factor: number) =>
      Array.from({ length: runs }, () => factor * drawCenter(spread, random));
    const [judged] = judgeFamily([rivals(side(1), side(1 + effect), THRESHOLD)]);
    if (judged!.verdict === "regressed") called++;
  }
  return called / repetitions;
}

/** Injects slow-downs, and looks how often they are called regressed. */
export function simulatePower(seed: number, repetitions: number): PowerRow[] {
  return SPREADS.filter((spread) => spread > 0).flatMap((spread) =>
    RUN_COUNTS.map((runs) => {
      const random = new Random(derive(seed, "power", String(spread), String(runs)));
      return {
        spread,
        runs,
        called: EFFECTS.map((effect) => calledRegressed(spread, runs, effect, repetitions, random)),
      };
    })
  );
}

/** Takes the advised number of runs, and looks whether they show the change. */
export function simulateAdvice(seed: number, repetitions: number): AdviceRow[] {
  return SPREADS.filter((spread) => spread > 0).flatMap((spread) =>
    [0.075, 0.1, 0.2].map((effect) => {
      const random = new Random(derive(seed, "advice", String(spread), String(effect)));
      const runs = runsToDetect(Math.log1p(effect), {
        spread,
        threshold: Math.log1p(THRESHOLD),
        level: LEVEL,
        power: POWER,
      });
      const called = runs === null
        ? null
        : calledRegressed(spread, runs, effect, repetitions, random);
      return { spread, effect, runs, called };
    })
  );
}
