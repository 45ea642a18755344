/** `bench`: measures a suite and writes its report. */
import { variantName } from "../../../result/mod.ts";
import { bench, type BenchRequest, valgrindVersion } from "../../../run/mod.ts";
import { planBenchmarks, variantsOf } from "../../../suite/mod.ts";
import { newBaseline } from "../../baselines.ts";
import { requestOf } from "../../bench_request.ts";
import type { Call } from "../../call.ts";
import type { BenchFlags } from "./command.ts";
import type { BenchSession } from "./session.ts";
import { conclude } from "./conclude.ts";
import { findRate } from "./find_rate.ts";
import { findRates } from "./find_rates.ts";
import {
  ALONE,
  COMPARING,
  COUNTING,
  NOT_COMPARED,
  NOT_IN_TURNS,
  NOT_OF_LADDERS,
  NOT_OF_SEARCHES,
  refuseAny,
} from "./refuse.ts";
import { resume } from "./resume.ts";
import { settleReleases } from "../../engine_step.ts";
import { EXIT } from "../../exit_code.ts";
import { parseThresholds } from "../../gate.ts";
import { differsInWords, oldSide, otherSide } from "./interleave.ts";
import { settingsOf } from "../../ladder.ts";
import { interruptSignal } from "../../interrupt.ts";
import { LOAD_FLAGS, withLoadFlags } from "../../options/load.ts";
import { settleStores } from "../../plugins.ts";
import { tellNoise } from "../../noise.ts";
import { withProgress } from "../../progress.ts";
import { readComparable } from "../../read_any.ts";
import type { Streams } from "../../streams.ts";
import { DEFAULT_SUITE, loadSuite, suiteNames } from "../../suites.ts";
import { UsageError } from "../../usage_error.ts";
import { requireUntilSure, untilSure } from "./until_sure.ts";
import { requireNewDirectory } from "../../new_files.ts";

/** What an interrupted bench had decided when it began. */
const DECIDED = [
  "profile",
  "runs",
  "filter",
  "sampling",
  "set",
  "from",
  "to",
  "seed",
  "out",
  "control",
  ...LOAD_FLAGS,
  "findRate",
  "mostP99",
  "memoryLimit",
  "cold",
  "untilSure",
  "atMost",
  "count",
] as const;
/** What only one bench can have. */
const SINGLE = ["out", "data", "save", "json", "junit", "summary", "interleave"] as const;
/** What only a bench has whose runs have their time to themselves. */
const SAMPLED = ["sampling"] as const;

/** Runs the command. */
export async function runBench(
  suites: string[],
  flags: BenchFlags,
  { streams, args }: Call,
): Promise<number> {
  if (flags.list) return await listSuites(suites, flags, streams);
  const baseline = flags.save === undefined ? undefined : newBaseline(flags.save);
  const session: BenchSession = {
    flags,
    streams,
    command: args,
    signal: interruptSignal(),
    comparing: { thresholds: parseThresholds(flags.threshold ?? []) },
    baseline,
  };
  if (flags.resume !== undefined) {
    refuseAny(flags, DECIDED, "an interrupted bench, which goes on as it was planned");
    if (suites.length > 0) {
      throw new UsageError(
        `Cannot resume and bench ${suites[0]}: give one directory, and no suite`,
      );
    }
    return await resume({ ...session, rival: rivalOf(flags) });
  }
  if (flags.interleave !== undefined) refuseAny(flags, ["against"], "an interleaved bench");
  const names = suites.length === 0 ? [DEFAULT_SUITE] : [...new Set(suites)];
  if (flags.findRate) {
    refuseAny(flags, NOT_OF_SEARCHES, "a search, whose steps are benches of one load each");
    if (names.length > 1) {
      throw new UsageError(`Cannot search the rate of ${names.join(" and ")}: give one suite`);
    }
  } else refuseAny(flags, ["mostP99"], "a bench that searches no rate; add --find-rate");
  if (names.length > 1) refuseAny(flags, SINGLE, "several suites; bench them one by one");
  // A search goes on in the directory that it began.
  if (!flags.findRate) requireNewDirectory(flags.out, "result directory");
  // Everything is checked before the first suite begins.
  const loaded = [];
  for (const name of names) loaded.push(withLoadFlags(await loadSuite(name), flags));
  const measured = loaded.flatMap(({ stores, plugins = {} }) =>
    (flags.store ?? stores).map((store) => Object.hasOwn(plugins, store) ? plugins[store]! : store)
  );
  const old = flags.against === undefined ? undefined : oldSide(flags.against, measured);
  const turns = flags.interleave ?? old;
  requireUntilSure(flags, turns !== undefined);
  if (turns !== undefined) {
    refuseAny(flags, ALONE, "an interleaved bench");
    refuseAny(flags, SAMPLED, "an interleaved bench, whose batches are all alike");
  } else {
    refuseAny(flags, COUNTING, NOT_IN_TURNS);
    if (flags.against === undefined) refuseAny(flags, COMPARING, NOT_COMPARED);
  }
  const counting = flags.count ? await valgrindVersion() : undefined;
  const rival = old === undefined ? rivalOf(flags) : undefined;
  const requests: BenchRequest[] = [];
  for (const suite of loaded) {
    if (suite.ladder !== undefined) refuseAny(flags, NOT_OF_LADDERS, "a ladder of releases");
    const calls = { ...flags, ...(turns !== undefined && { interleave: turns }) };
    const named = await settleStores(calls, suite, streams, session.signal);
    const { plugins, otherPlugins, warnings: noticed, store } = named;
    const settings = {
      ...flags,
      ...(named.interleave !== undefined && { interleave: named.interleave }),
      set: settingsOf(suite, flags),
    };
    const wanted = store ?? named.suite.stores;
    const settled = await settleReleases(settings, wanted, streams, session.signal);
    const asked = { ...flags, ...settled, plugins, noticed, ...(store !== undefined && { store }) };
    const wished = { ...requestOf(named.suite, asked, args), counting };
    const base = untilSure(wished, asked, session.comparing);
    const { interleave } = settled;
    if (interleave === undefined) requests.push(base);
    else {
      const role = old === undefined ? "candidate" : "base";
      requests.push({ ...base, other: otherSide(base, interleave, otherPlugins, role) });
    }
  }
  let code: number = EXIT.fine;
  for (const request of requests) {
    if (session.signal.aborted) return EXIT.failed;
    if (flags.findRate) return await findRate(request, session);
    code = Math.max(code, await benchOne(request, { ...session, rival }));
  }
  return code;
}

/** What was measured before, if that is what `--against` names. */
function rivalOf({ against }: BenchFlags): BenchSession["rival"] {
  return against === undefined ? undefined : { label: against, result: readComparable(against) };
}

async function benchOne(request: BenchRequest, session: BenchSession): Promise<number> {
  const { streams, signal } = session;
  const { suite, profile, stores, variants = [], other, seed } = request;
  for (const warning of request.warnings) streams.error(`note: ${warning}\n`);
  const mixed = other && (other.role === "base" ? "in turns against" : "interleaved with");
  const measured = stores.flatMap((store) =>
    variantsOf(store, variants).map(({ name }) => variantName(store, name))
  );
  streams.error(
    [
      `Suite ${suite.name}`,
      `profile ${profile.name}`,
      `stores ${measured.join(", ")}`,
      mixed && `${mixed} ${differsInWords(other.differs)}`,
      `seed ${seed}\n`,
    ].filter((part) => part !== undefined).join(", "),
  );
  await tellNoise(streams, request.dataDirectory ?? ".");
  const lanes = await withProgress(streams, (events) => bench(request, events, signal));
  const code = await conclude(request.directory, lanes, session);
  return Math.max(code, await findRates(request.directory, lanes, request.plugins, session));
}

/**
 * Lists the suites that are named with what the call would measure of them, or all; where none is named
 * and something is chosen, the one that would be measured.
 */
async function listSuites(
  suites: readonly string[],
  flags: BenchFlags,
  streams: Streams,
): Promise<number> {
  const list = [];
  const choosing = [...LOAD_FLAGS, "filter", "store"] as const;
  const chooses = choosing.some((flag) => flags[flag] !== undefined);
  const all = chooses ? [DEFAULT_SUITE] : suiteNames();
  for (const name of suites.length > 0 ? suites : all) {
    const suite = withLoadFlags(await loadSuite(name), flags);
    const { store: stores = suite.stores, filter } = flags;
    const benchmarks = planBenchmarks(suite, { stores, filter }).map(({ id }) => id);
    list.push({ name, title: suite.title, benchmarks });
  }
  if (flags.json) streams.out(JSON.stringify(list, null, 1) + "\n");
  else {
    for (const { name, title, benchmarks } of list) {
      streams.out([`${name}: ${title}`, ...benchmarks].join("\n  ") + "\n");
    }
  }
  return EXIT.fine;
}
