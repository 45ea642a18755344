/** What to know before acting on the verdicts of a comparison. */
import type { Result } from "../../result/mod.ts";
import { geometricMean, mean, median } from "../../stats/mod.ts";
import {
  formatChange,
  formatMinute,
  formatPercent,
  formatTime,
  joinWords,
  plural,
} from "../../format/mod.ts";
import {
  LEAST_RUNS_OF_ONE_MODE,
  MOST_CALIBRATION_CHANGE,
  MOST_OTHERS_SHARE,
  MOST_UNSTEADY_SHARE,
  type Remark,
  type Tell,
  tellAll,
} from "../../remark/mod.ts";
import { judgeSteadiness, largestPressure } from "../run_conditions.ts";
import { DRIFT_LEVEL } from "./duets.ts";
import { areDuet, areInterleaved } from "./interleaved.ts";
import type { ChangeRow, Difference, WarningTopic } from "./model.ts";
import { measuredFrom } from "../measuring_time.ts";
import type { BenchmarkValues } from "../run_values.ts";

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

type Warn = Tell<WarningContext, WarningTopic>;

/** The id of the warning that a result is compared with itself. */
export const SAME_RESULT = "same-result";

const SIDES = ["base", "candidate"] as const;

/** The warnings whose condition holds. */
export function warningsOf(context: WarningContext): Remark<WarningTopic>[] {
  return tellAll(TELLERS, context);
}

/** Whether two sides have one id; and whether they have one content, or were made two under it. */
const sameResult: Warn = ({ base, candidate, rows }) => {
  if (base.id !== candidate.id || rows.length === 0) return null;
  const differing =
    rows.filter((row) =>
      row.base.value !== row.candidate.value || row.base.runs !== row.candidate.runs
    ).length;
  return {
    id: differing === 0 ? SAME_RESULT : "same-id",
    topic: "sides",
    severity: "warn",
    about: [],
    condition: "the two sides have one id, and a row",
    numbers: { rows: rows.length, differing },
    text: differing === 0
      ? "The two sides are the same result: there is nothing that could differ."
      : `The two sides have one id, ${base.id}, and differ in ${differing} of ${rows.length} rows: one ` +
        "of them was changed, or went on after the other was kept.",
  };
};

const otherMachine: Warn = ({ differences }) => {
  const machine = differences.filter(({ topic }) => topic === "machine").map(({ what }) => what);
  if (machine.length === 0) return null;
  return {
    id: "other-machine",
    topic: "machine",
    severity: "warn",
    about: [],
    condition: "what the two sides recorded of their machines differs",
    numbers: {},
    text: "The two sides ran on different machines or on one that was changed " +
      `(${joinWords(machine)}): a verdict may be about the machine.`,
  };
};

/** Runs of two results that were not mixed in time share whatever the machine did in between. */
const separateSessions: Warn = ({ base, candidate }) => {
  if (base.id === candidate.id || areInterleaved(base, candidate)) return null;
  const when = whenMeasured(measuredFrom(base), measuredFrom(candidate));
  return {
    id: "separate-sessions",
    topic: "machine",
    severity: "warn",
    about: [],
    condition: "the runs of the two sides were not mixed in one session",
    numbers: {},
    text: `${when}: what changed on the machine in between shows as a change, and no number of ` +
      "runs tells the two apart.",
  };
};

/** When each side was measured, or which one does not say it. */
function whenMeasured(from: string | null, to: string | null): string {
  if (from === null && to === null) return "When the two sides were measured is not known";
  if (from === null) return "When the base was measured is not known";
  if (to === null) return "When the candidate was measured is not known";
  const [began, followed] = [formatMinute(from), formatMinute(to)];
  return `The base was measured from ${began} and the candidate from ${followed}`;
}

const calibration: Warn = ({ base, candidate, calibration }) => {
  // Sides that took turns had one machine and one runtime.
  if (areDuet(base, candidate)) return null;
  const changes = calibration.flatMap(({ base, candidate }) =>
    base.times.length === 0 || candidate.times.length === 0
      ? []
      : [geometricMean(candidate.times) / geometricMean(base.times)]
  );
  if (changes.length === 0) return null;
  const change = geometricMean(changes) - 1;
  if (Math.abs(Math.log1p(change)) <= Math.log1p(MOST_CALIBRATION_CHANGE)) return null;
  const why = areInterleaved(base, candidate)
    ? "both ran in one session, so that much is noise, and a verdict may be about no more"
    : "the machine or the runtime was another, and so a verdict may be about these";
  return {
    id: "calibration",
    topic: "machine",
    severity: "warn",
    about: calibration.map(({ candidate }) => candidate.record.id),
    condition: "the loops over the store that does nothing took another time on the two sides",
    numbers: { change },
    text: "Over the store that does nothing the time of the candidate's loops differs by " +
      `${formatChange(change)} from the base's: ${why}.`,
  };
};

const otherLoad: Warn = ({ pairs }) =>
  SIDES.flatMap((side) => {
    const most = largestPressure(pairs.flatMap((pair) => pair[side].runs), "busyOthers");
    if (most === null || most <= MOST_OTHERS_SHARE) return [];
    return [{
      id: "other-load",
      topic: "machine",
      severity: "warn",
      about: [side],
      condition: "other processes took processor time during a side's runs",
      numbers: { most },
      text:
        `Other processes took up to ${formatPercent(most)} of the processors' time during the ` +
        `${side}'s runs.`,
    }];
  });

const onlyProcessor: Warn = ({ base, candidate }) => {
  if (!areDuet(base, candidate)) return null;
  const { usable, logical } = candidate.environment.cpu;
  if ((usable ?? logical) !== 1) return null;
  return {
    id: "only-processor",
    topic: "machine",
    severity: "info",
    about: [],
    condition: "the sides took turns where there was one processor",
    numbers: { processors: 1 },
    text:
      "Both sides share the only processor, with what gives them their turns: they took turns " +
      "on it all the same, and whatever else ran had no other to run on.",
  };
};

const incomplete: Warn = ({ base, candidate, pairs }) =>
  SIDES.flatMap((side): Remark<WarningTopic>[] => {
    const own = side === "base" ? base : candidate;
    const remarks: Remark<WarningTopic>[] = [];
    if (!own.complete) {
      remarks.push({
        id: "incomplete",
        topic: "runs",
        severity: "warn",
        about: [side],
        condition: "a planned run of a side did not end",
        numbers: {},
        text: `The ${side} is not complete: some of its planned runs did not end.`,
      });
    }
    const interrupted = pairs.filter((pair) => pair[side].interrupted)
      .map((pair) => pair[side].record.id);
    if (interrupted.length > 0) {
      const ids = joinWords(interrupted);
      remarks.push({
        id: "interrupted-runs",
        topic: "runs",
        severity: "warn",
        about: [side, ...interrupted],
        condition: "no run of a side's benchmark ended, and one or more were interrupted",
        numbers: {},
        text: `No run of ${ids} ended in the ${side}; interrupted ones stand in.`,
      });
    }
    return remarks;
  });

const fewRuns: Warn = ({ rows }) => {
  const decided = rows.filter(({ p, base, candidate }) =>
    p !== null && Math.min(base.runs, candidate.runs) < LEAST_RUNS_OF_ONE_MODE
  );
  if (decided.length === 0) return null;
  const have = decided.length === 1 ? "has" : "have";
  return {
    id: "few-runs",
    topic: "runs",
    severity: "warn",
    about: [...new Set(decided.map(({ id }) => id))],
    condition: `a row was tested with fewer than ${LEAST_RUNS_OF_ONE_MODE} runs on a side`,
    numbers: { rows: decided.length },
    text: `${plural(decided.length, "row")} of the comparison ${have} fewer than ` +
      `${LEAST_RUNS_OF_ONE_MODE} runs on a side: where runs fall into two modes, so few can all be ` +
      "of one mode by chance and look like a change.",
  };
};

const unsteady: Warn = ({ base, candidate, pairs }) =>
  // Of what took turns, the ratio has to be steady.
  areDuet(base, candidate) ? [] : SIDES.flatMap((side) => {
    const runs = pairs.flatMap((pair) => pair[side].runs);
    const shaky = runs.filter((run) => judgeSteadiness(run).steady === false);
    if (shaky.length <= MOST_UNSTEADY_SHARE * runs.length) return [];
    const were = shaky.length === 1 ? "was" : "were";
    return [{
      id: "unsteady-runs",
      topic: "runs",
      severity: "warn",
      about: [side, ...new Set(shaky.map(({ benchmark }) => benchmark))],
      condition: "more of a side's runs were not steady than chance alone can give",
      numbers: { unsteady: shaky.length, runs: runs.length },
      text: `${shaky.length} of ${plural(runs.length, "run")} of the ${side} ${were} not steady ` +
        "(drift, warm-up left in, or beyond SNIA's bounds): their means depend on how long was " +
        "measured.",
    }];
  });

const thrownAway: Warn = ({ base, candidate, pairs }) =>
  !areDuet(base, candidate) ? [] : pairs.flatMap((pair) => {
    const failures = SIDES.flatMap((side) => pair[side].failures.map((own) => ({ side, ...own })));
    const [first] = failures;
    if (first === undefined) return [];
    const { id } = pair.candidate.record;
    const { planned } = pair.candidate.use;
    const thrown = new Set(failures.map(({ run }) => run)).size;
    const of = plural(planned, "pair");
    const were = thrown === 1 ? "was" : "were";
    const { side, run, error } = first;
    const more = failures.length > 1 ? ` (the first of ${failures.length})` : "";
    return [{
      id: "thrown-away",
      topic: "runs",
      severity: "warn",
      about: [id],
      condition: "a process failed while it took turns, and its pair counts for nothing",
      numbers: { thrown, planned },
      text:
        `${thrown} of ${of} of processes of ${id} ${were} thrown away, since one side failed and ` +
        `the other one was ended: in the ${side}, run ${run} failed${more}: ${error}.`,
    }];
  });

const fewerRounds: Warn = ({ base, candidate, pairs }) =>
  !areDuet(base, candidate) ? [] : pairs.flatMap((pair) => {
    const { id, samples: planned } = pair.candidate.record;
    const sides = SIDES.map((side) => pair[side].runs.filter(({ state }) => state === "ended"));
    const cut = sides.map((runs) => runs.filter(({ samples }) => samples.length < planned));
    const processes = Math.max(...cut.map(({ length }) => length));
    const played = cut.flat();
    if (played.length === 0) return [];
    const rounds = Math.min(...played.map(({ samples }) => samples.length));
    // A batch in the middle of a slow side and a fast one would be nobody's.
    const batches = cut.map((runs) => runs.flatMap(({ samples }) => samples.map(({ ns }) => ns)));
    const middles = batches.map((own) => own.length === 0 ? 0 : median(own));
    const slower = middles[1]! > middles[0]! ? 1 : 0;
    const [ns, averageNs] = [middles[slower]!, mean(batches[slower]!)];
    const mostNs = batches[slower]!.reduce((most, batch) => Math.max(most, batch), 0);
    const middle = formatTime(ns);
    const average = formatTime(averageNs);
    const most = formatTime(mostNs);
    const took = `${middle} in the middle, ${average} on average and ${most} at most`;
    const asked = formatTime(candidate.interleaved!.duet!.batchMs * 1e6);
    const whose = `the ${SIDES[slower]}'s`;
    const of = plural(Math.max(...sides.map(({ length }) => length)), "pair");
    const rest = plural(planned, "planned round");
    return [{
      id: "fewer-rounds",
      topic: "runs",
      severity: "warn",
      about: [id],
      condition: "processes that took turns were left with fewer rounds than planned",
      numbers: { processes, rounds, planned, ns, averageNs, mostNs },
      text:
        `In ${processes} of ${of} of processes of ${id} the sides took turns in as few as ${rounds} ` +
        `of ${rest}: a batch was to take ${asked}, and ${whose} took ${took}.`,
    }];
  });

/** More pairs may drift by chance than this many times the level of the test. */
const DRIFTING_BY_CHANCE = 3;

const driftingPairs: Warn = ({ rows }) =>
  rows.flatMap(({ id, metric, pairing }) => {
    if (pairing === null) return [];
    const { drifting, pairs } = pairing;
    if (drifting < 2 || drifting <= DRIFTING_BY_CHANCE * DRIFT_LEVEL * pairs) return [];
    return [{
      id: "drifting-pairs",
      topic: "runs",
      severity: "warn",
      about: [id],
      condition: "the ratio of the two sides changed within more pairs than by chance",
      numbers: { drifting, pairs },
      text:
        `In ${drifting} of ${plural(pairs, "pair")} of processes of ${id} the ratio of the two ` +
        `sides changed while they took turns: the change of its ${metric} depends on how long was ` +
        "measured.",
    }];
  });

const farPairs: Warn = ({ rows }) =>
  rows.flatMap(({ id, metric, pairing }) => {
    if (pairing === null || pairing.far.length === 0) return [];
    const { far, pairs } = pairing;
    const changes = joinWords(far.map(({ change }) => formatChange(change)));
    return [{
      id: "far-pairs",
      topic: "runs",
      severity: "info",
      about: [id],
      condition: "single pairs of processes were far off the others",
      numbers: { far: far.length, pairs },
      text:
        `${far.length} of ${plural(pairs, "pair")} of processes of ${id} were far off the others ` +
        `in its ${metric} (${changes}) and have no weight: a process may have had another mode.`,
    }];
  });

/** A change of all time together that the centre of the batches does not have. */
const MOST_RARE_CHANGE = 0.1;

const rareBatches: Warn = ({ rows }) =>
  rows.flatMap(({ id, metric, change, pairing }) => {
    if (change === null || pairing === null || pairing.batches === null) return [];
    const rare = (1 + pairing.totals) / (1 + change.value) - 1;
    if (Math.abs(Math.log1p(rare)) <= Math.log1p(MOST_RARE_CHANGE)) return [];
    const [byAll, byMiddle] = [formatChange(pairing.totals), formatChange(change.value)];
    return [{
      id: "rare-batches",
      topic: "runs",
      severity: "info",
      about: [id],
      condition: "the sides' whole times changed by another share than the middle of their batches",
      numbers: { totals: pairing.totals, change: change.value },
      text:
        `The ${metric} of ${id} changed by ${byAll} by the whole time of its processes, and by ` +
        `${byMiddle} by the middle of neighbouring batches: a few slow batches make the difference, ` +
        "which the machine's interruptions give as well; the verdict is on the middle.",
    }];
  });

/** In the order in which they are told. */
const TELLERS: readonly Warn[] = [
  sameResult,
  otherMachine,
  separateSessions,
  calibration,
  otherLoad,
  onlyProcessor,
  incomplete,
  fewRuns,
  unsteady,
  thrownAway,
  fewerRounds,
  driftingPairs,
  farPairs,
  rareBatches,
];
