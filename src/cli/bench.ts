/** `bench`: measures a suite and writes its report. */
import { format as formatDuration } from "@std/fmt/duration";
import { analyse, type Analysis } from "../analysis/mod.ts";
import { buildBaselineReport, toConsole, toHtml, toJson, toMarkdown } from "../report/mod.ts";
import { readJournal, type Result, resultFromJournal, writeResult } from "../result/mod.ts";
import { bench, benchId, JOURNAL_FILE, resumeBench } from "../run/mod.ts";
import { parseStoreOptions, storeKind, type StoreOptions, STORES } from "../store/mod.ts";
import { planBenchmarks, PROFILES, type Suite } from "../suite/mod.ts";
import { EXIT } from "./exit_code.ts";
import type { Streams } from "./main.ts";
import { VERSION } from "./program.ts";
import { Progress } from "./progress.ts";
import { listWithSuggestion } from "./suggest.ts";
import { loadSuite, suiteNames } from "./suites.ts";
import { UsageError } from "./usage_error.ts";

/** The options of `bench`, as they are written. */
export interface BenchFlags {
  store?: string[];
  profile: string;
  runs?: string;
  filter?: string;
  sampling?: string;
  set?: string[];
  seed?: string;
  out?: string;
  data?: string;
  save?: string;
  resume?: string | true;
  list?: boolean;
  json?: boolean;
}

/** Where results go that are given no place; git ignores it. */
const LOCAL = "reports/local";
/** Where `--save` keeps results. */
const BASELINES = "reports/baselines";

/** Runs the command. */
export async function benchCommand(
  suites: string[],
  flags: BenchFlags,
  streams: Streams,
): Promise<number> {
  if (flags.list) return await listSuites(streams);
  const baseline = flags.save === undefined ? undefined : baselineFile(flags.save);
  const signal = interruptSignal();
  const session: Session = { flags, streams, signal, baseline };
  if (flags.resume !== undefined) return await resume(session);
  const several = new Set(suites).size > 1;
  if (several && (flags.out ?? flags.data ?? flags.save) !== undefined) {
    throw new UsageError(
      "Cannot give several suites one --out, --data or --save: bench them one by one",
    );
  }
  // Everything is checked before the first suite begins.
  const loaded = [];
  for (const name of new Set(suites)) loaded.push(await loadSuite(name));
  const requests = loaded.map((suite) => request(suite, flags));
  let code: number = EXIT.fine;
  for (const each of requests) {
    if (signal.aborted) break;
    code = Math.max(code, await benchOne(each, session));
  }
  return code;
}

interface Session {
  flags: BenchFlags;
  streams: Streams;
  signal: AbortSignal;
  /** Where the result is to be saved as well. */
  baseline: string | undefined;
}

type Request = Parameters<typeof bench>[0];

async function benchOne(request: Request, session: Session): Promise<number> {
  const { streams, signal } = session;
  for (const warning of request.warnings) streams.error(`note: ${warning}\n`);
  streams.error(
    `Suite ${request.suite.name}, profile ${request.profile.name}, stores ` +
      `${request.stores.join(", ")}, seed ${request.seed}\n`,
  );
  const progress = new Progress(streams);
  try {
    const result = await bench(request, progress, signal);
    return conclude(request.directory, result, session);
  } finally {
    progress.end();
  }
}

async function resume(session: Session): Promise<number> {
  const { flags, streams, signal } = session;
  const directory = typeof flags.resume === "string" ? flags.resume : newestInterrupted();
  streams.error(`Going on with ${directory}\n`);
  const progress = new Progress(streams);
  try {
    const result = await resumeBench(
      {
        directory,
        dataDirectory: flags.data,
        command: ["bench", ...Deno.args.slice(1)],
        version: VERSION,
      },
      progress,
      signal,
    );
    return conclude(directory, result, session);
  } finally {
    progress.end();
  }
}

/** Analyses, writes and prints what was measured, and says what to end with. */
function conclude(directory: string, result: Result, session: Session): number {
  const { flags, streams, baseline } = session;
  const failed = result.runs.filter((run) => run.state === "failed" && !run.superseded);
  const measured = result.runs.some((run) => run.samples.length > 0);
  let analysis: Analysis | undefined;
  if (measured) {
    analysis = analyse(result, { resamples: resamplesOf(result) });
    const document = buildBaselineReport(result, analysis);
    const markdown = `${directory}/report.md`;
    const html = `${directory}/report.html`;
    Deno.writeTextFileSync(markdown, toMarkdown(document));
    Deno.writeTextFileSync(html, toHtml(document));
    streams.error(toConsole(result, analysis));
    if (flags.json) streams.out(toJson(result, analysis));
    streams.error(`\nReport: ${markdown}\n        ${html}\n`);
  }
  if (baseline !== undefined && result.complete) {
    Deno.mkdirSync(BASELINES, { recursive: true });
    writeResult(baseline, result);
    streams.error(`Saved:  ${baseline}\n`);
  }
  if (!result.complete) {
    const what = failed.length > 0 ? `${failed.length} runs failed` : "interrupted";
    streams.error(
      `Not complete (${what}): what was measured is kept; go on with ` +
        `deno task bench --resume ${directory}\n`,
    );
    return EXIT.failed;
  }
  if (result.endedAt !== null) {
    const ms = Date.parse(result.endedAt) - Date.parse(result.startedAt);
    streams.error(`Took ${formatDuration(Math.round(ms / 1000) * 1000, { ignoreZero: true })}\n`);
  }
  const missed = analysis?.targets.some((target) => target.verdict === "missed") ?? false;
  return missed ? EXIT.missed : EXIT.fine;
}

/** Criterion's number, and a tenth for the profiles that are to be over soon. */
function resamplesOf(result: Result): number {
  return result.profile.runs >= 3 ? 100_000 : 10_000;
}

function request(suite: Suite, flags: BenchFlags): Request {
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
    command: Deno.args,
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

function profileOf(flags: BenchFlags) {
  if (!Object.hasOwn(PROFILES, flags.profile)) {
    throw new UsageError(
      `Unknown profile ${JSON.stringify(flags.profile)}: ` +
        listWithSuggestion(flags.profile, Object.keys(PROFILES)),
    );
  }
  const profile = PROFILES[flags.profile]!;
  if (flags.runs === undefined) return profile;
  return { ...profile, runs: wholeNumber("--runs", flags.runs, 1, 1000) };
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
function chooseStores(suite: Suite, flags: BenchFlags, options: StoreOptions) {
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
  return { stores, warnings };
}

function baselineFile(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new UsageError(
      `Cannot save as ${JSON.stringify(name)}: use letters, digits, dots, dashes and underscores`,
    );
  }
  const path = `${BASELINES}/${name}.json`;
  let there = true;
  try {
    Deno.statSync(path);
  } catch {
    there = false;
  }
  if (there) {
    throw new UsageError(
      `Cannot save as ${name}: ${path} is there already; choose another name or remove it`,
    );
  }
  return path;
}

function newestInterrupted(): string {
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(LOCAL)].map((entry) => entry.name).sort().reverse();
  } catch {
    // Nothing was benched here yet.
  }
  for (const name of names) {
    try {
      const journal = readJournal(`${LOCAL}/${name}/${JOURNAL_FILE}`);
      if (!resultFromJournal(journal).complete) return `${LOCAL}/${name}`;
    } catch {
      // A directory without a journal that can be read is not one to go on with.
    }
  }
  throw new UsageError(`Cannot resume: no interrupted bench is in ${LOCAL}; name its directory`);
}

async function listSuites(streams: Streams): Promise<number> {
  for (const name of suiteNames()) {
    const suite = await loadSuite(name);
    streams.out(`${name}: ${suite.title}\n`);
    for (const benchmark of planBenchmarks(suite, { stores: suite.stores })) {
      streams.out(`  ${benchmark.id}\n`);
    }
  }
  return EXIT.fine;
}

/** Aborted by Ctrl-C or a request to end. A second one ends at once, as if this were not here. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    const stop = () => {
      Deno.removeSignalListener(name, stop);
      controller.abort();
    };
    Deno.addSignalListener(name, stop);
  }
  return controller.signal;
}
