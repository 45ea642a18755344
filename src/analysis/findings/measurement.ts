import { estimateOf } from "../estimate_of.ts";
import {
  capitalised,
  formatCount,
  formatFactor,
  formatFactorSpan,
  formatPercent,
  formatPercentBound,
  formatSpan,
  formatTime,
  joinWords,
  plural,
  type Range,
} from "../../format/mod.ts";
import { MOST_HARNESS_SHARE, MOST_OTHERS_SHARE, MOST_STEAL_SHARE } from "../../remark/mod.ts";
import { kindOfStore } from "../../result/mod.ts";
import { type Estimate, median, sessionPatterns } from "../../stats/mod.ts";
import type { FindingContext, TellFinding } from "./context.ts";
import { extremes, nameBenchmarks } from "./context.ts";
import { largestPressure } from "../run_conditions.ts";

function formatClock(ns: number): string {
  return formatTime(ns, 2);
}

/** What the loop around the store takes. */
export const harnessShare: TellFinding = ({ harness, stores }) => {
  const rows = harness.flatMap((row) =>
    row.share === null ? [] : [{ id: row.benchmark, share: row.share, sameLoop: row.sameLoop }]
  );
  const span = extremes(rows, ({ share }) => share);
  if (span === null) return null;
  const above = rows.filter(({ share }) => share > MOST_HARNESS_SHARE);
  // More than all is no share: something else held up the store that does nothing.
  const beyond = above.filter(({ share }) => share >= 1);
  const known = above.filter(({ share }) => share < 1);
  const shared = extremes(rows.filter(({ share }) => share < 1), ({ share }) => share);
  const other = rows.filter(({ sameLoop }) => !sameLoop);
  const limit = formatPercentBound(MOST_HARNESS_SHARE);
  const where = joinWords(known.map(({ id, share }) => `${id} (${formatPercent(share)})`));
  const ofAnotherForm = nameBenchmarks(other.map(({ id }) => id), stores);
  const sentences: string[] = [];
  if (shared !== null) {
    const shares = formatSpan(shared.least, shared.most, formatPercent);
    sentences.push(
      `The harness's own loop takes ${shares} of the mean time, measured ` +
        "over a store that does nothing: no part of the crossing into the engine's native code is in it.",
      known.length === 0
        ? `${beyond.length === 0 ? "It" : "Where that is known, it"} is nowhere above ${limit}.`
        : `It is above ${limit} in ${where}: these stores are faster than they look.`,
    );
  }
  if (beyond.length > 0) {
    const which = nameBenchmarks(beyond.map(({ id }) => id), stores);
    sentences.push(
      `In ${which} the store that does nothing took longer than what was measured, so that the ` +
        "harness's share there is not known.",
    );
  }
  if (other.length > 0) {
    sentences.push(
      `For ${ofAnotherForm} the loop over the store that does nothing was not ` +
        "known to be of the same form, so the share may be another.",
    );
  }
  return {
    id: "harness-share",
    topic: "measurement",
    severity: above.length === 0 ? "info" : "warn",
    about: above.map(({ id }) => id),
    condition: "a benchmark ran over the store that does nothing as well",
    numbers: { least: span.least, most: span.most, aboveLimit: above.length },
    text: sentences.join(" "),
  };
};

/** What a call into native code takes by itself, on this machine and in these runs. */
export const crossing: TellFinding = ({ result, harness }) => {
  const runs = result.runs.flatMap(({ crossingNs, store }) =>
    crossingNs === undefined || store === null ? [] : [{ ns: crossingNs, store: store.store }]
  );
  const span = extremes(runs, ({ ns }) => ns);
  if (span === null) return null;
  const own = runs.filter(({ store }) => OWN_EMPTY_CALL.has(kindOfStore(store)));
  const others = runs.filter((run) => !own.includes(run));
  const storesOf = (some: typeof runs) => joinWords([...new Set(some.map(({ store }) => store))]);
  const timesOf = (some: typeof runs) => {
    const { least, most } = extremes(some, ({ ns }) => ns)!;
    return formatSpan(least, most, formatClock);
  };
  const shares = extremes(
    harness.flatMap(({ benchmark, crossingShare }) =>
      crossingShare !== null && OWN_EMPTY_CALL.has(kindOfStore(benchmark.split("/")[0]!))
        ? [crossingShare]
        : []
    ),
    (share) => share,
  );
  const ofMeans = shares === null
    ? ""
    : `, ${formatSpan(shares.least, shares.most, formatPercent)} of the mean times`;
  const sentences: string[] = [];
  if (own.length > 0) {
    const [times, names] = [timesOf(own), storesOf(own)];
    sentences.push(
      "A call into native code that does nothing there, with as many arguments as a put's, took " +
        `${times} in the runs of ${names}${ofMeans}; every operation makes one or more.`,
    );
  }
  if (others.length > 0) {
    const [times, names] = [timesOf(others), storesOf(others)];
    sentences.push(
      `A call into the library of ${names} that does nothing there takes ${times}; a write, a read, ` +
        "and a step of a scan are one call each.",
    );
  }
  return {
    id: "crossing",
    topic: "measurement",
    severity: "info",
    about: [],
    condition: "a call into native code that does nothing was measured in a run",
    numbers: { leastNs: span.least, mostNs: span.most },
    text: sentences.join(" "),
  };
};

/** Stores whose empty call is our own code, of as many arguments as their put has. */
const OWN_EMPTY_CALL: ReadonlySet<string> = new Set(["raw", "kvstore"]);

/** What reading the clock takes of a single operation's latency. */
export const clockShare: TellFinding = ({ harness, stores, measured }) => {
  const rows = harness.flatMap((row) =>
    row.clockShare === null || row.clockNs === null
      ? []
      : [{ id: row.benchmark, share: row.clockShare, ns: row.clockNs }]
  );
  const span = extremes(rows, ({ share }) => share);
  const cost = extremes(rows, ({ ns }) => ns);
  const steps = measured.flatMap(({ record, runs }) =>
    record.kind === "latency" ? runs.flatMap(({ clock }) => clock?.stepNs ?? []) : []
  );
  const step = extremes(steps, (ns) => ns);
  if (span === null || cost === null || step === null) return null;
  const above = rows.filter(({ share }) => share > MOST_HARNESS_SHARE).map(({ id }) => id);
  const limit = formatPercentBound(MOST_HARNESS_SHARE);
  const costs = formatSpan(cost.least, cost.most, formatClock);
  const shares = formatSpan(span.least, span.most, formatPercent);
  const [usual, coarsest] = [formatClock(median(steps)), formatClock(step.most)];
  const smallest = usual === coarsest
    ? `its smallest step was ${usual}`
    : `its smallest step was ${usual} in the median run and ${coarsest} in the coarsest`;
  const where = nameBenchmarks(above, stores);
  return {
    id: "clock-share",
    topic: "measurement",
    severity: above.length === 0 ? "info" : "warn",
    about: above,
    condition: "the cost of reading the clock was recorded for a latency benchmark",
    numbers: { least: span.least, most: span.most, mostNs: cost.most, aboveLimit: above.length },
    text: `Every latency in a histogram includes one reading of the clock, ${costs} or ${shares} ` +
      `of the mean; ${smallest}. ` +
      (above.length === 0
        ? `The cost is nowhere above ${limit}.`
        : `The cost is above ${limit} in ${where}.`),
  };
};

/** Whether an interval from one run would have been enough. */
export const runSpread: TellFinding = ({ measured }) => {
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
  const widest = between.at.most.id;
  const spread = formatSpan(between.least, between.most, formatPercent);
  const factors = formatFactorSpan(wider.least, wider.most);
  return {
    id: "run-spread",
    topic: "measurement",
    severity: "info",
    about: [widest],
    condition: "a benchmark has three runs or more",
    numbers: {
      leastBetween: between.least,
      mostBetween: between.most,
      leastWider: wider.least,
      mostWider: wider.most,
    },
    text: `The means of a benchmark's runs spread by ${spread} (coefficient of variation), most ` +
      `in ${widest}. The intervals over runs are ${factors} as wide as those that the samples of ` +
      "one run give.",
  };
};

function relativeWidth({ value, low, high }: Range | Estimate): number {
  return (high - low) / value;
}

/** Samples outside of Tukey's fences. */
export const outlierShare: TellFinding = ({ measured }) => {
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
  const { id } = worst.at.most;
  const all = plural(samples, "sample");
  const share = formatPercent(total / samples);
  const how = severe === 1 ? "severely" : "mildly";
  const severely = severe === 0 ? "none" : formatCount(severe);
  const largest = formatPercent(worst.most);
  return {
    id: "outliers",
    topic: "measurement",
    severity: "info",
    about: [id],
    condition: "a sample lies outside of Tukey's fences in its run",
    numbers: { samples, total, severe, worstShare: worst.most },
    text: total === 1
      ? `Of ${all}, one (${share}) lies outside of Tukey's fences in its run, ${how}, in ${id}. It is ` +
        "counted, not dropped."
      : `Of ${all}, ${formatCount(total)} (${share}) lie outside of Tukey's fences in their run, ` +
        `${severely} of them severely; the largest share is ${largest}, in ${id}. ` +
        "They are counted, not dropped.",
  };
};

/** Runs that were not steady, or that all were. */
export const steadyRuns: TellFinding = ({ measured, stores }) => {
  const runs = measured.flatMap(({ analysis }) =>
    analysis.steadiness.map((steadiness) => ({ id: analysis.id, ...steadiness }))
  );
  const unsteady = runs.filter(({ steady }) => steady === false);
  const unknown = runs.filter(({ steady }) => steady === null).length;
  if (runs.length === unknown) return null;
  const count = (field: "drift" | "warmUp" | "range") =>
    unsteady.filter((run) => run[field] !== null).length;
  const [drift, warmUp, range] = [count("drift"), count("warmUp"), count("range")];
  const kinds = joinWords([
    ...(drift > 0 ? [`${drift} drifted`] : []),
    ...(warmUp > 0 ? [`${warmUp} had warm-up left in`] : []),
    ...(range > 0 ? [`${range} went beyond SNIA's bounds for a steady state`] : []),
  ]);
  // The counts overlap where they are more than the runs.
  const overlap = drift + warmUp + range - unsteady.length;
  const several = overlap === 0 ? "" : "; some of them are several of these";
  const about = [...new Set(unsteady.map(({ id }) => id))];
  const where = nameBenchmarks(about, stores);
  const all = plural(runs.length, "run");
  const steady = unsteady.length === 0;
  return {
    id: steady ? "steady-runs" : "unsteady-runs",
    topic: "measurement",
    severity: steady ? "info" : "warn",
    about,
    condition: steady
      ? "no run drifted, had warm-up left in, or went beyond SNIA's bounds, and one at least could be judged"
      : "a run drifted, had warm-up left in, or went beyond SNIA's bounds",
    numbers: { runs: runs.length, unsteady: unsteady.length, unknown, drift, warmUp, range },
    text:
      (steady
        ? `Of ${all} none was found unsteady inside of itself.`
        : `${unsteady.length} of ${all} ${unsteady.length === 1 ? "was" : "were"} not steady ` +
          `(${kinds}${several}), in ${where}.`) +
      (unknown > 0 ? ` ${plural(unknown, "run")} had too few or too noisy samples to say.` : ""),
  };
};

/** A machine that changed over the session: what the runs of one benchmark are too few to show. */
export const sessionChange: TellFinding = ({ measured, stores }) => {
  const session = measured.flatMap(({ record, runs, runTimes }) =>
    runs.map(({ position }, index) => ({ position, kind: record.id, value: runTimes[index]! }))
  ).toSorted((a, b) => a.position - b.position);
  const { runs, drift, wander } = sessionPatterns(session);
  if (drift === null && wander === null) return null;
  const how = [
    ...(drift === null
      ? []
      : [`the time of an operation went to ${formatFactor(drift)} from the first run to the last`]),
    ...(wander === null
      ? []
      : [`runs that followed each other were alike (correlation ${wander.toFixed(2)})`]),
  ];
  const [changed, of] = [joinWords(how), plural(runs, "run")];
  const whose = stores.length === 1 ? "all benchmarks" : "all stores and benchmarks";
  return {
    id: "session-change",
    topic: "measurement",
    severity: "warn",
    about: [],
    condition:
      "the order of all runs together, each against others of its benchmark, tells of a drift or " +
      "of neighbours that are alike, by permutation (p < 0.005 each)",
    numbers: { runs, ...(drift !== null && { drift }), ...(wander !== null && { wander }) },
    text:
      `The machine changed over the session, for ${whose} together: ${changed}, of ${of}. The ` +
      "intervals are of this session, and another session's values lie outside of them more often than " +
      "they say.",
  };
};

/** Time that the hypervisor took. */
export const stolenTime: TellFinding = (context) =>
  taken(context, {
    id: "steal",
    by: "the hypervisor",
    field: "steal",
    limit: MOST_STEAL_SHARE,
  });

/** Time that other processes took. */
export const otherLoad: TellFinding = (context) =>
  taken(context, {
    id: "other-load",
    by: "other processes",
    field: "busyOthers",
    limit: MOST_OTHERS_SHARE,
  });

/** Processor time that somebody took from the runs. */
function taken(
  { measured }: FindingContext,
  { id, by, field, limit }: {
    id: string;
    by: string;
    field: "steal" | "busyOthers";
    limit: number;
  },
): ReturnType<TellFinding> {
  const runs = measured.flatMap((benchmark) => benchmark.runs);
  const most = largestPressure(runs, field);
  if (most === null || most <= limit) return null;
  const hit = runs.filter(({ pressure }) => (pressure?.[field] ?? 0) > limit);
  const bound = formatPercentBound(limit);
  const who = capitalised(by);
  const all = plural(runs.length, "run");
  return {
    id,
    topic: "measurement",
    severity: "warn",
    about: [...new Set(hit.map(({ benchmark }) => benchmark))],
    condition: `${by} took more than ${bound} of processor time in a run`,
    numbers: { most, runs: hit.length },
    text: `${who} took up to ${formatPercent(most)} of the processors' time, and more than ` +
      `${bound} in ${hit.length} of ${all}: the numbers may be worse than the machine can do.`,
  };
}
