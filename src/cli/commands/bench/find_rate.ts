/** The highest rate that a store keeps under a load: `bench --find-rate`, and loads of suites. */
import { beginsWith, bench, type BenchRequest } from "../../../run/mod.ts";
import {
  defineSuite,
  loadBenchmarkRecord,
  type LoadBenchmarkSpec,
  overrideLoad,
  type Suite,
} from "../../../suite/mod.ts";
import {
  FIGURES_FOLDER,
  isFolder,
  isThere,
  makeFolder,
  removeIfThere,
  replaceFile,
  REPORT_HTML_FILE,
  REPORT_MARKDOWN_FILE,
} from "../../../disk/mod.ts";
import { buildSearchReport, markdownFiles, toHtml, writeReportFile } from "../../../report/mod.ts";
import { EXIT } from "../../exit_code.ts";
import { withProgress } from "../../progress.ts";
import {
  beginSearch,
  foundBySearch,
  type MeasureStep,
  SEARCH_FILE,
  searchInWords,
  searchRate,
  stepInWords,
  stepWindows,
} from "../../rate_search.ts";
import { UsageError } from "../../usage_error.ts";
import type { BenchSession } from "./session.ts";

/** Time that a step measures, s, where nothing is said: ten windows. */
const SECONDS = 10;
/** How often a step is measured whose threads were woken too late to tell windows apart. */
const ATTEMPTS = 3;
/** How long a rate is kept before it is judged, ms. */
const SETTLING_MS = 2000;
/** The first rate, operations a second, where the load has none of its own. */
const FIRST_RATE = 5000;

/** Where a search keeps what its steps begin with, until it is over. */
const TREES_FOLDER = "trees";

/** A load whose rate is searched. */
export interface Searched {
  /** The load's id, with what is another in its store. */
  id: string;
  /** The kind of store. */
  store: string;
  load: LoadBenchmarkSpec;
  /** Bound of the response's p99, ns. @default none */
  mostP99: number | null;
  /** Where the search is kept: what lies there is gone on with. */
  directory: string;
}

/** What a search's steps are asked with: everything of a bench but what is measured, and where. */
export type SearchRequest = Omit<BenchRequest, "suite" | "stores" | "variants" | "directory">;

/** `bench --find-rate`: searches the rate of one load, and tells what was found. */
export async function findRate(request: BenchRequest, session: BenchSession): Promise<number> {
  const { flags } = session;
  const { load, store } = onlyLoad(request);
  if (flags.for !== undefined && flags.for < SECONDS) {
    throw new UsageError(
      `Cannot judge rates by ${flags.for} s each: they are told from noise by ten windows; ` +
        `give --for ${SECONDS}s or more`,
    );
  }
  const mostP99 = flags.mostP99 ?? load.findRate?.mostP99 ?? null;
  const { directory } = request;
  return await searchLoad(
    { id: `${store}/${load.name}`, store, load, mostP99, directory },
    request,
    session,
  );
}

/** Searches, from where it is, and tells what was found. */
export async function searchLoad(
  { id, store, load, mostP99, directory }: Searched,
  request: SearchRequest,
  { flags, streams, signal }: BenchSession,
): Promise<number> {
  const { storeOptions } = request;
  const { load: { groups } } = load;
  const seconds = Math.max(SECONDS, load.seconds ?? 0);
  const rates = groups.flatMap(({ counted, pace }) =>
    counted && pace.loop === "open" ? [pace.rate] : []
  );
  const asked = {
    benchmark: id,
    how: JSON.stringify({ load: load.load, shape: load.shape, storeOptions }),
    first: rates.length === 0 ? FIRST_RATE : rates.reduce((sum, rate) => sum + rate, 0),
    mostP99,
    seconds,
  };
  const path = `${directory}/${SEARCH_FILE}`;
  if (!isThere(path) && isFolder(directory) && [...Deno.readDirSync(directory)].length > 0) {
    throw new UsageError(`Cannot search in ${directory}: it is not empty; give another --out`);
  }
  const search = beginSearch(path, asked, request.seed);
  makeFolder(directory);
  if (search.steps.length === 0) {
    replaceFile(path, JSON.stringify(search, null, 1) + "\n", { alone: true });
  }
  const trees = `${directory}/${TREES_FOLDER}`;
  makeFolder(trees);
  const begins = beginsWith(loadBenchmarkRecord(store, load), Infinity) === "checkpoint"
    ? "begins with the same checkpoint"
    : "loads its database anew";
  streams.error(
    `Searching the highest rate of ${asked.benchmark} in ${directory}; every step ${begins}\n`,
  );
  const measure: MeasureStep = async (rate, place) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const measured = await measureOnce(rate, place);
      if (measured !== "too few") return measured;
      streams.error(
        `note: the step at ${rate} a second has too few windows, since the machine does much else\n`,
      );
    }
    return undefined;
  };
  const measureOnce = async (rate: number, place: number) => {
    const own = `${directory}/step-${String(place + 1).padStart(2, "0")}`;
    // What a step that was interrupted has left is measured again.
    if (isFolder(own)) Deno.removeSync(own, { recursive: true });
    const { findRate: _f, ...plain } = load;
    const only = { ...plain, seconds, load: overrideLoad(load.load, { rate }) };
    const { filter: _, ...rest } = request;
    const [lane] = await withProgress(streams, (events) =>
      bench(
        {
          ...rest,
          suite: stepSuite(store, only),
          stores: [store],
          variants: undefined,
          profile: { ...request.profile, runs: 1, warmupMs: SETTLING_MS },
          directory: own,
          treesDirectory: trees,
        },
        events,
        signal,
      ));
    if (signal.aborted) return undefined;
    // Beside it, the harness's own cost was measured.
    const run = lane!.result.runs.find(({ benchmark }) => benchmark === `${store}/${load.name}`);
    if (run?.state === "ended") {
      const windows = stepWindows(run.windows ?? []);
      const begins = run.load?.begins;
      return windows === undefined ? "too few" : { windows, ...(begins && { begins }) };
    }
    const why = run?.error ?? "its run did not end";
    streams.error(`error: the step at ${rate} a second was not measured: ${why}\n`);
    return undefined;
  };
  const knee = await searchRate(
    path,
    search,
    measure,
    (step) => streams.error(`${stepInWords(step)}\n`),
  );
  if (knee === undefined) {
    streams.error(
      `note: the search is not at its end; the same call with --out ${directory} goes on with it\n`,
    );
    return EXIT.failed;
  }
  removeIfThere(trees, { recursive: true });
  const report = buildSearchReport(foundBySearch(search, knee));
  const page = `${directory}/${REPORT_HTML_FILE}`;
  const markdown = markdownFiles(report, `${directory}/${REPORT_MARKDOWN_FILE}`, FIGURES_FOLDER);
  for (const file of [...markdown, { path: page, text: toHtml(report) }]) writeReportFile(file);
  // Beside an analysis as JSON there is nothing else.
  const tell = flags.json ? streams.error : streams.out;
  tell.call(streams, searchInWords(search, knee));
  streams.error(`Report: ${directory}/${REPORT_MARKDOWN_FILE} and ${page}\n`);
  return EXIT.fine;
}

/** The suite of a step: one load of one store. */
function stepSuite(store: string, load: LoadBenchmarkSpec): Suite {
  return defineSuite({
    name: "step",
    title: `A step of the search for the highest rate of ${load.name}`,
    summary: "One load at one rate.",
    stores: [store],
    loads: [load],
  });
}

/** The load whose rate is searched. @throws {UsageError} Where it is not one load of one store. */
function onlyLoad({ suite, stores, filter = "", variants = [] }: BenchRequest) {
  const all = stores.flatMap((store) =>
    (suite.loads ?? []).map((load) => ({ store, load, id: `${store}/${load.name}` }))
  ).filter(({ id }) => id.includes(filter));
  const [only] = all;
  if (only !== undefined && all.length === 1 && variants.length === 0) return only;
  const count = only === undefined ? "none" : variants.length > 0 ? "several variants" : all.length;
  throw new UsageError(
    `Cannot search the rate of ${count} of the loads of ${suite.name}: choose one load of one ` +
      "store by --filter and --store; --list shows them",
  );
}
