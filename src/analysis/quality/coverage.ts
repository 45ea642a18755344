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
import { estimateQuantile } from "../metric_estimates.ts";
import { QUANTILES, quantileValues } from "../run_values.ts";
import { type CoverageRow, QUANTILE_RUNS, share } from "./coverage_row.ts";
import { simulateUnfit } from "./unfit.ts";
import { drawCenter, drawRun, KIND_WORDS, KINDS } from "./draws.ts";

/** Spread between runs in these simulations. */
const BETWEEN = 0.02;

const RUN_COUNTS = [3, 5, 10];
const SAMPLE_COUNTS = [10, 100, 1000];

/** Simulates every kind of interval that a report prints, and the ones that it does not. */
export function simulateCoverage(seed: number, repetitions: number): CoverageRow[] {
  return [
    ...meansOverRuns(seed, repetitions),
    ...ratios(seed, repetitions),
    ...simulateUnfit(seed, repetitions),
    ...quantiles(seed, repetitions),
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
/** How the operations of a run spread, as what a standard normal number becomes. */
const INSIDE = {
  "5 %": (z: number) => 1 + 0.05 * z,
  "lognormal, σ = 0.4": (z: number) => Math.exp(0.4 * z),
} as const;
type Inside = keyof typeof INSIDE;
const SIMULATED = ["p50", "p90", "p99"] as const;
/** Spreads between runs in the simulations of quantiles. */
const QUANTILE_SPREADS = [0, 0.02, 0.05, 0.1, 0.2];

/** The quantiles of a typical run, whose center is the median of all. */
function quantiles(seed: number, repetitions: number): CoverageRow[] {
  const inside = Object.keys(INSIDE) as Inside[];
  return [
    ...inside.flatMap((kind) => quantileRows(seed, Math.ceil(repetitions / 8), kind, 0, 1)),
    ...inside.flatMap((kind) =>
      QUANTILE_SPREADS.flatMap((spread) =>
        QUANTILE_RUNS.flatMap((runs) => quantileRows(seed, repetitions, kind, spread, runs))
      )
    ),
  ];
}

function quantileRows(
  seed: number,
  repetitions: number,
  inside: Inside,
  spread: number,
  runs: number,
): CoverageRow[] {
  const random = new Random(derive(seed, "quantile", inside, String(spread), String(runs)));
  const held = { p50: 0, p90: 0, p99: 0 };
  // To make a histogram takes longer than to fill it.
  const histograms = Array.from({ length: runs }, emptyHistogram);
  for (let i = 0; i < repetitions; i++) {
    for (const histogram of histograms) recordRun(histogram, INSIDE[inside], spread, random);
    const values = quantileValues(histograms);
    for (const name of SIMULATED) {
      const truth = MEDIAN_NS * INSIDE[inside](normalQuantile(QUANTILES[name]));
      const own = values.find(({ metric }) => metric === name)!;
      const { low, high } = estimateQuantile(name, own, histograms, 0.95);
      if (low <= truth && truth <= high) held[name]++;
    }
  }
  return SIMULATED.map((name) => ({
    interval: `${name} ${runs === 1 ? "of one run" : "over runs"}`,
    data: `operations ${inside}, ${spread * 100} % between runs`,
    runs,
    n: OPERATIONS,
    repetitions,
    coverage: held[name] / repetitions,
    printed: runs === 1 ? "with a warning" as const : "plainly" as const,
  }));
}

function emptyHistogram(): Histogram {
  return build({
    // As fine as three digits are around the median; finer would only be slower to read.
    lowestDiscernibleValue: 512,
    highestTrackableValue: 1e8,
    numberOfSignificantValueDigits: 3,
  });
}

function recordRun(
  histogram: Histogram,
  inside: (z: number) => number,
  spread: number,
  random: Random,
): void {
  histogram.reset();
  // The median of the runs' quantiles is the truth here, so the center has a median of 1.
  const center = MEDIAN_NS * Math.exp(spread * random.normal());
  for (let i = 0; i < OPERATIONS; i++) {
    histogram.recordValue(Math.round(center * inside(random.normal())));
  }
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
