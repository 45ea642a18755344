/** `bisect`: which commit it was. */
import { timeRatios } from "../../../analysis/mod.ts";
import {
  BisectError,
  BisectJournal,
  type BisectPlan,
  buildCommit,
  type CommitName,
  Repository,
} from "../../../bisect/mod.ts";
import { isTaken, WorkFolder } from "../../../disk/mod.ts";
import {
  formatChange,
  formatChangeRange,
  formatPercentBound,
  formatSeconds,
  plural,
  printable,
} from "../../../format/mod.ts";
import { checkPlugin } from "../../../plugin/mod.ts";
import { bench, benchId, type BenchRequest } from "../../../run/mod.ts";
import { derive, type Measure, median, nextStep, type SearchEnd } from "../../../stats/mod.ts";
import { pluginFile } from "../../../store/plugin/mod.ts";
import { DUET_PROFILES, planBenchmarks, type Suite } from "../../../suite/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { interruptSignal } from "../../interrupt.ts";
import { freeDirectory, newDirectory, requireNewDirectory } from "../../new_files.ts";
import { tellNoise } from "../../noise.ts";
import { drawnSeed } from "../../options/measuring.ts";
import { printResult } from "../../print_result.ts";
import type { Streams } from "../../streams.ts";
import { loadSuite } from "../../suites.ts";
import { UsageError } from "../../usage_error.ts";
import { VERSION } from "../../version.ts";
import type { BisectFlags } from "./command.ts";

/** The store of both sides: what differs is the commit. */
const STORE = "plugin@bisect";

/** Letters of a reason: a compiler's line may have any number. */
const MOST_REASON = 500;

/** A plug-in's file that was built and checked. */
type Library = { path: string; sha256: string };

/** Runs the command. */
export async function runBisect(
  [good, bad]: [string, string],
  flags: BisectFlags,
  { streams, args }: Call,
): Promise<number> {
  if (flags.out !== undefined && flags.resume !== undefined) {
    throw new UsageError(
      "Cannot take --out for a search that is gone on with, which has its directory",
    );
  }
  requireNewDirectory(flags.out);
  const repository = await Repository.open(flags.repo);
  const commits = await repository.commits(good, bad);
  const suite = oneBenchmark(await loadSuite(flags.suite), flags.filter);
  const benchmark = planBenchmarks(suite, { stores: [STORE] })[0]!.name;
  const plan: BisectPlan = {
    kind: "plan",
    schema: "tidemark.bisect",
    version: 1,
    commits: commits.map(({ hash }) => hash),
    command: flags.run,
    plugin: flags.plugin ?? null,
    suite: suite.name,
    benchmark,
    error: flags.error,
    seed: flags.seed ?? drawnSeed(),
  };
  const directory = flags.resume ?? flags.out ?? freeDirectory(benchId("bisect", new Date()));
  if (flags.resume === undefined) newDirectory(directory);
  using journal = flags.resume === undefined
    ? BisectJournal.begin(directory, plan)
    : BisectJournal.resume(directory, plan);
  using work = new WorkFolder("bisect");
  const folder = work.path;
  const signal = interruptSignal();
  const began = performance.now();
  const head = [
    `${plural(commits.length - 1, "commit")} after ${printable(commits[0]!.title)}`,
    benchmark,
    `${formatPercentBound(flags.error)} error`,
    `seed ${plan.seed}`,
  ].join(", ");
  streams.error(`${head}: ${directory}\n`);
  if (navigator.hardwareConcurrency === 1) {
    streams.error("note: there is one processor; the two sides take turns on it all the same\n");
  }
  await tellNoise(streams, directory);
  const search = new Bisection({
    repository,
    commits,
    flags,
    suite,
    plan,
    journal,
    directory,
    folder,
    streams,
    signal,
    command: args,
  });
  const end = await search.run();
  if (end === undefined) {
    streams.error(`Interrupted: go on with the same call and --resume ${directory}\n`);
    return EXIT.failed;
  }
  return tell(end, { commits, journal, flags, streams, benchmark, began });
}

/** A suite with the one benchmark alone that a text names. */
function oneBenchmark(suite: Suite, filter: string): Suite {
  const benchmarks = suite.benchmarks.filter(({ name }) => name.includes(filter));
  const names = (benchmarks.length > 0 ? benchmarks : suite.benchmarks).map(({ name }) => name);
  if (benchmarks.length !== 1) {
    const [given, all] = [JSON.stringify(filter), names.join(", ")];
    throw new UsageError(
      `Cannot search by ${given}: it is in the names of ${benchmarks.length} benchmarks, and one is ` +
        `needed; name one of ${all}`,
    );
  }
  // Loads have threads of their own and no turns.
  return { ...suite, benchmarks, loads: [], variants: [], targets: [], claims: [] };
}

/** What a search has at hand. */
interface Bisecting {
  repository: Repository;
  commits: readonly CommitName[];
  flags: BisectFlags;
  suite: Suite;
  plan: BisectPlan;
  journal: BisectJournal;
  directory: string;
  folder: string;
  streams: Streams;
  signal: AbortSignal;
  command: readonly string[];
}

/** A search under way: builds, checks and measures what is asked next, until nothing is. */
class Bisection {
  readonly #at: Bisecting;
  readonly #built = new Map<number, Library>();

  constructor(at: Bisecting) {
    this.#at = at;
  }

  /** @returns `undefined` where it was interrupted. */
  async run(): Promise<SearchEnd | undefined> {
    const { commits, plan, journal, flags, signal } = this.#at;
    const search = { commits: commits.length - 1, error: plan.error, mostPairs: flags.most };
    while (!signal.aborted) {
      const step = nextStep(search, journal.lines);
      if (step.kind !== "measure") return step;
      await this.#take(step);
    }
    return undefined;
  }

  async #take(step: Measure): Promise<void> {
    const { signal, streams, journal, commits } = this.#at;
    const base = await this.#library(step.base);
    const candidate = base && await this.#library(step.candidate);
    if (base === undefined || candidate === undefined || signal.aborted) return;
    const [later, earlier] = [step.candidate, step.base].map((at) =>
      commits[at]!.title.split(" ")[0]
    );
    const begun = performance.now();
    streams.error(`${later} against ${earlier}, ${plural(step.pairs, "pair")} `);
    const logs = await this.#measure(step, base, candidate);
    if (logs === undefined) return;
    const took = formatSeconds(performance.now() - begun);
    const middle = formatChange(Math.expm1(median(logs)));
    streams.error(`(${took}): ${middle}\n`);
    const { base: from, candidate: to, why } = step;
    journal.add({ kind: "measured", base: from, candidate: to, logs, why });
  }

  /** A commit's plug-in; `undefined` where it is skipped or was interrupted. */
  async #library(at: number): Promise<Library | undefined> {
    const known = this.#built.get(at);
    if (known !== undefined) return known;
    const { repository, commits, flags, folder, streams, signal } = this.#at;
    const { hash, title } = commits[at]!;
    const begun = performance.now();
    streams.error(`Building ${printable(title)} `);
    const build = await buildCommit(
      repository,
      hash,
      { command: flags.run, plugin: flags.plugin, seconds: flags.buildLimit },
      folder,
      signal,
    );
    streams.error(`(${formatSeconds(performance.now() - begun)})\n`);
    if (build.state === "interrupted") return undefined;
    if (build.state === "failed") {
      const last = build.said.trim().split("\n").at(-1);
      return this.#skip(at, build.reason + (last ? `: ${last}` : ""));
    }
    const library = await this.#checked(build.file);
    if (signal.aborted) return undefined;
    if (typeof library === "string") return this.#skip(at, library);
    this.#built.set(at, library);
    return library;
  }

  /** The file as it is measured, or why it is not. */
  async #checked(file: string): Promise<Library | string> {
    const { signal } = this.#at;
    let library: Library;
    try {
      library = pluginFile(file);
    } catch (error) {
      if (error instanceof Error && error.name === "StoreError") return error.message;
      throw error;
    }
    const { refused, verdicts } = await checkPlugin(library.path, { core: true, signal });
    const wrong = verdicts.find(({ state }) => state === "fails");
    if (refused !== null) return refused;
    return wrong === undefined ? library : `it does not hold that ${wrong.name}: ${wrong.detail}`;
  }

  #skip(commit: number, reason: string): undefined {
    const { journal, streams, commits } = this.#at;
    const said = reason.slice(0, MOST_REASON);
    streams.error(`skipped: ${printable(`${commits[commit]!.title}: ${said}`)}\n`);
    journal.add({ kind: "skipped", commit, reason: said });
  }

  /** The log ratios of times; `undefined` where a side is skipped or it was interrupted. */
  async #measure(
    { base, candidate, pairs }: Measure,
    before: Library,
    after: Library,
  ): Promise<number[] | undefined> {
    const { suite, plan, directory, signal, command, commits, journal } = this.#at;
    const place = String(journal.lines.length + 1).padStart(3, "0");
    const own = `${directory}/duet-${place}-${commits[candidate]!.hash.slice(0, 8)}`;
    const pluginOf = ({ path, sha256 }: Library) => ({ [STORE]: { path, sha256 } });
    const request: BenchRequest = {
      suite,
      profile: { ...DUET_PROFILES.baseline!, runs: pairs },
      stores: [STORE],
      plugins: pluginOf(before),
      storeOptions: {},
      seed: derive(plan.seed, "bisect", place),
      other: {
        stores: [STORE],
        plugins: pluginOf(after),
        differs: { commit: commits[candidate]!.hash },
      },
      directory: freeOf(own),
      command,
      warnings: [],
      version: VERSION,
    };
    const [old, now] = await bench(request, {}, signal);
    if (signal.aborted) return undefined;
    const ratios = timeRatios(old!.result, now!.result);
    if (ratios.length > 0) return ratios.map(Math.log);
    for (const [at, lane] of [[candidate, now!], [base, old!]] as const) {
      const failed = lane.result.runs.find(({ error, benchmark }) =>
        error !== undefined && benchmark.startsWith(STORE)
      );
      if (failed !== undefined) return this.#skip(at, failed.error!);
    }
    throw new BisectError("Cannot measure: no pair was played to its end", "measuring");
  }
}

/** A directory of this name that is not there yet: an attempt that was interrupted left its own. */
function freeOf(path: string): string {
  for (let i = 1;; i++) {
    const own = i === 1 ? path : `${path}-${i}`;
    if (!isTaken(own)) return own;
  }
}

/** Says how it ended. @returns The exit code. */
function tell(
  end: SearchEnd,
  { commits, journal, flags, streams, benchmark, began }: {
    commits: readonly CommitName[];
    journal: BisectJournal;
    flags: BisectFlags;
    streams: Streams;
    benchmark: string;
    began: number;
  },
): number {
  const title = (at: number) => commits[at]!.title;
  if (end.kind === "no end") {
    const own = title(end.commit);
    const [reason = ""] = journal.lines.flatMap((line) =>
      line.kind === "skipped" && line.commit === end.commit ? [line.reason] : []
    );
    throw new BisectError(`Cannot search: ${own} itself cannot be measured: ${reason}`);
  }
  const [good, bad] = [title(0), title(commits.length - 1)];
  if (end.kind === "no difference") {
    const seen = change(end.effect);
    throw new BisectError(
      `Cannot search: between ${good} and ${bad} the time of ${benchmark} shows no difference that is ` +
        `worth a search: ${seen}`,
    );
  }
  const pairs = journal.lines.reduce(
    (sum, line) => sum + (line.kind === "measured" ? line.logs.length : 0),
    0,
  );
  const skipped = journal.lines.filter(({ kind }) => kind === "skipped").length;
  const { from, to, chance } = end.span;
  const within = commits.slice(from + 1, to + 1);
  if (flags.json) {
    const named = { ...end, commits: within, pairs, skipped };
    streams.out(JSON.stringify(named, null, 2) + "\n");
  }
  // No number of pairs makes it certain.
  const sure = chance > 0.999
    ? "chance more than 99.9%"
    : `chance ${formatPercentBound(Number(chance.toPrecision(3)))}`;
  const whole = change(end.whole);
  const all = `From good to bad the time of ${benchmark} changed by ${whole}.`;
  const spent = [
    plural(pairs, "pair"),
    `${plural(skipped, "commit")} skipped`,
    `took ${formatSeconds(performance.now() - began)}`,
  ].join(", ");
  const lines: string[] = [];
  if (end.kind === "open") {
    const [after, upTo, count] = [title(from), title(to), plural(within.length, "commit")];
    lines.push(
      `Not decided: it is after ${after} and up to ${upTo}, ${count} (${sure}). Go on with --resume ` +
        "and a larger --most.",
    );
  } else {
    const effect = change(end.effect);
    if (within.length === 1) {
      lines.push(title(to), `It changed the time of ${benchmark} by ${effect} (${sure}).`);
    } else {
      lines.push(
        "One of these commits, of which all but the last could not be measured:",
        ...within.map(({ title }) => `  ${title}`),
        `Together they changed the time of ${benchmark} by ${effect} (${sure}).`,
      );
    }
  }
  const text = [...lines, all, spent].map((line) => printable(line));
  printResult(streams, `${text.join("\n")}\n`, { taken: flags.json });
  return end.kind === "found" ? EXIT.fine : EXIT.failed;
}

/** An effect on a time, with its interval. */
function change({ value, low, high }: { value: number; low: number; high: number }): string {
  return formatChangeRange({ value: value - 1, low: low - 1, high: high - 1 });
}
