import { estimateOf } from "../estimate_of.ts";
import {
  formatCount,
  formatFactorSpan,
  formatPercent,
  formatPercentBound,
  formatTime,
  joinWords,
  plural,
  type Range,
} from "../../format/mod.ts";
import { HARNESS_LIMIT } from "../harness.ts";
import type { Estimate } from "../../stats/mod.ts";
import { largestPressure } from "../run_conditions.ts";
import { extremes, type Find, nameBenchmarks } from "./context.ts";

/** From the least to the most, once where both read the same. */
function formatSpan(least: number, most: number, format: (value: number) => string): string {
  const [low, high] = [format(least), format(most)];
  return low === high ? low : `${low} to ${high}`;
}

function formatClock(ns: number): string {
  return formatTime(ns, 2);
}

/** What the loop around the store takes. */
export const harnessShare: Find = ({ harness, stores }) => {
  const rows = harness.flatMap((row) =>
    row.share === null ? [] : [{ id: row.benchmark, share: row.share, sameLoop: row.sameLoop }]
  );
  const span = extremes(rows, ({ share }) => share);
  if (span === null) return null;
  const above = rows.filter(({ share }) => share > HARNESS_LIMIT);
  const other = rows.filter(({ sameLoop }) => !sameLoop);
  const sentences = [
    `The harness's own loop takes ${
      formatSpan(span.least, span.most, formatPercent)
    } of the mean time, measured ` +
    "over a store that does nothing, so without the crossing into the engine's native code.",
    above.length === 0
      ? `It is nowhere above ${formatPercentBound(HARNESS_LIMIT)}.`
      : `It is above ${formatPercentBound(HARNESS_LIMIT)} in ${
        joinWords(above.map(({ id, share }) => `${id} (${formatPercent(share)})`))
      }: these stores are faster than they look.`,
  ];
  if (other.length > 0) {
    sentences.push(
      `For ${
        nameBenchmarks(other.map(({ id }) => id), stores)
      } the loop over the store that does nothing was not ` +
        "known to be of the same form, so the share may be another.",
    );
  }
  return {
    id: "harness-share",
    topic: "measurement",
    condition: "a benchmark ran over the store that does nothing as well",
    numbers: { least: span.least, most: span.most, aboveLimit: above.length },
    text: sentences.join(" "),
  };
};

/** What reading the clock takes of a single operation's latency. */
export const clockShare: Find = ({ harness, stores }) => {
  const rows = harness.flatMap((row) =>
    row.clockShare === null || row.clockNs === null
      ? []
      : [{ id: row.benchmark, share: row.clockShare, ns: row.clockNs, step: row.clockStepNs ?? 0 }]
  );
  const span = extremes(rows, ({ share }) => share);
  const cost = extremes(rows, ({ ns }) => ns);
  const step = extremes(rows, ({ step }) => step);
  if (span === null || cost === null || step === null) return null;
  const above = rows.filter(({ share }) => share > HARNESS_LIMIT);
  return {
    id: "clock-share",
    topic: "measurement",
    condition: "the cost of reading the clock was recorded for a latency benchmark",
    numbers: { least: span.least, most: span.most, mostNs: cost.most, aboveLimit: above.length },
    text:
      `Every latency in a histogram includes one reading of the clock, ${
        formatSpan(cost.least, cost.most, formatClock)
      } or ${formatSpan(span.least, span.most, formatPercent)} of the mean; its smallest step is ${
        formatClock(step.most)
      }. ` +
      (above.length === 0
        ? `The cost is nowhere above ${formatPercentBound(HARNESS_LIMIT)}.`
        : `The cost is above ${formatPercentBound(HARNESS_LIMIT)} in ${
          nameBenchmarks(above.map(({ id }) => id), stores)
        }.`),
  };
};

/** Whether an interval from one run would have been enough. */
export const runSpread: Find = ({ measured }) => {
  const rows = measured.flatMap(({ record, analysis }) => {
    const { criterion, spread } = analysis;
    const mean = estimateOf(analysis, "mean");
    if (mean?.method !== "runs" || criterion === null || spread.betweenRuns === null) return [];
    const inside = relativeWidth(criterion.time);
    return inside > 0
      ? [{ id: record.id, between: spread.betweenRuns, wider: relativeWidth(mean) / inside }]
      : [];
  });
  const between = extremes(rows, (row) => row.between);
  const wider = extremes(rows, (row) => row.wider);
  if (between === null || wider === null) return null;
  return {
    id: "run-spread",
    topic: "measurement",
    condition: "a benchmark has three runs or more",
    numbers: {
      leastBetween: between.least,
      mostBetween: between.most,
      leastWider: wider.least,
      mostWider: wider.most,
    },
    text: `The means of a benchmark's runs spread by ${
      formatSpan(between.least, between.most, formatPercent)
    } (coefficient of variation), most in ${between.at.most.id}. The intervals over runs are ${
      formatFactorSpan(wider.least, wider.most)
    } as wide as those that the samples of one run give.`,
  };
};

function relativeWidth({ value, low, high }: Range | Estimate): number {
  return (high - low) / value;
}

/** Samples outside of Tukey's fences. */
export const outlierShare: Find = ({ measured }) => {
  const rows = measured.map(({ analysis }) => analysis)
    .filter(({ outliers }) => outliers.samples > 0);
  const samples = rows.reduce((sum, { outliers }) => sum + outliers.samples, 0);
  const total = rows.reduce((sum, { outliers }) => sum + outliers.total, 0);
  const severe = rows.reduce(
    (sum, { outliers }) => sum + outliers.lowSevere + outliers.highSevere,
    0,
  );
  const worst = extremes(rows, ({ outliers }) => outliers.total / outliers.samples);
  if (worst === null || total === 0) return null;
  return {
    id: "outliers",
    topic: "measurement",
    condition: "a sample lies outside of Tukey's fences in its run",
    numbers: { samples, total, severe, worstShare: worst.most },
    text: `Of ${plural(samples, "sample")}, ${formatCount(total)} (${
      formatPercent(total / samples)
    }) lie outside of Tukey's fences in their run, ${severe} of them severely; the largest share is ${
      formatPercent(worst.most)
    }, in ${worst.at.most.id}. They are counted, not dropped.`,
  };
};

/** Runs that were not steady, or that all were. */
export const steadyRuns: Find = ({ measured, stores }) => {
  const runs = measured.flatMap(({ analysis }) =>
    analysis.steadiness.map((steadiness) => ({ id: analysis.id, ...steadiness }))
  );
  const unsteady = runs.filter(({ steady }) => steady === false);
  const unknown = runs.filter(({ steady }) => steady === null).length;
  if (runs.length === unknown) return null;
  const count = (field: "drift" | "warmUp" | "range") =>
    unsteady.filter((run) => run[field] !== null).length;
  const [drift, warmUp, range] = [count("drift"), count("warmUp"), count("range")];
  const kinds = [
    ...(drift > 0 ? [`${drift} drifted`] : []),
    ...(warmUp > 0 ? [`${warmUp} had warm-up left in`] : []),
    ...(range > 0 ? [`${range} went beyond SNIA's bounds for a steady state`] : []),
  ];
  const where = nameBenchmarks([...new Set(unsteady.map(({ id }) => id))], stores);
  return {
    id: unsteady.length > 0 ? "unsteady-runs" : "steady-runs",
    topic: "measurement",
    condition: unsteady.length > 0
      ? "a run drifted, had warm-up left in, or went beyond SNIA's bounds"
      : "no run drifted, had warm-up left in, or went beyond SNIA's bounds, and one at least could be judged",
    numbers: { runs: runs.length, unsteady: unsteady.length, unknown, drift, warmUp, range },
    text:
      (unsteady.length > 0
        ? `${unsteady.length} of ${plural(runs.length, "run")} were not steady (${
          joinWords(kinds)
        }), in ${where}.`
        : `No run was found unsteady, of ${plural(runs.length, "run")}.`) +
      (unknown > 0 ? ` ${plural(unknown, "run")} had too few or too noisy samples to say.` : ""),
  };
};

/** Share of processor time above which another's use of it is told. */
const STEAL_LIMIT = 0.01;
const OTHERS_LIMIT = 0.05;

/** Time that the hypervisor took. */
export const steal: Find = ({ measured }) => {
  const runs = measured.flatMap((benchmark) => benchmark.runs);
  const most = largestPressure(runs, "steal");
  if (most === null || most <= STEAL_LIMIT) return null;
  const hit = runs.filter(({ pressure }) => (pressure?.steal ?? 0) > STEAL_LIMIT).length;
  return {
    id: "steal",
    topic: "measurement",
    condition: `the hypervisor took more than ${
      formatPercentBound(STEAL_LIMIT)
    } of processor time in a run`,
    numbers: { most, runs: hit },
    text: `The hypervisor took up to ${
      formatPercent(most)
    } of the processors' time, and more than ${formatPercentBound(STEAL_LIMIT)} in ${hit} of ${
      plural(runs.length, "run")
    }: the numbers may be worse than the machine can do.`,
  };
};

/** Time that other processes took. */
export const otherLoad: Find = ({ measured }) => {
  const runs = measured.flatMap((benchmark) => benchmark.runs);
  const most = largestPressure(runs, "busyOthers");
  if (most === null || most <= OTHERS_LIMIT) return null;
  const hit = runs.filter(({ pressure }) => (pressure?.busyOthers ?? 0) > OTHERS_LIMIT).length;
  return {
    id: "other-load",
    topic: "measurement",
    condition: `other processes took more than ${
      formatPercentBound(OTHERS_LIMIT)
    } of processor time in a run`,
    numbers: { most, runs: hit },
    text: `Other processes took up to ${
      formatPercent(most)
    } of the processors' time, and more than ${formatPercentBound(OTHERS_LIMIT)} in ${hit} of ${
      plural(runs.length, "run")
    }: the numbers may be worse than the machine can do.`,
  };
};
