/** How often the intervals hold the truth. */
import { build, type Histogram } from "hdr-histogram-js";
import {
  criterionEstimates,
  derive,
  intervalOverRuns,
  mean,
  normalQuantile,
  Random,
  ratioOverRuns,
} from "../../stats/mod.ts";
import { estimateQuantiles } from "../metric_estimates.ts";
import { QUANTILES, quantileValues } from "../run_values.ts";
import { drawCenter, drawRun, KIND_WORDS, KINDS } from "./draws.ts";

/** How often one kind of interval held the truth in one situation. */
export interface CoverageRow {
  interval: string;
  data: string;
  runs: number;
  /** Samples or operations in a run. */
  n: number;
  repetitions: number;
  coverage: number;
  /** How reports print it. */
  printed: "plainly" | "with a warning" | "not printed";
}

/** Spread between runs in these simulations. */
const BETWEEN = 0.02;

interface Held {
  low: number;
  high: number;
}

function share(repetitions: number, truth: number, draw: () => Held): number {
  let held = 0;
  for (let i = 0; i < repetitions; i++) {
    const { low, high } = draw();
    if (low <= truth && truth <= high) held++;
  }
  return held / repetitions;
}

const RUN_COUNTS = [3, 5, 10];
const SAMPLE_COUNTS = [10, 100, 1000];

/** Simulates every kind of interval that a report prints, and the ones that it does not. */
export function simulateCoverage(seed: number, repetitions: number): CoverageRow[] {
  return [
    ...meansOverRuns(seed, repetitions),
    ...ratios(seed, repetitions),
    ...quantiles(seed, Math.ceil(repetitions / 8)),
    ...insideOneRun(seed, Math.ceil(repetitions / 8)),
  ];
}

function centers(runs: number, random: Random): number[] {
  return Array.from({ length: runs }, () => drawCenter(BETWEEN, random));
}

function meansOverRuns(seed: number, repetitions: number): CoverageRow[] {
  return KINDS.flatMap((kind) =>
    SAMPLE_COUNTS.flatMap((n) =>
      RUN_COUNTS.map((runs) => {
        const random = new Random(derive(seed, "mean", kind, String(n), String(runs)));
        const coverage = share(repetitions, 1, () =>
          intervalOverRuns(
            centers(runs, random).map((center) => mean(drawRun(kind, n, center, random))),
          ));
        return {
          interval: "mean or rate over runs",
          data: KIND_WORDS[kind],
          runs,
          n,
          repetitions,
          coverage,
          printed: "plainly" as const,
        };
      })
    )
  );
}

function ratios(seed: number, repetitions: number): CoverageRow[] {
  const spreads = [[0.02, 0.02], [0.1, 0.1], [0.02, 0.1]] as const;
  return spreads.flatMap(([a, b]) =>
    RUN_COUNTS.map((runs) => {
      const random = new Random(derive(seed, "ratio", String(a), String(b), String(runs)));
      const side = (spread: number) =>
        Array.from({ length: runs }, () => Math.exp(spread * random.normal()));
      return {
        interval: "ratio over runs",
        data: `lognormal between runs, ${a * 100} and ${b * 100} %`,
        runs,
        n: 1,
        repetitions,
        coverage: share(repetitions, 1, () => ratioOverRuns(side(a), side(b))),
        printed: "plainly" as const,
      };
    })
  );
}

/** Operations of a run in the simulations of quantiles. */
const OPERATIONS = 1000;
/** Median of the operations, ns: large enough for a histogram's steps not to matter. */
const MEDIAN_NS = 1e6;
const TAIL = 0.4;

function quantiles(seed: number, repetitions: number): CoverageRow[] {
  return [0, BETWEEN].flatMap((spread) =>
    [1, ...RUN_COUNTS].flatMap((runs) => {
      if (runs === 1 && spread > 0) return [];
      const random = new Random(derive(seed, "quantile", String(spread), String(runs)));
      const held = { p50: 0, p90: 0, p99: 0 };
      const names = ["p50", "p90", "p99"] as const;
      for (let i = 0; i < repetitions; i++) {
        const histograms = Array.from({ length: runs }, () => recordRun(spread, random));
        const metrics = estimateQuantiles(quantileValues(histograms), histograms, 0.95);
        for (const name of names) {
          const truth = MEDIAN_NS * Math.exp(TAIL * normalQuantile(QUANTILES[name]));
          const estimate = metrics.find(({ metric }) => metric === name)!.estimate!;
          if (estimate.low <= truth && truth <= estimate.high) held[name]++;
        }
      }
      return names.map((name) => ({
        interval: `${name} ${runs === 1 ? "of one run" : "over runs"}`,
        data: `lognormal operations, ${spread * 100} % between runs`,
        runs,
        n: OPERATIONS,
        repetitions,
        coverage: held[name] / repetitions,
        printed: runs === 1 ? "with a warning" as const : "plainly" as const,
      }));
    })
  );
}

function recordRun(spread: number, random: Random): Histogram {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 1e8,
    numberOfSignificantValueDigits: 3,
  });
  // The median of the runs' quantiles is the truth here, so the center has a median of 1.
  const center = MEDIAN_NS * Math.exp(spread * random.normal());
  for (let i = 0; i < OPERATIONS; i++) {
    histogram.recordValue(Math.round(center * Math.exp(TAIL * random.normal())));
  }
  return histogram;
}

function insideOneRun(seed: number, repetitions: number): CoverageRow[] {
  return (["percentile", "bca"] as const).flatMap((interval) =>
    KINDS.flatMap((kind) =>
      [10, 100].map((n) => {
        const random = new Random(derive(seed, "inside", interval, kind, String(n)));
        const iterations = new Float64Array(n).fill(1);
        let drawn = 0;
        const coverage = share(repetitions, 1, () => {
          const ns = drawRun(kind, n, 1, random);
          const options = { iterations, ns, mode: "flat" as const, interval, resamples: 500 };
          return criterionEstimates({ ...options, seed: drawn++ }).mean;
        });
        return {
          interval: `mean inside one run, ${interval} bootstrap`,
          data: KIND_WORDS[kind],
          runs: 1,
          n,
          repetitions,
          coverage,
          printed: interval === "percentile" ? "with a warning" as const : "not printed" as const,
        };
      })
    )
  );
}
