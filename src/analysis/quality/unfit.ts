/** Runs that an interval over them does not allow for, and how often reports tell of it. */
import { plural } from "../../format/mod.ts";
import {
  derive,
  intervalOverRuns,
  mean,
  Random,
  runPatterns,
  sessionPatterns,
} from "../../stats/mod.ts";
import { type CoverageRow, QUANTILE_RUNS, share } from "./coverage_row.ts";
import { drawCenter } from "./draws.ts";

/** Runs of one benchmark by themselves, and the mean of all. */
interface Situation {
  data: string;
  mean: number;
  draw: (runs: number, random: Random) => number[];
}

/** Such as an interval over them takes them for: what is told of these is a false alarm. */
const FIT: Situation = {
  data: "5 % between runs",
  mean: 1,
  draw: (runs, random) => Array.from({ length: runs }, () => drawCenter(0.05, random)),
};

/** Runs that an interval over them does not allow for. */
const UNFIT: Situation[] = [
  {
    data: "runs in two modes, 30 % of them 30 % faster",
    mean: 0.3 * 0.7 + 0.7,
    draw: (runs, random) =>
      Array.from(
        { length: runs },
        () => (random.uniform() < 0.3 ? 0.7 : 1) * drawCenter(0.01, random),
      ),
  },
  {
    data: "one run in ten three times as slow",
    mean: 1.2,
    draw: (runs, random) =>
      Array.from(
        { length: runs },
        () => (random.uniform() < 0.1 ? 3 : 1) * drawCenter(0.01, random),
      ),
  },
];

/** Samples of a run too few to meet what is rare, so that few of them are told of. */
const RARE: Situation[] = [
  {
    data: "10 samples a run, one in a hundred fifty times as slow",
    mean: 0.99 + 0.01 * 50,
    draw: (runs, random) =>
      meansOfSamples(runs, () => (random.uniform() < 0.01 ? 50 : 1) * drawCenter(0.05, random)),
  },
  {
    data: "10 samples a run, Pareto with exponent 2.5",
    mean: 2.5 / 1.5,
    draw: (runs, random) => meansOfSamples(runs, () => Math.pow(1 - random.uniform(), -1 / 2.5)),
  },
];

function meansOfSamples(runs: number, draw: () => number): number[] {
  return Array.from({ length: runs }, () => mean(Array.from({ length: 10 }, draw)));
}

/** Means where the runs are what the interval takes them for and where not, and how often it is told. */
function toldRuns(seed: number, repetitions: number): CoverageRow[] {
  return [FIT, ...UNFIT, ...RARE].flatMap((situation) =>
    QUANTILE_RUNS.map((runs) => {
      const { data, mean, draw } = situation;
      const random = new Random(derive(seed, "told", data, String(runs)));
      let told = 0;
      const coverage = share(repetitions, mean, () => {
        const values = draw(runs, random);
        const { farOff, modes, drift } = runPatterns(values);
        if (farOff !== null || modes !== null || drift !== null) told++;
        return intervalOverRuns(values);
      });
      return {
        interval: "mean or rate over runs",
        data,
        runs,
        n: RARE.includes(situation) ? 10 : 1,
        repetitions,
        coverage,
        printed: situation === FIT ? "plainly" as const : "with a warning" as const,
        told: told / repetitions,
      };
    })
  );
}

/** Simulates what intervals over runs do not allow for, and what they do, with how often it is told. */
export function simulateUnfit(seed: number, repetitions: number): CoverageRow[] {
  return [...toldRuns(seed, repetitions), ...toldSessions(seed, repetitions)];
}

/** Benchmarks of a session. */
const BENCHMARKS = [1, 5, 13];
/** Sessions that are simulated for each row, of which the tests draw thousands of orders. */
const MOST_SESSIONS = 400;

/** What the machine does over a session, run by run. */
const MACHINES: {
  data: string;
  draw: (places: number, each: number, random: Random) => number[];
}[] = [
  {
    data: "a steady machine, 5 % between runs",
    draw: (places, _each, random) => Array.from({ length: places }, () => drawCenter(0.05, random)),
  },
  {
    data: "a benchmark's runs correlated 0.6 with the next, 5 % between them",
    // So much that it is 0.6 after as many runs as there are benchmarks.
    draw: (places, each, random) => {
      const rho = 0.6 ** (1 / each);
      let wave = random.normal();
      return Array.from({ length: places }, () => {
        wave = rho * wave + Math.sqrt(1 - rho * rho) * random.normal();
        return Math.exp(0.05 * wave);
      });
    },
  },
  {
    data: "a drift by 10 % over the session, 5 % between runs",
    draw: (places, _each, random) =>
      Array.from(
        { length: places },
        (_, place) => (1 + 0.1 * (place / (places - 1) - 0.5)) * drawCenter(0.05, random),
      ),
  },
];

/** Sessions of benchmarks in shuffled order, and how often it is told that the machine changed. */
function toldSessions(seed: number, repetitions: number): CoverageRow[] {
  const sessions = Math.min(repetitions, MOST_SESSIONS);
  return MACHINES.flatMap(({ data, draw }, index) =>
    BENCHMARKS.flatMap((kinds) =>
      QUANTILE_RUNS.map((runs) => {
        const random = new Random(derive(seed, "session", data, String(kinds), String(runs)));
        let [told, held] = [0, 0];
        for (let i = 0; i < sessions; i++) {
          const order = random.shuffle(Array.from({ length: kinds * runs }, (_, i) => i % kinds));
          const machine = draw(order.length, kinds, random);
          const { drift, wander } = sessionPatterns(
            order.map((kind, place) => ({ kind: String(kind), value: machine[place]! })),
          );
          if (drift !== null || wander !== null) told++;
          const { low, high } = intervalOverRuns(machine.filter((_, place) => order[place] === 0));
          if (low <= 1 && 1 <= high) held++;
        }
        return {
          interval: `mean or rate over runs, one of ${plural(kinds, "benchmark")} in a session`,
          data,
          runs,
          n: 1,
          repetitions: sessions,
          coverage: held / sessions,
          printed: index === 0 ? "plainly" as const : "with a warning" as const,
          told: told / sessions,
        };
      })
    )
  );
}
