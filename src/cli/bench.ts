/** `bench`: measures a suite and writes its report. */
import { isFinished } from "../result/mod.ts";
import {
  bench,
  benchId,
  type BenchRequest,
  isInterleaved,
  readLanes,
  resumeBench,
} from "../run/mod.ts";
import { parseStoreOptions, storeKind, type StoreOptions, STORES } from "../store/mod.ts";
import { DEFAULT_PROFILE, planBenchmarks, PROFILES, type Suite } from "../suite/mod.ts";
import { newBaseline } from "./baselines.ts";
import { type BenchFlags, type BenchSession, withProgress } from "./bench_session.ts";
import { conclude } from "./conclude.ts";
import { EXIT } from "./exit_code.ts";
import { parseThresholds } from "./gate.ts";
import { candidateOf, differsInWords } from "./interleave.ts";
import { interruptSignal } from "./interrupt.ts";
import { readComparable } from "./read_any.ts";
import type { Streams } from "./streams.ts";
import { listWithSuggestion } from "./suggest.ts";
import { DEFAULT_SUITE, loadSuite, suiteNames } from "./suites.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** Where results go that are given no place; git ignores it. */
const LOCAL = "reports/local";

/** What an interrupted bench had decided when it began. */
const DECIDED = [
  "store",
  "profile",
  "runs",
  "filter",
  "sampling",
  "set",
  "seed",
  "out",
  "interleave",
] as const;
/** What only one bench can have. */
const SINGLE = ["out", "data", "save", "json", "junit", "summary", "interleave"] as const;
/** What only a bench of one side can have. */
const ALONE = ["save", "against"] as const;
/** What is said by a comparison alone. */
const COMPARING = ["junit", "summary", "threshold"] as const;
const NOT_COMPARED = "a bench that is not compared; add --against or --interleave";

/**
 * Runs the command.
 *
 * @param command The whole command line, to be recorded.
 */
export async function benchCommand(
  suites: string[],
  flags: BenchFlags,
  streams: Streams,
  command: readonly string[],
): Promise<number> {
  if (flags.list) return await listSuites(flags, streams);
  const baseline = flags.save === undefined ? undefined : newBaseline(flags.save);
  const session: BenchSession = {
    flags,
    streams,
    command,
    signal: interruptSignal(),
    comparing: { thresholds: parseThresholds(flags.threshold ?? []) },
    baseline,
    rival: flags.against === undefined
      ? undefined
      : { label: flags.against, result: readComparable(flags.against) },
  };
  if (flags.resume !== undefined) {
    refuseAny(flags, DECIDED, "an interrupted bench, which goes on as it was planned");
    if (suites.length > 0) {
      throw new UsageError(
        `Cannot resume and bench ${suites[0]}: give one directory, and no suite`,
      );
    }
    return await resume(session);
  }
  if (flags.interleave !== undefined) refuseAny(flags, ALONE, "an interleaved bench");
  else if (flags.against === undefined) refuseAny(flags, COMPARING, NOT_COMPARED);
  const names = suites.length === 0 ? [DEFAULT_SUITE] : [...new Set(suites)];
  if (names.length > 1) refuseAny(flags, SINGLE, "several suites; bench them one by one");
  // Everything is checked before the first suite begins.
  const loaded = [];
  for (const name of names) loaded.push(await loadSuite(name));
  const requests = loaded.map((suite) => {
    const base = requestOf(suite, flags, command);
    const { interleave } = flags;
    return interleave === undefined ? base : { ...base, candidate: candidateOf(base, interleave) };
  });
  let code: number = EXIT.fine;
  for (const request of requests) {
    if (session.signal.aborted) return EXIT.failed;
    code = Math.max(code, await benchOne(request, session));
  }
  return code;
}

/** Refuses options that would be given in vain. */
function refuseAny(flags: BenchFlags, options: readonly (keyof BenchFlags)[], what: string): void {
  const given = options.find((option) => flags[option] !== undefined);
  if (given !== undefined) throw new UsageError(`Cannot take --${given} for ${what}`);
}

async function benchOne(request: BenchRequest, session: BenchSession): Promise<number> {
  const { streams, signal } = session;
  const { suite, profile, stores, candidate, seed } = request;
  for (const warning of request.warnings) streams.error(`note: ${warning}\n`);
  const mixed = candidate && `interleaved with ${differsInWords(candidate.differs)}`;
  streams.error(
    [
      `Suite ${suite.name}`,
      `profile ${profile.name}`,
      `stores ${stores.join(", ")}`,
      mixed,
      `seed ${seed}\n`,
    ].filter((part) => part !== undefined).join(", "),
  );
  const lanes = await withProgress(streams, (events) => bench(request, events, signal));
  return await conclude(request.directory, lanes, session);
}

async function resume(session: BenchSession): Promise<number> {
  const { flags, streams, signal, command } = session;
  const directory = typeof flags.resume === "string" ? flags.resume : newestInterrupted();
  if (isInterleaved(directory)) refuseAny(flags, ALONE, "an interleaved bench");
  else if (flags.against === undefined) refuseAny(flags, COMPARING, NOT_COMPARED);
  streams.error(`Going on with ${directory}\n`);
  const request = { directory, dataDirectory: flags.data, command, version: VERSION };
  const lanes = await withProgress(streams, (events) => resumeBench(request, events, signal));
  return await conclude(directory, lanes, session);
}

/** The options that say what is measured. */
type RequestFlags = Pick<
  BenchFlags,
  "store" | "profile" | "runs" | "filter" | "sampling" | "set" | "seed" | "out" | "data"
>;

/**
 * What a call asks for, checked.
 *
 * @param command The whole command line, to be recorded.
 * @throws {UsageError} Where it asks for what there is not.
 */
export function requestOf(
  suite: Suite,
  flags: RequestFlags,
  command: readonly string[],
): BenchRequest {
  const profile = profileOf(flags);
  const storeOptions = parseStoreOptions(flags.set ?? []);
  const { stores, warnings } = chooseStores(suite, flags, storeOptions);
  const { sampling } = flags;
  if (sampling !== undefined && sampling !== "flat" && sampling !== "linear") {
    throw new UsageError(`Unknown sampling ${JSON.stringify(sampling)}: there is flat, linear`);
  }
  const selection = { stores, filter: flags.filter, sampling } as const;
  // Says at once where the filter leaves nothing.
  planBenchmarks(suite, selection);
  return {
    suite,
    profile,
    ...selection,
    storeOptions,
    seed: flags.seed === undefined
      ? crypto.getRandomValues(new Uint32Array(1))[0]!
      : wholeNumber("--seed", flags.seed, 0),
    directory: flags.out ?? freeDirectory(benchId(suite.name, new Date())),
    dataDirectory: flags.data,
    command,
    warnings,
    version: VERSION,
  };
}

/** A directory of this name that is not there yet: two benches may begin in the same second. */
function freeDirectory(id: string): string {
  for (let i = 1;; i++) {
    const path = i === 1 ? `${LOCAL}/${id}` : `${LOCAL}/${id}-${i}`;
    try {
      Deno.statSync(path);
    } catch {
      return path;
    }
  }
}

function profileOf({ profile: name = DEFAULT_PROFILE, runs }: RequestFlags) {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile === undefined) {
    throw new UsageError(
      `Unknown profile ${JSON.stringify(name)}: ${listWithSuggestion(name, Object.keys(PROFILES))}`,
    );
  }
  return runs === undefined ? profile : { ...profile, runs: wholeNumber("--runs", runs, 1, 1000) };
}

function wholeNumber(option: string, text: string, least: number, most = 2 ** 53 - 1): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError(
      `Cannot take ${
        JSON.stringify(text)
      } for ${option}: give a whole number from ${least} to ${most}`,
    );
  }
  return value;
}

/**
 * The stores to measure. What was asked for must be there; of the suite's own choice, what this
 * machine lacks is left out and said.
 */
function chooseStores(suite: Suite, flags: RequestFlags, options: StoreOptions) {
  const warnings: string[] = [];
  const names = STORES.map((store) => store.name);
  for (const name of flags.store ?? []) {
    if (!names.includes(name)) {
      throw new UsageError(
        `Unknown store ${JSON.stringify(name)}: ${listWithSuggestion(name, names)}`,
      );
    }
    storeKind(name).require(options);
  }
  if (flags.store !== undefined) return { stores: [...new Set(flags.store)], warnings };
  const stores = suite.stores.filter((name) => {
    const missing = storeKind(name).missing();
    if (missing === undefined) storeKind(name).require(options);
    else warnings.push(`The store ${name} is not measured. ${missing}.`);
    return missing === undefined;
  });
  if (stores.length === 0) {
    throw new UsageError(
      `Cannot measure any store of the suite ${suite.name}: ${warnings.join(" ")}`.slice(0, -1),
    );
  }
  return { stores, warnings };
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
