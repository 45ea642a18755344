/** `bench --interleave`: two variants in one session, and what differs between them. */
import { compareResults } from "../analysis/mod.ts";
import {
  buildBaselineReport,
  buildComparisonReport,
  comparisonToConsole,
  comparisonToJson,
  toMarkdown,
} from "../report/mod.ts";
import {
  type BenchEvents,
  benchInterleaved,
  type BenchRequest,
  type InterleavedResults,
  type InterleaveRequest,
  type PlannedRun,
  resumeInterleaved,
  type ResumeRequest,
  SIDES,
} from "../run/mod.ts";
import { loadLibrary, parseStoreOptions, storeKind, STORES } from "../store/mod.ts";
import { analyseResult } from "./analyse_result.ts";
import {
  type BenchSession,
  sayEnd,
  sayIncomplete,
  withProgress,
  writeReport,
  writeReportFile,
} from "./bench_session.ts";
import { EXIT } from "./exit_code.ts";
import { gateCode, writeGateFiles } from "./gate.ts";
import { listWithSuggestion } from "./suggest.ts";
import { UsageError } from "./usage_error.ts";

/** The setting of two variants that do not differ: what is measured then is the noise. */
const SAME = "same";

/**
 * The request of two variants: the base is what the rest of the call describes.
 *
 * @param settings What is another in the candidate: `store=NAME`, `library=FILE`, store options as
 * in `--set`, or `same`.
 * @throws {UsageError} Where a setting cannot be, or the store or library is not there.
 * @throws {StoreError} Where a store cannot be opened with its options.
 */
export function interleaveRequest(
  base: BenchRequest,
  settings: readonly string[],
): InterleaveRequest {
  if (settings.includes(SAME) && settings.length > 1) {
    throw new UsageError(`Cannot interleave with ${settings.join(", ")}: same is nothing else`);
  }
  const valuesOf = (name: string) =>
    settings.flatMap((text) => text.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : []);
  const store = valuesOf("store").at(-1);
  const library = valuesOf("library").at(-1);
  const changed = parseStoreOptions(
    settings.filter((text) => text !== SAME && !/^(store|library)=/.test(text)),
  );
  const differs = {
    ...(store !== undefined && { store }),
    // The file's own name: a result names no path.
    ...(library !== undefined && { library: library.slice(library.lastIndexOf("/") + 1) }),
    ...changed,
  };
  const candidate = {
    ...(store !== undefined && { stores: [anotherStore(base, store)] }),
    storeOptions: { ...base.storeOptions, ...changed },
  };
  if (library !== undefined) {
    // The base has to have one as well, or the two would be of different kinds.
    loadLibrary();
    loadLibrary({ named: library, directories: [] });
  }
  for (const name of candidate.stores ?? base.stores) {
    storeKind(name).require(candidate.storeOptions);
  }
  return { base, candidate, library, differs };
}

function anotherStore(base: BenchRequest, store: string): string {
  const names = STORES.map(({ name }) => name);
  if (!names.includes(store)) {
    throw new UsageError(
      `Unknown store ${JSON.stringify(store)}: ${listWithSuggestion(store, names)}`,
    );
  }
  if (base.stores.length !== 1) {
    throw new UsageError(
      `Cannot interleave ${base.stores.join(", ")} with the store ${store}: name one base, ` +
        "e.g. --store raw",
    );
  }
  return store;
}

/** Measures both variants. */
export async function interleave(
  request: InterleaveRequest,
  session: BenchSession,
): Promise<number> {
  const { base } = request;
  const { streams, signal } = session;
  for (const warning of base.warnings) streams.error(`note: ${warning}\n`);
  streams.error(
    `Suite ${base.suite.name}, profile ${base.profile.name}, stores ${base.stores.join(", ")}, ` +
      `interleaved with ${inWords(request.differs)}, seed ${base.seed}\n`,
  );
  const results = await withProgress(
    streams,
    (events) => benchInterleaved(request, namingSides(events), signal),
  );
  return await conclude(base.directory, results, session);
}

/** Goes on with two variants. */
export async function resumeSides(request: ResumeRequest, session: BenchSession): Promise<number> {
  const { streams, signal } = session;
  const results = await withProgress(
    streams,
    (events) => resumeInterleaved(request, namingSides(events), signal),
  );
  return await conclude(request.directory, results, session);
}

/** What differs in the candidate: `wal=off`, or `the same`. */
function inWords(differs: InterleaveRequest["differs"]): string {
  const settings = Object.entries(differs).map(([name, value]) => `${name}=${value}`);
  return settings.length === 0 ? "the same" : settings.join(", ");
}

/** Progress that says of which side a run is. */
function namingSides(events: BenchEvents): BenchEvents {
  const name = (run: PlannedRun): PlannedRun => ({
    ...run,
    benchmark: { ...run.benchmark, id: `${run.benchmark.id} (${SIDES[run.lane]})` },
  });
  return {
    planned: (runs, profile) => events.planned?.(runs, profile),
    runStarted: (run) => events.runStarted?.(name(run)),
    sampled: (run, samples) => events.sampled?.(name(run), samples),
    runEnded: (run, outcome) => events.runEnded?.(name(run), outcome),
  };
}

/** Writes and prints what was measured of both sides, and says what to end with. */
async function conclude(
  directory: string,
  { base, candidate }: InterleavedResults,
  session: BenchSession,
): Promise<number> {
  const { flags, streams, comparing } = session;
  const differs = inWords(candidate.interleaved?.differs ?? {});
  const comparison = compareResults(
    { label: `${directory}/base`, result: base },
    { label: `${directory}/candidate (${differs})`, result: candidate },
    comparing,
  );
  const analyses = { base: analyseResult(base), candidate: analyseResult(candidate) };
  const reports = [
    ...writeReport(`${directory}/base`, buildBaselineReport(base, analyses.base), base),
    ...writeReport(
      `${directory}/candidate`,
      buildBaselineReport(candidate, analyses.candidate, { changes: comparison }),
      candidate,
    ),
  ];
  const path = `${directory}/comparison.md`;
  writeReportFile({ path, text: toMarkdown(buildComparisonReport(comparison)) });
  streams.error(comparisonToConsole(comparison));
  writeGateFiles(comparison, flags);
  if (flags.json) streams.out(`${comparisonToJson(comparison)}\n`);
  streams.error(`\nReport: ${[path, ...reports].join("\n        ")}\n`);
  if (!base.complete || !candidate.complete) {
    sayIncomplete(directory, [base, candidate], session);
    return EXIT.failed;
  }
  if (await sayEnd(candidate, session) === "interrupted") return EXIT.failed;
  const missed = analyses.candidate.targets.some(({ verdict }) => verdict === "missed");
  return missed ? EXIT.missed : gateCode(comparison);
}
