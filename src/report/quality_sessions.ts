/** The quality report's section on sessions that were really measured. */
import {
  formatChange,
  formatCount,
  formatMinute,
  formatPercent,
  formatPercentBound,
  joinWords,
  plural,
} from "../format/mod.ts";
import {
  type IdenticalVerdict,
  judgeIdentical,
  judgeSlowDown,
  judgeSlowDownInAll,
  LEFT_EARLY,
  METRIC_WORDS,
  MOST_BUSY,
  MOST_QUIET,
  type SessionPart,
  type SessionRecord,
  type Sessions,
  type SlowDownVerdict,
} from "../analysis/mod.ts";
import { type Block, code, heading, list, paragraph, table } from "./document.ts";

/** The sessions, or why there are none, as a clause. */
export type RealSessions = { sessions: Sessions } | { skipped: string };

/** Called slow-downs of all that are asked, and sessions that are enough to tell. */
const LEAST_CALLED = 19 / 20;
const ENOUGH_SLOWED = 20;
/** Comparisons of a hundred that may be wrong where nothing differs. */
const MOST_WRONG = 1 / 100;
const ENOUGH_IDENTICAL = 100;
/** How far the median of the estimates may be from the truth: a fifth of a slow-down, and of none 1 %. */
const MOST_OFF = 1 / 5;
const MOST_OFF_NONE = 0.01;

const SLOWED = { "slow-10": 0.1, "slow-5": 0.05 } as const;

/** Builds the section. What was not measured says `skipped`, and why. */
export function realSessions(real: RealSessions): Block[] {
  const { sessions, cut } = "sessions" in real ? real.sessions : { sessions: [], cut: false };
  const section = (title: string, part: SessionPart, blocks: (own: SessionRecord[]) => Block[]) => {
    const own = sessions.filter((session) => session.part === part);
    const why = "skipped" in real ? real.skipped : "that part was not measured";
    const ask = code(`deno task quality:real ${part}`);
    return [
      heading(3, title),
      ...(own.length > 0
        ? [paragraph(where(own)), ...blocks(own)]
        : [paragraph(["skipped: ", why, "; ", ask, " measures it"])]),
    ];
  };
  return [
    heading(2, "Real sessions"),
    ...(cut
      ? [paragraph("The last line of the sessions' file was cut off, and does not count.")]
      : []),
    ...section("10% injected, 60 s a benchmark", "slow-10", (own) => slowDown(own, "slow-10")),
    ...section("5% injected, 4 minutes a benchmark", "slow-5", (own) => slowDown(own, "slow-5")),
    ...section("Identical code", "identical", identical),
    ...section("A copy of the library at another place", "copy", copies),
  ];
}

/** What the sessions came to, a sentence for each part that was measured. */
export function realSummary(real: RealSessions): string[] {
  if (!("sessions" in real)) return [];
  const { sessions } = real.sessions;
  const slowed = (["slow-10", "slow-5"] as const).flatMap((part) => {
    const verdicts = judgeSlowDown(sessions, part);
    if (verdicts.length === 0) return [];
    const share = formatPercentBound(SLOWED[part]);
    const machines = [...Map.groupBy(verdicts, ({ busy }) => busy)]
      .map(([busy, rows]) => `${busy}: ${calledOf(rows)}`);
    return [
      `On real machines a slow-down of ${share} was called in ${calledOf(verdicts)} sessions ` +
      `(${machines.join("; ")}).`,
    ];
  });
  const same = judgeIdentical(sessions, "identical");
  const copied = judgeSlowDown(sessions, "copy");
  const wrong = same.reduce((sum, each) => sum + each.wrong, 0);
  const all = same.reduce((sum, { comparisons }) => sum + comparisons, 0);
  const called = total(copied, ({ improved, regressed }) => improved + regressed);
  const compared = plural(all, "comparison");
  const copies = plural(total(copied, (row) => row.sessions), "session");
  return [
    ...slowed,
    ...(all === 0
      ? []
      : [`On real machines ${wrong} of ${compared} of identical code had a false verdict.`]),
    ...(copied.length === 0 ? [] : [
      `On real machines a copy of the library was called improved or regressed in ${called} of ${copies}.`,
    ]),
  ];
}

/** In how many of how many sessions a slow-down was called. */
function calledOf(rows: readonly SlowDownVerdict[]): string {
  const sessions = total(rows, (row) => row.sessions);
  return `${total(rows, ({ regressed }) => regressed)} of ${sessions}`;
}

/** When, where and with what sessions were measured. */
function where(own: readonly SessionRecord[]): string {
  const unique = (values: readonly string[]) => [...new Set(values)].toSorted();
  const times = unique(own.map(({ startedAt }) => startedAt));
  const commits = unique(own.map(({ version, commit }) => commit?.slice(0, 12) ?? version));
  const from = formatMinute(times[0]!);
  const to = formatMinute(times.at(-1)!);
  const machines = unique(own.map(({ machine }) => machine)).join(" and ");
  const count = plural(own.length, "session");
  const code = commits.join(", ");
  return `${count}, begun from ${from} to ${to} on ${machines}, with Tidemark at ${code}.`;
}

const IN_TIME =
  "A session is one benchmark, from its first process to its verdict; others' load is the share of all " +
  "processors' time that everything else on the machine took. Estimates are the change in time of an " +
  "operation: median, least to most.";

const QUIET_SHARE = formatPercentBound(MOST_QUIET);
const HOW_BUSY =
  `Where everything else took ${QUIET_SHARE} of a machine's processors' time at most, it counts as quiet; ` +
  "as overloaded where that was more and the load average was above " +
  `${MOST_BUSY} for each processor; and as busy in between.`;

function slowDown(own: readonly SessionRecord[], part: keyof typeof SLOWED): Block[] {
  const burn = SLOWED[part];
  const share = formatPercentBound(burn);
  const threshold = part === "slow-5" ? " A change that matters is set to 2%." : "";
  const verdicts = judgeSlowDown(own, part);
  return [
    paragraph(
      `The candidate burned ${share} of its operations' time on top. ${IN_TIME}${threshold} ${HOW_BUSY}`,
    ),
    table(
      [
        "Benchmark",
        "Machine",
        ">Called regressed",
        "Bound",
        ">Estimate",
        "Bound",
        ">Seconds",
        ">Pairs",
        ">Spread paired",
        ">Unpaired",
        ">Others' load",
        ">Load average",
      ],
      verdicts.map((row) => [
        code(row.id),
        row.busy,
        `${row.regressed} of ${row.sessions}`,
        row.sessions < ENOUGH_SLOWED
          ? "19 of 20; too few to tell"
          : `19 of 20: ${keptOrBroken(row.regressed >= LEAST_CALLED * row.sessions)}`,
        range(row.change, formatChange),
        nearness(row, part),
        range(row.seconds, (seconds) => seconds.toFixed(0)),
        range(row.pairs, (pairs) => pairs.toFixed(0)),
        spread(row.paired),
        spread(row.unpaired),
        range(row.others, formatPercent),
        range(row.load1, (load) => load.toFixed(1)),
      ]),
    ),
    paragraph(`${called(verdicts)} ${nearnessInAll(own, part)} ${ending(verdicts)}`),
  ];
}

/** How often slow-downs were called whatever the machine did. */
function called(verdicts: readonly SlowDownVerdict[]): string {
  const benchmarks = [...Map.groupBy(verdicts, ({ id }) => id)]
    .map(([id, rows]) => `${id} in ${calledOf(rows)}`);
  const wrong = total(verdicts, ({ improved }) => improved);
  const improved = wrong === 0 ? "" : ` In ${plural(wrong, "session")} it was called improved.`;
  return `Whatever the machine did, the slow-down was called in ${calledOf(verdicts)} sessions: ` +
    `${joinWords(benchmarks)}.${improved}`;
}

/** How many sessions were decided before their time, as a sentence. */
function ending(verdicts: readonly SlowDownVerdict[]): string {
  const early = total(verdicts, (row) => row.early);
  const sessions = plural(total(verdicts, (row) => row.sessions), "session");
  const left = `with at least ${formatPercentBound(LEFT_EARLY)} of the time left`;
  return early === 0
    ? `No session was decided ${left}.`
    : `${early} of ${sessions} ended when the row was decided, ${left}.`;
}

function total(
  verdicts: readonly SlowDownVerdict[],
  of: (verdict: SlowDownVerdict) => number,
): number {
  return verdicts.reduce((sum, verdict) => sum + of(verdict), 0);
}

function copies(own: readonly SessionRecord[]): Block[] {
  const verdicts = judgeSlowDown(own, "copy");
  return [
    paragraph(
      "The candidate's library is the base's, byte for byte, in a file of its own. " +
        `${IN_TIME} ${HOW_BUSY}`,
    ),
    table(
      [
        "Benchmark",
        "Machine",
        ">Improved or regressed",
        ">Estimate",
        "Bound",
        ">Seconds",
        ">Pairs",
        ">Others' load",
        ">Load average",
      ],
      verdicts.map((row) => [
        code(row.id),
        row.busy,
        `${row.regressed + row.improved} of ${row.sessions}`,
        range(row.change, formatChange),
        nearness(row, "copy"),
        range(row.seconds, (seconds) => seconds.toFixed(0)),
        range(row.pairs, (pairs) => pairs.toFixed(0)),
        range(row.others, formatPercent),
        range(row.load1, (load) => load.toFixed(1)),
      ]),
    ),
    paragraph(`${nearnessInAll(own, "copy")} ${ending(verdicts)}`),
  ];
}

function identical(own: readonly SessionRecord[]): Block[] {
  const verdicts = judgeIdentical(own, "identical");
  const wrong = verdicts.reduce((sum, each) => sum + each.wrong, 0);
  const calls = verdicts.flatMap(({ calls }) =>
    calls.map(({ startedAt, id, metric, change }) =>
      `${formatMinute(startedAt)}: ${id} ${METRIC_WORDS[metric]} by ${formatChange(change)}`
    )
  );
  const bound = own.length < ENOUGH_IDENTICAL
    ? "too few to tell"
    : keptOrBroken(wrong <= MOST_WRONG * own.length);
  return [
    paragraph(
      `Both sides are the same code with the same options. ${HOW_BUSY}`,
    ),
    table(
      [
        "Machine",
        ">Comparisons",
        ">Rows",
        ">With a false verdict",
        ">Changes of rows",
        ">Seconds",
        ">Others' load",
        ">Load average",
      ],
      verdicts.map(identicalRow),
    ),
    paragraph(
      `In all, ${wrong} of ${plural(own.length, "comparison")} had a false verdict; ` +
        `at most 1 of 100: ${bound}.`,
    ),
    ...(calls.length === 0 ? [] : [paragraph("False verdicts:"), list(calls)]),
  ];
}

function identicalRow(verdict: IdenticalVerdict): string[] {
  const { busy, comparisons, rows, wrong, change, seconds, others, load1 } = verdict;
  return [
    busy,
    formatCount(comparisons),
    formatCount(rows),
    formatCount(wrong),
    range(change, formatChange),
    range(seconds, (each) => each.toFixed(0)),
    range(others, formatPercent),
    range(load1, (load) => load.toFixed(1)),
  ];
}

function keptOrBroken(kept: boolean): string {
  return kept ? "kept" : "broken";
}

/** What is true of a part, and how far from it the median of its estimates may be. */
function truthOf(part: Exclude<SessionPart, "identical">): { truth: number; most: number } {
  return part === "copy"
    ? { truth: 0, most: MOST_OFF_NONE }
    : { truth: SLOWED[part], most: MOST_OFF * SLOWED[part] };
}

/** Whether the median of the estimates is near enough to what is true. */
function nearness(
  { change, sessions }: Pick<SlowDownVerdict, "change" | "sessions">,
  part: Exclude<SessionPart, "identical">,
): string {
  if (change === null) return "–";
  const { truth, most } = truthOf(part);
  const low = formatPercentBound(truth - most);
  const high = formatPercentBound(truth + most);
  return sessions < ENOUGH_SLOWED
    ? `${low} to ${high}; too few to tell`
    : `${low} to ${high}: ${keptOrBroken(Math.abs(change.middle - truth) <= most)}`;
}

/** The median of the estimates whatever the machine did, as a sentence. */
function nearnessInAll(
  own: readonly SessionRecord[],
  part: Exclude<SessionPart, "identical">,
): string {
  const medians = judgeSlowDownInAll(own, part).flatMap((row) => {
    if (row.change === null) return [];
    const median = formatChange(row.change.middle);
    const bound = nearness(row, part);
    return [`${row.id} ${median} in ${plural(row.sessions, "session")} (${bound})`];
  });
  return medians.length === 0
    ? "No session had an estimate."
    : `Whatever the machine did, the median estimate is of ${joinWords(medians)}.`;
}

function range(
  of: { least: number; middle: number; most: number } | null,
  format: (value: number) => string,
): string {
  if (of === null) return "–";
  const { least, middle, most } = of;
  return format(least) === format(most)
    ? format(middle)
    : `${format(middle)} (${format(least)} to ${format(most)})`;
}

function spread(value: number | null): string {
  return value === null ? "–" : formatPercent(value);
}
