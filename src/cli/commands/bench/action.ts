/** `bench`: measures a suite and writes its report. */
import { isFinished, variantName } from "../../../result/mod.ts";
import {
  bench,
  type BenchRequest,
  isInterleaved,
  readLanes,
  resumeBench,
} from "../../../run/mod.ts";
import { planBenchmarks, variantsOf } from "../../../suite/mod.ts";
import { newBaseline } from "../../baselines.ts";
import { requestOf } from "../../bench_request.ts";
import type { Call } from "../../call.ts";
import type { BenchFlags } from "./command.ts";
import type { BenchSession } from "./session.ts";
import { conclude } from "./conclude.ts";
import { obtainForResume, settleReleases } from "../../engine_step.ts";
import { EXIT } from "../../exit_code.ts";
import { parseThresholds } from "../../gate.ts";
import { differsInWords, libraryAgain, oldSide, otherSide } from "./interleave.ts";
import { settingsOf } from "../../ladder.ts";
import { interruptSignal } from "../../interrupt.ts";
import { LOAD_FLAGS, withLoadFlags } from "../../options/load.ts";
import { LOCAL } from "../../places.ts";
import { pluginsNamed, settleStores } from "../../plugins.ts";
import { tellNoise } from "../../noise.ts";
import { withProgress } from "../../progress.ts";
import { readComparable } from "../../read_any.ts";
import type { Streams } from "../../streams.ts";
import { DEFAULT_SUITE, loadSuite, suiteNames } from "../../suites.ts";
import { UsageError } from "../../usage_error.ts";
import { VERSION } from "../../version.ts";

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
] as const;
/** What only one bench can have. */
const SINGLE = ["out", "data", "save", "json", "junit", "summary", "interleave"] as const;
/** What only a bench of one side can have. */
const ALONE = ["save"] as const;
/** What only a bench has whose runs have their time to themselves. */
const SAMPLED = ["sampling"] as const;
/** What a ladder, whose releases are compared with one another, has no use for. */
const NOT_OF_LADDERS = [
  "interleave",
  "sampling",
  "against",
  "junit",
  "summary",
  "threshold",
  "control",
] as const;
/** What is said by a comparison alone. */
const COMPARING = ["junit", "summary", "threshold"] as const;
const NOT_COMPARED = "a bench that is not compared; add --against or --interleave";

/** Runs the command. */
export async function runBench(
  suites: string[],
  flags: BenchFlags,
  { streams, args }: Call,
): Promise<number> {
  if (flags.list) return await listSuites(flags, streams);
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
  if (names.length > 1) refuseAny(flags, SINGLE, "several suites; bench them one by one");
  // Everything is checked before the first suite begins.
  const loaded = [];
  for (const name of names) loaded.push(withLoadFlags(await loadSuite(name), flags));
  const measured = loaded.flatMap(({ stores, plugins = {} }) =>
    (flags.store ?? stores).map((store) => Object.hasOwn(plugins, store) ? plugins[store]! : store)
  );
  const old = flags.against === undefined ? undefined : oldSide(flags.against, measured);
  const turns = flags.interleave ?? old;
  if (turns !== undefined) {
    refuseAny(flags, ALONE, "an interleaved bench");
    refuseAny(flags, SAMPLED, "an interleaved bench, whose batches are all alike");
  } else if (flags.against === undefined) refuseAny(flags, COMPARING, NOT_COMPARED);
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
    const base = requestOf(named.suite, asked, args);
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
    code = Math.max(code, await benchOne(request, { ...session, rival }));
  }
  return code;
}

/** What was measured before, if that is what `--against` names. */
function rivalOf({ against }: BenchFlags): BenchSession["rival"] {
  return against === undefined ? undefined : { label: against, result: readComparable(against) };
}

/** Refuses options that would be given in vain. */
function refuseAny(flags: BenchFlags, options: readonly (keyof BenchFlags)[], what: string): void {
  const given = options.find((option) => flags[option] !== undefined);
  if (given !== undefined) throw new UsageError(`Cannot take --${given} for ${what}`);
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
  return await conclude(request.directory, lanes, session);
}

async function resume(session: BenchSession): Promise<number> {
  const { flags, streams, signal, command } = session;
  const directory = typeof flags.resume === "string" ? flags.resume : newestInterrupted();
  if (isInterleaved(directory)) refuseAny(flags, [...ALONE, "against"], "an interleaved bench");
  else if (flags.against === undefined) refuseAny(flags, COMPARING, NOT_COMPARED);
  streams.error(`Going on with ${directory}\n`);
  await obtainForResume(directory, flags, streams, signal);
  const library = flags.interleave && libraryAgain(flags.interleave);
  const plugins = flags.store && pluginsNamed(flags.store);
  const request = {
    directory,
    dataDirectory: flags.data,
    library,
    plugins,
    runLimitMs: flags.runLimit,
    command,
    version: VERSION,
  };
  await tellNoise(streams, flags.data ?? ".");
  const lanes = await withProgress(streams, (events) => resumeBench(request, events, signal));
  return await conclude(directory, lanes, session);
}

function newestInterrupted(): string {
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(LOCAL)].map((entry) => entry.name).sort().reverse();
  } catch {
    // Nothing was benched here yet.
  }
  for (const name of names) {
    const directory = `${LOCAL}/${name}`;
    try {
      if (!readLanes(directory).every(({ result }) => isFinished(result))) return directory;
    } catch {
      // A directory without a journal that can be read is not one to go on with.
    }
  }
  throw new UsageError(`Cannot resume: no interrupted bench is in ${LOCAL}; name its directory`);
}

async function listSuites(flags: BenchFlags, streams: Streams): Promise<number> {
  const list = [];
  for (const name of suiteNames()) {
    const suite = await loadSuite(name);
    const benchmarks = planBenchmarks(suite, { stores: suite.stores }).map(({ id }) => id);
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
