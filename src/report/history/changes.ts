/** What of a judged history is news: the same choice for the index, the summary and the feed. */
import { plural } from "../../format/mod.ts";
import {
  type EstimatorChange,
  type HistoryJudgement,
  type LastingShift,
  newsSince,
  type SeriesJudgement,
  type TonightVerdict,
} from "../../analysis/mod.ts";
import { causeText, headline, stoodOutTonight } from "./words.ts";

/** Metrics of one benchmark on one node that stood out on one night: most often of one cause. */
export interface NightGroup {
  benchmark: string;
  node: string;
  /** The metric that stands for the benchmark first, where it stood out. */
  series: SeriesJudgement[];
}

/** Metrics of one benchmark on one node whose levels shifted on one night. */
export interface ShiftGroup {
  benchmark: string;
  node: string;
  night: string;
  shifts: SeriesShift[];
}

/** A lasting shift of a series. */
interface SeriesShift {
  judged: SeriesJudgement;
  shift: LastingShift;
}

/** A benchmark on one node whose times are of another estimator from a night on. */
export interface EstimatorGroup {
  benchmark: string;
  node: string;
  change: EstimatorChange;
}

/** What is news tonight. */
export interface Changes {
  /** The last night; `null` in an empty history. */
  tonight: string | null;
  /** What regressed tonight, in any metric, the largest change first. */
  regressed: NightGroup[];
  /** What improved, and regressed in none. */
  improved: NightGroup[];
  /** Shifts that are news, the newest first. */
  shifts: ShiftGroup[];
  /** Shifts of the last nights that the control went along with, likewise. */
  machine: ShiftGroup[];
  /** Benchmarks whose times are of another estimator since one of the last nights, the newest first. */
  estimators: EstimatorGroup[];
  /** Nodes without a control tonight that had one in the last nights, and why, as a clause. */
  uncontrolled: { node: string; reason: string }[];
  /** Series with news of which no control tells whether it is the machine's or the store's. */
  notKnownWhose: number;
  /** How many series come to each verdict; a shift that is news counts as tonight does. */
  counts: Record<TonightVerdict, number>;
}

/** Finds what is news. */
export function changesOf({ nights, measured, series }: HistoryJudgement): Changes {
  const counts: Changes["counts"] = {
    "regressed": 0,
    "improved": 0,
    "usual": 0,
    "too small to matter": 0,
    "too few nights": 0,
    "missing": 0,
  };
  for (const { verdict } of series) counts[verdict]++;
  const groups = grouped(series.filter(stoodOutTonight), ({ series }) => series)
    .map(({ benchmark, node, members }): NightGroup => ({
      benchmark,
      node,
      series: headlineFirst(members),
    }))
    .sort((a, b) => largest(b) - largest(a));
  const isWorse = ({ series }: NightGroup) =>
    series.some(({ tonight }) => tonight.verdict === "regressed");
  const groupsOf = (
    shiftOf: (judged: SeriesJudgement) => LastingShift | null | undefined,
  ): ShiftGroup[] => {
    const shifts = series.flatMap((judged): SeriesShift[] => {
      const shift = shiftOf(judged);
      return shift ? [{ judged, shift }] : [];
    });
    return grouped(shifts, ({ judged, shift }) => ({ ...judged.series, night: shift.night }))
      .map(({ benchmark, node, members }): ShiftGroup => ({
        benchmark,
        node,
        night: members[0]!.shift.night,
        shifts: members,
      }))
      .sort((a, b) => a.night < b.night ? 1 : a.night > b.night ? -1 : 0);
  };
  return {
    tonight: nights.at(-1) ?? null,
    regressed: groups.filter(isWorse),
    improved: groups.filter((group) => !isWorse(group)),
    shifts: groupsOf(({ news }) => news),
    machine: groupsOf(({ machine }) => machine),
    estimators: estimatorGroups(series.map((judged) => ({
      ...judged,
      estimators: judged.estimators
        ?.filter(({ night }) => night >= newsSince(judged.series, measured)) ?? [],
    }))),
    uncontrolled: uncontrolledOf(series),
    notKnownWhose: series.filter(isNotKnownWhose).length,
    counts,
  };
}

/** Where estimators changed, each once for all metrics of a benchmark on a node, the newest first. */
export function estimatorGroups(series: readonly SeriesJudgement[]): EstimatorGroup[] {
  const changes = series.flatMap(({ series: { benchmark, node }, estimators = [] }) =>
    estimators.map((change): EstimatorGroup => ({ benchmark, node, change }))
  );
  return grouped(changes, (group) => ({ ...group, night: group.change.night }))
    .map(({ members }) => members[0]!)
    .sort((a, b) => a.change.night < b.change.night ? 1 : a.change.night > b.change.night ? -1 : 0);
}

/** That the times of a benchmark are of another estimator, as a sentence. */
export function estimatorSentence(
  { benchmark, node, change: { from, to, night } }: EstimatorGroup,
): string {
  return `Another estimator since ${night}: the times of ${benchmark} on ${node} went from ${from} ` +
    `→ ${to}; nights of one kind are judged apart from those of the other.`;
}

/** A reason for each node; of several series those that have a value, since of them it was looked for. */
function uncontrolledOf(series: readonly SeriesJudgement[]): Changes["uncontrolled"] {
  const reasons = new Map<string, string>();
  for (const { series: { node }, control, tonight } of series) {
    const missing = control?.missing ?? null;
    if (missing !== null && tonight.value !== null && !reasons.has(node)) {
      reasons.set(node, missing);
    }
  }
  return [...reasons].map(([node, reason]) => ({ node, reason }));
}

/** That a node had no control tonight, as a sentence. */
export function uncontrolledText({ node, reason }: Changes["uncontrolled"][number]): string {
  return `No control tonight on ${node}: ${reason}; its values are judged alone.`;
}

/** Whether tonight or a shift that is news was judged by the values alone. */
function isNotKnownWhose(judged: SeriesJudgement): boolean {
  const { tonight, news } = judged;
  return stoodOutTonight(judged) && tonight.cause === undefined ||
    news !== null && causeText(news) === null;
}

/** That no control tells whose some news is, as a sentence; `null` where there is none of that kind. */
export function notKnownWhoseText({ notKnownWhose }: Changes): string | null {
  if (notKnownWhose === 0) return null;
  return "Not known whose, the machine's or the store's: the news of " +
    `${plural(notKnownWhose, "series", "series")}, of which no control tells.`;
}

function grouped<T>(
  members: readonly T[],
  keyOf: (member: T) => { benchmark: string; node: string; night?: string },
): { benchmark: string; node: string; members: T[] }[] {
  const groups = new Map<string, { benchmark: string; node: string; members: T[] }>();
  for (const member of members) {
    const { benchmark, node, night } = keyOf(member);
    const key = JSON.stringify([benchmark, node, night]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { benchmark, node, members: [member] });
    else group.members.push(member);
  }
  return [...groups.values()];
}

function headlineFirst(series: SeriesJudgement[]): SeriesJudgement[] {
  const first = headline(series);
  return [first, ...series.filter((each) => each !== first)];
}

function largest({ series }: NightGroup): number {
  return Math.max(...series.map(({ tonight }) => Math.abs(tonight.change ?? 0)));
}
