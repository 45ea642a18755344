/** What follows a ladder's measuring: its steps once more with the older releases' options, and its report. */
import { judgeLadder, type Ladder, optionsOfOlder, withOptionsOf } from "../../../analysis/mod.ts";
import { isFile, JOURNAL_FILE } from "../../../disk/mod.ts";
import { formatSeconds, joinWords } from "../../../format/mod.ts";
import {
  buildLadderReport,
  ladderToConsole,
  ladderToJson,
  writeReport,
} from "../../../report/mod.ts";
import { kindOfStore, type Result } from "../../../result/mod.ts";
import { bench, type BenchRequest, type LaneResult, resumeBench } from "../../../run/mod.ts";
import type { StoreSettings } from "../../../store/mod.ts";
import type { Suite, Variant } from "../../../suite/mod.ts";
import { saveBaseline } from "../../baselines.ts";
import { EXIT } from "../../exit_code.ts";
import { againIn, readAgain } from "../../ladder_again.ts";
import { withProgress } from "../../progress.ts";
import { loadSuite } from "../../suites.ts";
import { VERSION } from "../../version.ts";
import { printResult } from "../../print_result.ts";
import type { BenchSession } from "./session.ts";

/**
 * Judges a ladder, measures its real steps again where its profile asks for that, writes and prints
 * its report, and says what to end with.
 *
 * @param directory The bench's.
 */
export async function concludeLadder(
  directory: string,
  { result }: LaneResult,
  session: BenchSession,
): Promise<number> {
  const { streams, signal, flags, baseline } = session;
  const again = result.complete ? await measureAgain(directory, result, session) : undefined;
  const ladder = judgeLadder(result, again);
  const reports = writeReport(directory, buildLadderReport(result, ladder), result);
  printResult(streams, ladderToConsole(ladder, streams.columns()), { taken: flags.json });
  if (flags.json) streams.out(`${ladderToJson(result, ladder)}\n`);
  streams.error(`\nReport: ${reports.join("\n        ")}\n`);
  if (!result.complete || signal.aborted || again?.complete === false) {
    streams.error(
      `Not complete: what was measured is kept; go on with deno task bench --resume ${directory}\n`,
    );
    return EXIT.failed;
  }
  if (baseline !== undefined) {
    saveBaseline(baseline, result);
    streams.error(`Saved:  ${baseline}\n`);
  }
  const ms = Date.parse((again ?? result).endedAt ?? "") - Date.parse(result.startedAt);
  streams.error(`Took ${formatSeconds(ms)}\n`);
  return EXIT.fine;
}

/**
 * Measures the steps again, or goes on with that.
 *
 * @returns `undefined` where there is nothing to measure.
 */
async function measureAgain(
  directory: string,
  result: Result,
  session: BenchSession,
): Promise<Result | undefined> {
  const { streams, signal, command, flags } = session;
  const place = againIn(directory);
  if (isFile(`${place}/${JOURNAL_FILE}`)) {
    const before = readAgain(directory)!;
    if (before.complete || signal.aborted) return before;
    const request = { directory: place, dataDirectory: flags.data, command, version: VERSION };
    const [lane] = await withProgress(streams, (events) => resumeBench(request, events, signal));
    return lane!.result;
  }
  const suite = await loadSuite(result.suite.name);
  if (suite.ladder?.profiles[result.profile.name]?.explains !== true || signal.aborted) {
    return undefined;
  }
  const ladder = judgeLadder(result);
  const again = stepsAgain(ladder, result);
  if (again.variants.length === 0) return undefined;
  const steps = [...new Set(ladder.steps.map(({ newer }) => ladder.rungs[newer]!.name))];
  const names = joinWords(steps);
  streams.error(
    `Code or defaults: measuring ${names} again, with the options of the release before\n`,
  );
  const request = requestOfAgain(place, suite, result, again, session);
  const [lane] = await withProgress(streams, (events) => bench(request, events, signal));
  return lane!.result;
}

function requestOfAgain(
  directory: string,
  suite: Suite,
  { benchmarks, profile, storeOptions, seed }: Result,
  again: StepsAgain,
  { command, flags }: BenchSession,
): BenchRequest {
  const stores = benchmarks.filter(({ variant }) => variant !== undefined)
    .map(({ store }) => kindOfStore(store));
  return {
    suite,
    profile,
    stores: [...new Set(stores)],
    ...again,
    storeOptions: { ...storeOptions } as StoreSettings,
    seed,
    directory,
    dataDirectory: flags.data,
    command,
    warnings: [],
    version: VERSION,
  };
}

/** What is measured again. */
interface StepsAgain {
  variants: Variant[];
  /** The three of each step, which take turns. */
  together: string[][];
}

/**
 * What is measured again: of each real step whose releases have an option of another value the older
 * release, the newer one, and the newer one with the older's options, in the step's own benchmarks.
 */
function stepsAgain({ rungs, steps, options }: Ladder, { benchmarks }: Result): StepsAgain {
  const together = new Map<string, string[]>();
  const byName = new Map<string, Variant & { benchmarks: string[] }>();
  const add = (name: string, variant: Variant["options"], benchmark: string) => {
    const known = byName.get(name);
    if (known === undefined) {
      byName.set(name, { name, options: variant, benchmarks: [benchmark] });
    } else if (!known.benchmarks.includes(benchmark)) known.benchmarks.push(benchmark);
  };
  const optionsOf = (rung: number) =>
    benchmarks.find(({ store }) => store === rungs[rung]!.store)!.variant ?? {};
  for (const { older, newer, name } of steps) {
    const differing = options.find((step) => step.newer === newer);
    const given = differing === undefined ? "" : optionsOfOlder(differing);
    // Without such options all of the step is the code's.
    if (given === "") continue;
    const [from, to] = [rungs[older]!.name, rungs[newer]!.name];
    const mixed = withOptionsOf(to, from);
    add(from, optionsOf(older), name);
    add(to, optionsOf(newer), name);
    add(mixed, { ...optionsOf(newer), engineOptions: given }, name);
    together.set(mixed, [from, to, mixed]);
  }
  return { variants: [...byName.values()], together: [...together.values()] };
}
