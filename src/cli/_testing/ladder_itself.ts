/**
 * `deno task test:ladder [RELEASE]`: ladders of one release against itself under several names, which
 * must not have a step, and of one rung that was slowed down on purpose, which must. A false verdict
 * is a row that is said to have improved or regressed in the first kind; the task ends with 1 where
 * there is one.
 */
import { Command } from "commander";
import { judgeLadder, type Ladder, type LadderRow } from "../../analysis/mod.ts";
import { replaceFile } from "../../disk/mod.ts";
import { compareReleases, obtainRelease, pinnedNames } from "../../engine/mod.ts";
import { formatPercent, formatSeconds, toTerminal } from "../../format/mod.ts";
import { bench } from "../../run/mod.ts";
import { derive } from "../../stats/mod.ts";
import { requestOf } from "../bench_request.ts";
import { settingsOf } from "../ladder.ts";
import { wholeNumber } from "../options/values.ts";
import { LOCAL } from "../places.ts";
import { loadSuite } from "../suites.ts";

/** The slow-down that is injected, as a share of each operation's time. */
const BURN = 0.1;
/** Names under which the release is measured: with eleven metrics that makes 55 rows. */
const NAMES = 4;
/** The one of them that is slowed down. */
const SLOWED = 2;

interface Flags {
  repeats: number;
  slowed: number;
  runs: number;
  seed: number;
  filter?: string;
  counts?: string;
}

/** What a ladder came to. */
interface LadderCounts {
  /** Whether a rung was slowed down. */
  slowed: boolean;
  seed: number;
  seconds: number;
  /** Rows in which nothing changed and that could be judged. */
  rows: number;
  /** Rows that are said to have changed where nothing did. */
  wrong: string[];
  /** Of those that the slow-down is in, all, and those that were called. */
  changed: number;
  called: number;
  /** The smallest adjusted p of the rows in which nothing changed. */
  leastP: number | null;
  /** Median spread over the metrics, held against what took turns, and alone. */
  paired: number | null;
  unpaired: number | null;
}

const isVerdict = ({ verdict }: LadderRow) => verdict === "improved" || verdict === "regressed";

/** Whether exactly one side of a row was slowed down. A tail is not what burning makes longer. */
function isSlowed({ older, newer, metric }: LadderRow): boolean {
  return (older === SLOWED) !== (newer === SLOWED) && metric !== "p99";
}

function countsOf({ rows, series }: Ladder, slowed: boolean) {
  const judged = rows.filter(({ adjustedP }) => adjustedP !== null);
  const touched = (row: LadderRow) => slowed && (row.older === SLOWED || row.newer === SLOWED);
  const same = judged.filter((row) => !touched(row));
  const changed = slowed ? judged.filter(isSlowed) : [];
  const spreads = series.flatMap(({ spread }) => spread ?? []);
  const middle = (values: number[]) =>
    values.length === 0 ? null : values.toSorted((a, b) => a - b)[values.length >> 1]!;
  return {
    rows: same.length,
    wrong: same.filter(isVerdict)
      .map(({ name, metric, older, newer }) => `${name} ${metric} ${older} to ${newer}`),
    changed: changed.length,
    called:
      changed.filter((row) =>
        isVerdict(row) && (row.verdict === "regressed") === (row.newer === SLOWED)
      ).length,
    leastP: same.length === 0 ? null : Math.min(...same.map(({ adjustedP }) => adjustedP!)),
    paired: middle(spreads.map(({ paired }) => paired)),
    unpaired: middle(spreads.map(({ unpaired }) => unpaired)),
  };
}

async function climb(
  release: string,
  slowed: boolean,
  place: number,
  { runs, seed, filter }: Flags,
): Promise<LadderCounts> {
  const suite = await loadSuite("releases");
  const set = [`release=${release}`, ...Array.from({ length: NAMES - 1 }, () => release)];
  const own = derive(seed, slowed ? "slowed" : "itself", String(place));
  const directory = Deno.makeTempDirSync({ dir: LOCAL, prefix: "ladder-" });
  try {
    const flags = {
      profile: "quick",
      runs,
      ...(filter !== undefined && { filter }),
      seed: own,
      out: `${directory}/out`,
    };
    const settings = settingsOf(suite, { ...flags, set });
    const request = requestOf(suite, { ...flags, store: ["raw"], set: settings! }, ["test:ladder"]);
    const variants = request.variants!.map((variant, rung) =>
      slowed && rung === SLOWED
        ? { ...variant, options: { ...variant.options, burn: BURN } }
        : variant
    );
    const start = performance.now();
    const never = new AbortController().signal;
    const [lane] = await bench({ ...request, variants }, {}, never);
    const failed = lane!.result.runs.find(({ state }) => state === "failed");
    if (failed !== undefined) throw new Error(`A run failed: ${failed.error}`);
    const counts = countsOf(judgeLadder(lane!.result), slowed);
    return { slowed, seed: own, seconds: (performance.now() - start) / 1000, ...counts };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function told({ slowed, rows, wrong, changed, called, leastP, seconds, ...spreads }: LadderCounts) {
  const percent = (share: number | null) => share === null ? "not known" : formatPercent(share);
  return [
    slowed
      ? `one slowed down by ${formatPercent(BURN)}: ${called} of ${changed} rows called`
      : "against itself",
    `${wrong.length} of ${rows} rows wrong${wrong.length > 0 ? ` (${wrong.join(", ")})` : ""}`,
    `least adjusted p ${leastP === null ? "none" : leastP.toPrecision(2)}`,
    `spread ${percent(spreads.paired)} in turns, ${percent(spreads.unpaired)} alone`,
    formatSeconds(seconds * 1000),
  ].join("; ");
}

if (import.meta.main) {
  const call = new Command("test:ladder")
    .description("Measures a release against itself, and slowed down, as ladders.")
    .argument("[release]", "a pinned one (default: the newest)")
    .addOption(wholeNumber("--repeats <n>", "ladders against itself").default(5))
    .addOption(wholeNumber("--slowed <n>", "ladders with one slowed down").default(1))
    .addOption(wholeNumber("--runs <n>", "runs of each", { least: 3 }).default(4))
    .addOption(wholeNumber("--seed <n>", "order of the runs and values").default(1))
    .option("--filter <text>", "only benchmarks whose id contains it")
    .option("--counts <file>", "where the counts are kept")
    .parse(Deno.args, { from: "user" });
  const flags = call.opts<Flags>();
  const newest = pinnedNames().filter((name) => /^\d/.test(name)).toSorted(compareReleases).at(-1)!;
  const release = call.args[0] ?? newest;
  await obtainRelease(release);
  Deno.mkdirSync(LOCAL, { recursive: true });
  const all: LadderCounts[] = [];
  for (let i = 0; i < flags.repeats + flags.slowed; i++) {
    const slowed = i >= flags.repeats;
    const counts = await climb(release, slowed, i, flags);
    all.push(counts);
    // After each: a run of a quarter of an hour may be ended.
    if (flags.counts !== undefined) {
      replaceFile(flags.counts, JSON.stringify({ release, ladders: all }, null, 2) + "\n");
    }
    console.log(toTerminal(`${i + 1}. ${release} ${told(counts)}`).trimEnd());
  }
  const sum = (of: (counts: LadderCounts) => number) =>
    all.reduce((total, counts) => total + of(counts), 0);
  const wrong = sum((counts) => counts.wrong.length);
  console.log(
    `${wrong} false verdicts in ${sum(({ rows }) => rows)} rows; ` +
      `${sum(({ called }) => called)} of ${sum(({ changed }) => changed)} slow-downs called`,
  );
  if (wrong > 0) Deno.exit(1);
}
