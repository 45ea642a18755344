/** What to know before acting on the verdicts of a comparison. */
import type { Result } from "../../result/mod.ts";
import { geometricMean } from "../../stats/mod.ts";
import { formatChange, formatMinute, formatPercent, joinWords, plural } from "../../format/mod.ts";
import { LITTLES_LAW_TOLERANCE } from "../model.ts";
import { judgeSteadiness, largestPressure } from "../run_conditions.ts";
import { areInterleaved } from "./interleaved.ts";
import type { ChangeRow, Difference } from "./model.ts";
import type { BenchmarkValues } from "./run_values.ts";

/** Everything that the warnings look at. */
interface WarningContext {
  base: Result;
  candidate: Result;
  /** The benchmarks that were compared, side by side. */
  pairs: { base: BenchmarkValues; candidate: BenchmarkValues }[];
  /** The store that does nothing, side by side. */
  calibration: { base: BenchmarkValues; candidate: BenchmarkValues }[];
  rows: readonly ChangeRow[];
  differences: readonly Difference[];
}

/** Runs a side below which a test trusts blindly that the spread between runs has one mode. */
const FEW_RUNS = 5;
/** Share of processor time that others may take, and change of the calibration, without a warning. */
const OTHERS_LIMIT = 0.05;
const CALIBRATION_LIMIT = 0.05;
/** Share of unsteady runs that chance alone can give. */
const UNSTEADY_LIMIT = 0.1;

const SIDES = ["base", "candidate"] as const;

/** The warnings whose condition holds, in whole sentences. */
export function warn(context: WarningContext): string[] {
  return [
    ...sameResult(context),
    ...otherMachine(context),
    ...separateSessions(context),
    ...calibration(context),
    ...otherLoad(context),
    ...incomplete(context),
    ...fewRuns(context),
    ...unsteady(context),
    ...littlesLaw(context),
  ];
}

function sameResult({ base, candidate }: WarningContext): string[] {
  return base.id === candidate.id
    ? ["The two sides are the same result: there is nothing that could differ."]
    : [];
}

function otherMachine({ differences }: WarningContext): string[] {
  const machine = differences.filter(({ topic }) => topic === "machine");
  if (machine.length === 0) return [];
  return [
    `The two sides ran on different machines or on one that was changed (${
      joinWords(machine.map(({ what }) => what))
    }): a verdict may be about the machine.`,
  ];
}

/** Runs of two results that were not mixed in time share whatever the machine did in between. */
function separateSessions({ base, candidate }: WarningContext): string[] {
  if (base.id === candidate.id || areInterleaved(base, candidate)) return [];
  return [
    `The base was measured from ${formatMinute(base.startedAt)} and the candidate from ${
      formatMinute(candidate.startedAt)
    }: what changed on the machine in between shows as a change, and no number of runs ` +
    "tells the two apart.",
  ];
}

function calibration({ calibration }: WarningContext): string[] {
  const changes = calibration.flatMap(({ base, candidate }) =>
    base.times.length === 0 || candidate.times.length === 0
      ? []
      : [geometricMean(candidate.times) / geometricMean(base.times)]
  );
  if (changes.length === 0) return [];
  const change = geometricMean(changes) - 1;
  if (Math.abs(Math.log1p(change)) <= Math.log1p(CALIBRATION_LIMIT)) return [];
  return [
    `Over the store that does nothing the time of the candidate's loops differs by ${
      formatChange(change)
    } from the base's: the machine or the runtime was another, and so a verdict may be about these.`,
  ];
}

function otherLoad({ pairs }: WarningContext): string[] {
  return SIDES.flatMap((side) => {
    const most = largestPressure(pairs.flatMap((pair) => pair[side].runs), "busyOthers");
    if (most === null || most <= OTHERS_LIMIT) return [];
    return [
      `Other processes took up to ${
        formatPercent(most)
      } of the processors' time during the ${side}'s runs.`,
    ];
  });
}

function incomplete({ base, candidate, pairs }: WarningContext): string[] {
  return SIDES.flatMap((side) => {
    const interrupted = pairs.filter((pair) => pair[side].interrupted);
    return [
      ...((side === "base" ? base : candidate).complete
        ? []
        : [`The ${side} is not complete: some of its planned runs did not end.`]),
      ...(interrupted.length === 0 ? [] : [
        `No run of ${
          joinWords(interrupted.map((pair) => pair[side].record.id))
        } ended in the ${side}; interrupted ones stand in.`,
      ]),
    ];
  });
}

function fewRuns({ rows }: WarningContext): string[] {
  const decided = rows.filter(({ p, base, candidate }) =>
    p !== null && Math.min(base.runs, candidate.runs) < FEW_RUNS
  );
  if (decided.length === 0) return [];
  return [
    `${plural(decided.length, "row")} of the comparison ${
      decided.length === 1 ? "has" : "have"
    } fewer than ${FEW_RUNS} runs on a ` +
    "side: where runs fall into two modes, so few can all be of one mode by chance and look like a " +
    "change.",
  ];
}

function unsteady({ pairs }: WarningContext): string[] {
  return SIDES.flatMap((side) => {
    const runs = pairs.flatMap((pair) => pair[side].runs);
    const shaky = runs.filter((run) => judgeSteadiness(run).steady === false).length;
    if (shaky <= UNSTEADY_LIMIT * runs.length) return [];
    return [
      `${shaky} of ${plural(runs.length, "run")} of the ${side} ${
        shaky === 1 ? "was" : "were"
      } not steady (drift, warm-up left in, or beyond SNIA's bounds): their means depend on how long ` +
      "was measured.",
    ];
  });
}

/**
 * In a closed loop, clients / throughput is the mean latency. The benchmarks of the two are loops of
 * different forms, so a constant factor between them is no fault; one that changed is.
 */
function littlesLaw({ pairs }: WarningContext): string[] {
  const measured = pairs.filter(({ base, candidate }) =>
    base.times.length > 0 && candidate.times.length > 0
  );
  return measured.filter(({ candidate }) => candidate.record.kind === "latency").flatMap(
    (latency) => {
      const { id, store, workload } = latency.candidate.record;
      const throughput = measured.find(({ candidate: { record } }) =>
        record.kind === "throughput" && record.store === store &&
        // Of imported benchmarks these may not be known, and then nothing pairs them.
        workload.operation !== null && workload.clients !== null &&
        record.workload.operation === workload.operation &&
        record.workload.clients === workload.clients
      );
      if (throughput === undefined) return [];
      const change = (pair: Pick<WarningContext["pairs"][number], "base" | "candidate">) =>
        geometricMean(pair.candidate.times) / geometricMean(pair.base.times);
      const [ofLatency, ofThroughput] = [change(latency), 1 / change(throughput)];
      // Stated latency over the law's, in the candidate over in the base: 1 where the law holds.
      const law = ofLatency * ofThroughput;
      if (Math.abs(Math.log(law)) <= Math.log1p(LITTLES_LAW_TOLERANCE)) return [];
      return [
        `The mean latency of ${id} changed by ${
          formatChange(ofLatency - 1)
        } and the throughput of ${throughput.candidate.record.id} by ${
          formatChange(ofThroughput - 1)
        }, and by Little's law one follows from the other: one of the two measured something else as well.`,
      ];
    },
  );
}
