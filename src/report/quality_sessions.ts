/** The quality report's section on sessions that were really measured. */
import {
  formatChange,
  formatCount,
  formatMinute,
  formatPercentBound,
  joinWords,
  plural,
} from "../format/mod.ts";
import {
  judgeNoise,
  judgeSlowDown,
  METRIC_WORDS,
  type Noise,
  type Sessions,
  type SlowDown,
} from "../analysis/mod.ts";
import { type Block, code, heading, list, paragraph, table } from "./document.ts";

/** The sessions, or why there are none, as a clause. */
export type RealSessions = { sessions: Sessions } | { skipped: string };

/** False verdicts in forty comparisons that are borne, and called slow-downs in twenty that are asked. */
const MOST_WRONG = 1;
const LEAST_CALLED = 19 / 20;

/** Builds the section. What was not measured says `skipped`, and why. */
export function realSessions(real: RealSessions): Block[] {
  const sessions: Partial<Sessions> = "sessions" in real ? real.sessions : {};
  const why = "skipped" in real ? real.skipped : "that part was not measured";
  const skipped = (): Block[] => [
    paragraph(["skipped: ", why, "; ", code("deno task quality:real"), " measures it"]),
  ];
  return [
    heading(2, "Real sessions"),
    heading(3, "Identical code"),
    ...(sessions.noise === undefined ? skipped() : noise(sessions.noise)),
    heading(3, "A slow-down, injected"),
    ...(sessions.slowDown === undefined ? skipped() : slowDown(sessions.slowDown)),
  ];
}

function where({ environment, profile, stores, startedAt, endedAt, tool }: Noise | SlowDown) {
  const { cpu, host, kernel, os } = environment;
  const [from, to] = [formatMinute(startedAt), formatMinute(endedAt)];
  const name = host ?? "a machine whose name is not known";
  const model = cpu.model ?? "unknown processor";
  const processors = plural(cpu.logical ?? 0, "logical processor");
  const virtual = cpu.virtual ? ", a virtual machine" : "";
  const commit = tool.commit === null ? "" : `, commit ${tool.commit.slice(0, 12)}`;
  const runs = plural(profile.runs, "run");
  return `Measured from ${from} to ${to} on ${name} (${model}, ${processors}${virtual}, ` +
    `${os} ${kernel}) with Tidemark ${tool.version}${commit}: store ${joinWords(stores)}, ` +
    `${runs} a side, each of ${profile.warmupMs} ms of warm-up and ${profile.measureMs} ms.`;
}

const DESIGNS = {
  separate: "sessions by themselves, each against the one before",
  interleaved: "interleaved sessions",
} as const;

function noise(part: Noise): Block[] {
  const verdicts = judgeNoise(part);
  const calls = verdicts.flatMap(({ design, calls }) =>
    calls.map(({ pair, id, metric, change }) => {
      const what = `${id} ${METRIC_WORDS[metric]} by ${formatChange(change)}`;
      return `${DESIGNS[design]}, pair ${pair + 1}: ${what}`;
    })
  );
  return [
    paragraph(where(part)),
    table(
      ["Design", ">Pairs", ">Comparisons of a benchmark", ">With a false verdict", "Bound"],
      verdicts.map(({ design, pairs, comparisons, wrong }) => [
        DESIGNS[design],
        formatCount(pairs),
        formatCount(comparisons),
        formatCount(wrong),
        // Of fewer comparisons than the bound is for, nobody can tell.
        comparisons < 40
          ? "at most 1 of 40; too few to tell"
          : `at most 1 of 40: ${wrong * 40 <= MOST_WRONG * comparisons ? "kept" : "broken"}`,
      ]),
    ),
    ...(calls.length === 0 ? [] : [paragraph("False verdicts:"), list(calls)]),
  ];
}

function slowDown(part: SlowDown): Block[] {
  return [
    paragraph(where(part)),
    paragraph(
      `Every operation of the candidate burned ${formatPercentBound(part.burn)} of its own time. ` +
        "The runs that are needed were said beforehand, by one session of identical code.",
    ),
    table(
      [
        "Benchmark",
        "Metric",
        ">Runs a side",
        ">Said to need",
        ">Change, median",
        ">Called regressed",
        "Bound",
      ],
      judgeSlowDown(part).map((row) => [
        code(row.id),
        METRIC_WORDS[row.metric],
        formatCount(row.runs),
        row.advised === null ? "more than 1,000" : formatCount(row.advised),
        row.change === null ? "–" : formatChange(row.change),
        `${row.regressed} of ${row.sessions}`,
        row.told
          ? "none: it was said that more runs are needed"
          : row.sessions < 20
          ? "19 of 20; too few to tell"
          : `19 of 20: ${row.regressed >= LEAST_CALLED * row.sessions ? "kept" : "broken"}`,
      ]),
    ),
  ];
}
