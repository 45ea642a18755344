/** `bench`: measures a suite and writes its report. */
import { type CompareOptions, compareResults, type LabelledResult } from "../analysis/mod.ts";
import { buildBaselineReport, comparisonToConsole, toConsole, toJson } from "../report/mod.ts";
import { fileReason, readJournal, type Result, resultFromJournal } from "../result/mod.ts";
import {
  bench,
  type BenchEvents,
  benchId,
  type BenchRequest,
  JOURNAL_FILE,
  resumeBench,
  RunError,
} from "../run/mod.ts";
import { parseStoreOptions, storeKind, type StoreOptions, STORES } from "../store/mod.ts";
import { DEFAULT_PROFILE, planBenchmarks, PROFILES, type Suite } from "../suite/mod.ts";
import { analyseResult } from "./analyse_result.ts";
import { newBaseline, saveBaseline } from "./baselines.ts";
import { EXIT } from "./exit_code.ts";
import { gateCode, type GateFlags, parseThresholds, writeGateFiles } from "./gate.ts";
import { interruptSignal, noticeInterrupts } from "./interrupt.ts";
import { Progress } from "./progress.ts";
import { readComparable } from "./read_any.ts";
import {
  FIGURES_FOLDER,
  htmlFile,
  markdownFiles,
  type ReportFile,
  writeFile,
} from "./report_files.ts";
import { formatSeconds } from "./seconds.ts";
import type { Streams } from "./streams.ts";
import { listWithSuggestion } from "./suggest.ts";
import { DEFAULT_SUITE, loadSuite, suiteNames } from "./suites.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The options of `bench`, as they are written. */
export interface BenchFlags extends GateFlags {
  store?: string[];
  profile?: string;
  runs?: string;
  filter?: string;
  sampling?: string;
  set?: string[];
  seed?: string;
  out?: string;
  data?: string;
  save?: string;
  against?: string;
  resume?: string | true;
  list?: boolean;
  json?: boolean;
}

/** Where results go that are given no place; git ignores it. */
const LOCAL = "reports/local";

/** What an interrupted bench had decided when it began. */
const DECIDED = ["store", "profile", "runs", "filter", "sampling", "set", "seed", "out"] as const;
/** What only one bench can have. */
const SINGLE = ["out", "data", "save", "json", "junit", "summary"] as const;
/** What is said by a comparison alone. */
const COMPARING = ["junit", "summary", "threshold"] as const;

/** Runs the command. */
export async function benchCommand(
  suites: string[],
  flags: BenchFlags,
  streams: Streams,
): Promise<number> {
  if (flags.list) return await listSuites(flags, streams);
  const baseline = flags.save === undefined ? undefined : newBaseline(flags.save);
  if (flags.against === undefined) {
    refuseAny(flags, COMPARING, "a bench that is not compared; add --against");
  }
  const rival = flags.against === undefined ? undefined : {
    label: flags.against,
    result: readComparable(flags.against),
    options: { thresholds: parseThresholds(flags.threshold ?? []) },
  };
  const session: Session = { flags, streams, signal: interruptSignal(), baseline, rival };
  if (flags.resume !== undefined) {
    refuseAny(flags, DECIDED, "an interrupted bench, which goes on as it was planned");
    if (suites.length > 0) {
      throw new UsageError(
        `Cannot resume and bench ${suites[0]}: give one directory, and no suite`,
      );
    }
    return await resume(session);
  }
  const names = suites.length === 0 ? [DEFAULT_SUITE] : [...new Set(suites)];
  if (names.length > 1) refuseAny(flags, SINGLE, "several suites; bench them one by one");
  // Everything is checked before the first suite begins.
  const loaded = [];
  for (const name of names) loaded.push(await loadSuite(name));
  const requests = loaded.map((suite) => requestOf(suite, flags));
  let code: number = EXIT.fine;
  for (const request of requests) {
    if (session.signal.aborted) return EXIT.failed;
    code = Math.max(code, await benchOne(request, session));
  }
  return code;
}

interface Session {
  flags: BenchFlags;
  streams: Streams;
  signal: AbortSignal;
  /** Where the result is to be saved as well. */
  baseline: string | undefined;
  /** What the result is to be compared with, and how. */
  rival: (LabelledResult & { options: CompareOptions }) | undefined;
}

/** Refuses options that would be given in vain. */
function refuseAny(flags: BenchFlags, options: readonly (keyof BenchFlags)[], what: string): void {
  const given = options.find((option) => flags[option] !== undefined);
  if (given !== undefined) throw new UsageError(`Cannot take --${given} for ${what}`);
}

async function benchOne(request: BenchRequest, session: Session): Promise<number> {
  const { streams, signal } = session;
  for (const warning of request.warnings) streams.error(`note: ${warning}\n`);
  streams.error(
    `Suite ${request.suite.name}, profile ${request.profile.name}, stores ` +
      `${request.stores.join(", ")}, seed ${request.seed}\n`,
  );
  const result = await withProgress(streams, (events) => bench(request, events, signal));
  return await conclude(request.directory, result, session);
}

async function resume(session: Session): Promise<number> {
  const { flags, streams, signal } = session;
  const directory = typeof flags.resume === "string" ? flags.resume : newestInterrupted();
  streams.error(`Going on with ${directory}\n`);
  const request = {
    directory,
    dataDirectory: flags.data,
    command: Deno.args,
    version: VERSION,
  };
  const result = await withProgress(streams, (events) => resumeBench(request, events, signal));
  return await conclude(directory, result, session);
}

async function withProgress(
  streams: Streams,
  measure: (events: BenchEvents) => Promise<Result>,
): Promise<Result> {
  const progress = new Progress(streams);
  try {
    return await measure(progress);
  } finally {
    progress.end();
  }
}

/** Analyses, writes and prints what was measured, and says what to end with. */
async function conclude(directory: string, result: Result, session: Session): Promise<number> {
  const { flags, streams, signal, baseline, rival } = session;
  const analysis = analyseResult(result);
  const comparison = rival &&
    compareResults(rival, { label: directory, result }, rival.options);
  const document = buildBaselineReport(
    result,
    analysis,
    comparison === undefined ? {} : { changes: comparison },
  );
  const markdown = `${directory}/report.md`;
  const html = `${directory}/report.html`;
  const files = [
    ...markdownFiles(document, markdown, FIGURES_FOLDER),
    htmlFile(document, result, html),
  ];
  for (const file of files) writeReport(file);
  streams.error(toConsole(result, analysis));
  if (comparison !== undefined) {
    streams.error(`\n${comparisonToConsole(comparison)}`);
    writeGateFiles(comparison, flags);
  }
  if (flags.json) streams.out(toJson(result, analysis, comparison));
  streams.error(`\nReport: ${markdown}\n        ${html}\n`);
  if (!result.complete) {
    const failed = result.runs.filter((run) => run.state === "failed" && !run.superseded).length;
    const saving = flags.save === undefined ? "" : ` --save ${flags.save}`;
    streams.error(
      `Not complete (${failed > 0 ? `failed runs: ${failed}` : "interrupted"}): what was ` +
        `measured is kept; go on with deno task bench --resume ${directory}${saving}\n`,
    );
    return EXIT.failed;
  }
  if (baseline !== undefined) {
    saveBaseline(baseline, result);
    streams.error(`Saved:  ${baseline}\n`);
  }
  if (result.endedAt !== null) {
    const ms = Date.parse(result.endedAt) - Date.parse(result.startedAt);
    streams.error(`Took ${formatSeconds(ms)}\n`);
  }
  await noticeInterrupts();
  if (signal.aborted) {
    streams.error("Interrupted, when everything was measured already\n");
    return EXIT.failed;
  }
  if (analysis.targets.some((target) => target.verdict === "missed")) return EXIT.missed;
  return comparison === undefined ? EXIT.fine : gateCode(comparison);
}

function writeReport(file: ReportFile): void {
  try {
    writeFile(file);
  } catch (error) {
    throw new RunError(
      `Cannot write the report ${file.path}: ${fileReason(error)}, ` +
        `then render it by deno task report; what was measured is kept`,
      "measuring",
      { cause: error },
    );
  }
}

function requestOf(suite: Suite, flags: BenchFlags): BenchRequest {
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

function profileOf({ profile: name = DEFAULT_PROFILE, runs }: BenchFlags) {
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
    try {
      const journal = readJournal(`${LOCAL}/${name}/${JOURNAL_FILE}`);
      const { complete, endedAt } = resultFromJournal(journal);
      if (!complete || endedAt === null) return `${LOCAL}/${name}`;
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
