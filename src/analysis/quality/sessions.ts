/**
 * The gate on a real machine: what comparisons of identical code, and of a store that was slowed down
 * on purpose, came to. A line of JSON a session, so that sessions of other days and machines are added
 * to those that are there, and the quality report is made of all of them without measuring again.
 */
import * as v from "valibot";
import { FIRST_ISSUE, issueText, MetricName, type Result } from "../../result/mod.ts";
import { median } from "../../stats/mod.ts";
import type { ResultComparison } from "../compare/model.ts";

const Share = v.pipe(v.number(), v.finite());
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What sessions are measured for. */
export const SESSION_PARTS = ["slow-10", "slow-5", "identical", "copy"] as const;
/** One of {@linkcode SESSION_PARTS}. */
export type SessionPart = typeof SESSION_PARTS[number];

/** What is kept of a row of a comparison. */
const RowRecord = v.object({
  id: v.string(),
  metric: MetricName,
  /** Pairs of processes. */
  pairs: Count,
  verdict: v.picklist([
    "improved",
    "regressed",
    "unchanged",
    "too small to matter",
    "inconclusive",
  ]),
  /** candidate / base − 1, with its interval; `null` where it could not be tested. */
  change: v.nullable(v.object({ value: Share, low: Share, high: Share })),
  adjustedP: v.nullable(Share),
  /** Spread between the processes of a side, each held against its partner, as a fraction. */
  spread: v.nullable(Share),
  /** The same of the same runs, were they not held against each other. */
  unpaired: v.nullable(Share),
});

/** A session: one bench whose two sides took turns, and their comparison. */
export const SessionRecord = v.object({
  part: v.picklist(SESSION_PARTS),
  startedAt: v.string(),
  /** From its begin to its verdict. */
  seconds: Share,
  /** Time after which no further pair was begun, s. */
  mostSeconds: v.nullable(Share),
  seed: v.number(),
  version: v.string(),
  commit: v.nullable(v.string()),
  machine: v.string(),
  /** What else the machine did: medians over the runs. Shares are of all processors' time. */
  load: v.object({
    load1: v.nullable(Share),
    others: v.nullable(Share),
    steal: v.nullable(Share),
  }),
  rows: v.array(RowRecord),
});
export type SessionRecord = v.InferOutput<typeof SessionRecord>;

/** What a file of sessions has. */
export interface Sessions {
  sessions: SessionRecord[];
  /** Whether its last line was cut off, as by a machine that stopped. */
  cut: boolean;
}

/**
 * Reads the file's text.
 *
 * @throws {RangeError} Where a line is no session; the message says which one and why.
 */
export function parseSessions(text: string): Sessions {
  const lines = text.split("\n");
  const cut = lines.pop() !== "";
  const sessions = lines.map((line, place) => {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      throw new RangeError(`line ${place + 1}: it is not JSON`);
    }
    const parsed = v.safeParse(SessionRecord, json, FIRST_ISSUE);
    if (parsed.success) return parsed.output;
    throw new RangeError(`line ${place + 1}: ${issueText(parsed.issues)}`);
  });
  return { sessions, cut };
}

/** What to keep of a session, whose sides took turns. */
export function sessionRecord(
  base: Result,
  comparison: ResultComparison,
  about: Pick<SessionRecord, "part" | "seconds" | "mostSeconds" | "seed">,
): SessionRecord {
  const { tool, environment: { host, cpu, kernel, os } } = base;
  const name = host ?? "a machine without a name";
  const model = cpu.model ?? "unknown processor";
  const processors = `${cpu.logical ?? "unknown"} logical processors`;
  const virtual = cpu.virtual ? ", virtual" : "";
  const middle = (
    of: (pressure: NonNullable<Result["runs"][number]["pressure"]>) => number | null,
  ) => {
    const known = base.runs.flatMap(({ pressure }) => pressure === null ? [] : of(pressure) ?? []);
    return known.length === 0 ? null : median(known);
  };
  return {
    part: about.part,
    startedAt: base.startedAt!,
    seconds: Math.round(about.seconds * 10) / 10,
    mostSeconds: about.mostSeconds,
    seed: about.seed,
    version: tool.version,
    commit: tool.commit,
    machine: `${name} (${model}, ${processors}${virtual}, ${os} ${kernel})`,
    load: {
      load1: middle(({ load1 }) => load1),
      others: middle(({ busyOthers }) => busyOthers),
      steal: middle(({ steal }) => steal),
    },
    rows: comparison.rows.map((row) => ({
      id: row.id,
      metric: row.metric,
      pairs: Math.min(row.base.runs, row.candidate.runs),
      verdict: row.verdict,
      change: row.change && {
        value: row.change.value,
        low: row.change.low,
        high: row.change.high,
      },
      adjustedP: row.adjustedP,
      spread: row.spread,
      unpaired: row.pairing?.unpaired ?? null,
    })),
  };
}

/** Share of all processors' time that others take on a machine that counts as quiet, at most. */
export const MOST_QUIET = 0.1;
/**
 * Load average for each processor above which a machine that is not quiet counts as overloaded. Where more
 * than twice as many threads want to run as can, one among equals waits longer than it runs.
 */
export const MOST_BUSY = 2;
/** Share of a session's time that is left where it counts as decided early, at least. */
export const LEFT_EARLY = 0.1;

/** How busy a machine was with other things, from the least on. */
const BUSY = ["quiet", "busy", "overloaded", "not known"] as const;
/** One of quiet, busy, overloaded and not known. */
export type Busy = typeof BUSY[number];

/** Says how busy a session's machine was. */
function busyOf({ machine, load: { load1, others } }: SessionRecord): Busy {
  if (others === null) return "not known";
  if (others <= MOST_QUIET) return "quiet";
  const [, processors] = /(\d+) logical processors/.exec(machine) ?? [];
  // A machine whose processors or load nobody knows is busy: that much is known.
  return processors !== undefined && load1 !== null && load1 > MOST_BUSY * Number(processors)
    ? "overloaded"
    : "busy";
}

/** The least, the middle and the most. */
interface Spread {
  least: number;
  middle: number;
  most: number;
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return { least: Math.min(...known), middle: median(known), most: Math.max(...known) };
}

/** What a benchmark's sessions came to that are of one part and were as busy. */
export interface SlowDownVerdict {
  id: string;
  busy: Busy;
  /** Sessions. */
  sessions: number;
  /** Those that called it regressed. */
  regressed: number;
  /** Those that called it improved, which is wrong. */
  improved: number;
  /** Those whose row was decided with {@linkcode LEFT_EARLY} of their time left. */
  early: number;
  /** The change that was estimated, as more time for an operation: 0.1 where 10 % were injected. */
  change: Spread | null;
  seconds: Spread | null;
  pairs: Spread | null;
  /** Share of the processors' time that others took. */
  others: Spread | null;
  /** Load average over a minute. */
  load1: Spread | null;
  /** Median spread between processes, paired and not. */
  paired: number | null;
  unpaired: number | null;
}

/** A benchmark's row in a session. */
interface SessionRow {
  session: SessionRecord;
  row: SessionRecord["rows"][number];
}

/**
 * Counts how often each benchmark was called regressed; one row for a benchmark and how busy the machine
 * was, in the order of the benchmarks' names and from quiet on.
 */
export function judgeSlowDown(
  sessions: readonly SessionRecord[],
  part: SessionPart,
): SlowDownVerdict[] {
  return rowsByBenchmark(sessions, part).flatMap(([id, rows]) => {
    const groups = Map.groupBy(rows, ({ session }) => busyOf(session));
    return BUSY.flatMap((busy) => {
      const own = groups.get(busy);
      return own === undefined ? [] : [{ id, busy, ...countsOf(own) }];
    });
  });
}

/** The same, one row for a benchmark whatever the machine did. */
export function judgeSlowDownInAll(
  sessions: readonly SessionRecord[],
  part: SessionPart,
): Omit<SlowDownVerdict, "busy">[] {
  return rowsByBenchmark(sessions, part).map(([id, rows]) => ({ id, ...countsOf(rows) }));
}

function rowsByBenchmark(
  sessions: readonly SessionRecord[],
  part: SessionPart,
): [string, SessionRow[]][] {
  const rows = sessions.filter((session) => session.part === part).flatMap((session) =>
    session.rows.map((row) => ({ session, row }))
  );
  return [...Map.groupBy(rows, ({ row }) => row.id)].toSorted(([a], [b]) => a < b ? -1 : 1);
}

function countsOf(own: readonly SessionRow[]): Omit<SlowDownVerdict, "id" | "busy"> {
  return {
    sessions: own.length,
    regressed: own.filter(({ row }) => row.verdict === "regressed").length,
    improved: own.filter(({ row }) => row.verdict === "improved").length,
    early: own.filter(({ session, row }) => isDecidedEarly(session, row)).length,
    change: spreadOf(own.map(({ row }) => timeChange(row))),
    seconds: spreadOf(own.map(({ session }) => session.seconds)),
    pairs: spreadOf(own.map(({ row }) => row.pairs)),
    others: spreadOf(own.map(({ session }) => session.load.others)),
    load1: spreadOf(own.map(({ session }) => session.load.load1)),
    paired: spreadOf(own.map(({ row }) => row.spread))?.middle ?? null,
    unpaired: spreadOf(own.map(({ row }) => row.unpaired))?.middle ?? null,
  };
}

/** Whether a session ended before its time because its row was decided. */
function isDecidedEarly(
  { seconds, mostSeconds }: SessionRecord,
  { verdict }: SessionRecord["rows"][number],
): boolean {
  return verdict !== "inconclusive" && mostSeconds !== null &&
    seconds <= (1 - LEFT_EARLY) * mostSeconds;
}

/** How much more time an operation took, whether it was time or a rate that was compared. */
function timeChange({ metric, change }: SessionRecord["rows"][number]): number | null {
  if (change === null) return null;
  return metric === "throughput" ? 1 / (1 + change.value) - 1 : change.value;
}

/** What comparisons of identical code came to on machines that were as busy. */
export interface IdenticalVerdict {
  busy: Busy;
  comparisons: number;
  rows: number;
  /** Comparisons with any row called improved or regressed. */
  wrong: number;
  /** The rows that were. */
  calls: { startedAt: string; id: string; metric: MetricName; change: number }[];
  seconds: Spread | null;
  others: Spread | null;
  /** Load average over a minute. */
  load1: Spread | null;
  /** The changes that were estimated, as more time, over all rows. */
  change: Spread | null;
}

/** Counts the false verdicts of a part in which nothing differs. */
export function judgeIdentical(
  sessions: readonly SessionRecord[],
  part: SessionPart,
): IdenticalVerdict[] {
  const own = sessions.filter((session) => session.part === part);
  const groups = Map.groupBy(own, busyOf);
  return BUSY.flatMap((busy) => {
    const group = groups.get(busy);
    if (group === undefined) return [];
    const calls = group.map(({ startedAt, rows }) =>
      rows.filter(isCalled).map(({ id, metric, change }) => ({
        startedAt,
        id,
        metric,
        change: change?.value ?? 0,
      }))
    );
    return [{
      busy,
      comparisons: group.length,
      rows: group.reduce((sum, { rows }) => sum + rows.length, 0),
      wrong: calls.filter(({ length }) => length > 0).length,
      calls: calls.flat(),
      seconds: spreadOf(group.map(({ seconds }) => seconds)),
      others: spreadOf(group.map(({ load }) => load.others)),
      load1: spreadOf(group.map(({ load }) => load.load1)),
      change: spreadOf(group.flatMap(({ rows }) => rows.map(timeChange))),
    }];
  });
}

function isCalled({ verdict }: SessionRecord["rows"][number]): boolean {
  return verdict === "improved" || verdict === "regressed";
}
