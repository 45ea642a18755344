import { ResultError } from "./error.ts";
import { copyOf } from "./copies.ts";
import { factsOfProperties } from "./facts_of_properties.ts";
import {
  type Journal,
  type PlanLine,
  ratioKey,
  type RunEndedLine,
  runKey,
  type RunStartedLine,
} from "./journal.ts";
import {
  type BenchmarkRecord,
  type CompanyRecord,
  type CountRecord,
  type EnvironmentRecord,
  type LookRecord,
  type RatioRecord,
  type Result,
  type RunRecord,
  SCHEMA_VERSION,
  type SessionRecord,
} from "./schema.ts";

/**
 * Makes the result of a journal. Pure, so that it can be made again at any time.
 *
 * A run that started and did not end is `interrupted` and keeps its samples, its last histogram, and
 * what it said of its store. Where a resume ran it again, all attempts stay in `runs` in the order
 * in which they began, and the ones that do not count are marked `superseded`: the last attempt that
 * ended counts, or the last one where none ended. A resume on a machine that changed in between adds
 * a warning.
 *
 * @throws {ResultError} Where the journal holds no plan, or a run twice.
 */
export function resultFromJournal(journal: Journal): Result {
  const [plan, ...records] = journal.records;
  if (plan?.kind !== "plan") {
    throw new ResultError(
      `Cannot make a result of the journal ${journal.path}: it holds no plan; measure anew`,
      { path: journal.path },
    );
  }
  const runs: RunRecord[] = [];
  const ratios = new Map<string, RatioRecord>();
  const counts: CountRecord[] = [];
  const looks: LookRecord[] = [];
  const sessions: SessionRecord[] = [];
  const warnings = [...plan.warnings];
  let endedAt: string | null = null;
  let current: RunRecord | undefined;
  let company: CompanyRecord | undefined;
  for (const record of records) {
    switch (record.kind) {
      case "run-started":
        current = startedRun(record);
        runs.push(current);
        break;
      case "run-opened": {
        const { kind: _, ...opened } = record;
        Object.assign(current!, opened);
        break;
      }
      case "sample": {
        const { kind: _, ...sample } = record;
        current!.samples.push(sample);
        break;
      }
      case "latency": {
        const { kind: _, ...latency } = record;
        current!.latency = latency;
        break;
      }
      case "window": {
        const { kind: _, ...window } = record;
        (current!.windows ??= []).push(window);
        break;
      }
      case "load": {
        const { kind: _, ...load } = record;
        current!.load = load;
        break;
      }
      case "servers": {
        const { kind: _, ...servers } = record;
        current!.servers = servers;
        break;
      }
      case "run-ended":
        endRun(current!, record);
        break;
      case "ratio": {
        const { kind: _, ...ratio } = record;
        // A block that is measured again has other processes.
        ratios.set(ratioKey(ratio), ratio);
        break;
      }
      case "count": {
        const { kind: _, ...count } = record;
        counts.push(count);
        break;
      }
      case "look": {
        const { kind: _, ...look } = record;
        looks.push(look);
        break;
      }
      case "session": {
        const { kind: _, ...session } = record;
        const changed = changedFields(plan.environment, session.environment);
        if (changed.length > 0) {
          warnings.push(
            `The machine of the session from ${session.startedAt} differs from the first one's: ` +
              `${changed.join(", ")}.`,
          );
        }
        sessions.push(session);
        endedAt = null;
        break;
      }
      case "company":
        company = joined(company, record);
        break;
      case "finished":
        endedAt = record.endedAt;
        break;
      case "plan":
        break;
    }
  }
  markSuperseded(runs);
  const { kind: _, ...head } = plan;
  const benchmarks = withAddedRuns(plan, looks);
  const result: Result = {
    ...head,
    schema: "tidemark.result",
    version: SCHEMA_VERSION,
    endedAt,
    complete: isComplete({ ...plan, benchmarks, runs, ratios }),
    benchmarks,
    runs,
    warnings,
  };
  if (looks.length > 0) result.untilSure = { ...plan.untilSure!, looks };
  if (counts.length > 0) result.counts = counts;
  if (ratios.size > 0) result.ratios = [...ratios.values()];
  if (sessions.length > 0) result.sessions = sessions;
  if (company !== undefined) result.company = company;
  const copy = copyOf(result);
  if (copy !== undefined) {
    throw new ResultError(`Cannot make a result of the journal ${journal.path}: ${copy}`, {
      path: journal.path,
    });
  }
  return result;
}

/** The benchmarks of a plan, with the runs that looks have added to it. */
export function withAddedRuns(
  { benchmarks, profile }: Pick<PlanLine, "benchmarks" | "profile">,
  looks: readonly LookRecord[],
): BenchmarkRecord[] {
  const runsOf = new Map(
    looks.flatMap(({ more }) => more.map(({ benchmark, runs }) => [benchmark, runs])),
  );
  return benchmarks.map((benchmark) => {
    const runs = runsOf.get(benchmark.id);
    if (runs === undefined) return benchmark;
    return { ...benchmark, runs, added: runs - (benchmark.runs ?? profile.runs) };
  });
}

/** What is known of the other benches during several sessions. */
function joined(before: CompanyRecord | undefined, line: CompanyRecord): CompanyRecord {
  const others = [...before?.others ?? [], ...line.others]
    .map(({ startedAt, endedAt }) => ({ startedAt, endedAt }));
  return { others, unchecked: line.unchecked ?? before?.unchecked ?? null };
}

/** A run of which only the start is known. */
function startedRun(record: RunStartedLine): RunRecord {
  const { kind: _, ...started } = record;
  return {
    ...started,
    state: "interrupted",
    endedAt: null,
    store: null,
    clock: null,
    warmup: null,
    samples: [],
    latency: null,
    pressure: null,
    facts: {},
    properties: {},
    peakRssBytes: null,
  };
}

function endRun(run: RunRecord, record: RunEndedLine): void {
  const { kind: _, warmup, facts, ...ended } = record;
  Object.assign(run, ended);
  run.warmup = warmup ?? null;
  run.facts = facts ?? factsOfProperties(ended.properties);
}

/** Marks the attempts in whose place another one counts. */
function markSuperseded(runs: RunRecord[]): void {
  const counts = new Map<string, RunRecord>();
  for (const run of runs) {
    const key = runKey(run);
    const before = counts.get(key);
    const loser = before?.state === "ended" && run.state !== "ended" ? run : before;
    if (loser !== undefined) loser.superseded = true;
    if (loser !== run) counts.set(key, run);
  }
}

/**
 * Whether every planned run has ended, and all turns have been played. A plan may be of more runs than
 * memory holds the names of.
 */
function isComplete(
  { profile, benchmarks, runs, ratioTurns, ratios }:
    & Pick<Result, "profile" | "benchmarks" | "runs" | "ratioTurns">
    & { ratios: ReadonlyMap<string, RatioRecord> },
): boolean {
  const ended = new Map<string, Set<number>>();
  for (const { benchmark, run, state } of runs) {
    if (state !== "ended") continue;
    ended.set(benchmark, (ended.get(benchmark) ?? new Set()).add(run));
  }
  const hasRuns = benchmarks.every(({ id, runs: planned = profile.runs }) =>
    [...ended.get(id) ?? []].filter((run) => run < planned).length === planned
  );
  if (!hasRuns || ratioTurns === undefined) return hasRuns;
  // Runs that were added until it was sure are by themselves.
  const plannedOf = (id: string) => {
    const { runs = profile.runs, added = 0 } = benchmarks.find((own) => own.id === id) ?? {};
    return runs - added;
  };
  return ratioTurns.groups.every((group) => {
    for (let run = 0; run < plannedOf(group[0]!); run++) {
      if (ratios.get(ratioKey({ run, group }))?.state !== "ended") return false;
    }
    return true;
  });
}

/**
 * The planned runs that have not ended, in the plan's order: what a resume has to do, and nothing
 * where the result is complete. Failed runs are among them.
 */
export function missingRuns(
  result: Pick<Result, "profile" | "benchmarks" | "runs">,
): { benchmark: string; run: number }[] {
  const ended = new Set(result.runs.filter((run) => run.state === "ended").map(runKey));
  return result.benchmarks.flatMap((benchmark) =>
    Array.from(
      { length: benchmark.runs ?? result.profile.runs },
      (_, run) => ({ benchmark: benchmark.id, run }),
    )
  ).filter((run) => !ended.has(runKey(run)));
}

/** What measuring itself changes. */
const VOLATILE: ReadonlySet<string> = new Set(["data.freeBytes", "swapUsedBytes"]);

/** Dotted names of the fields that differ. */
function changedFields(before: EnvironmentRecord, after: EnvironmentRecord): string[] {
  const flatBefore = flatten(before);
  const flatAfter = flatten(after);
  return [...new Set([...flatBefore.keys(), ...flatAfter.keys()])]
    .filter((name) => !VOLATILE.has(name) && flatBefore.get(name) !== flatAfter.get(name));
}

function flatten(value: object, prefix = "", into = new Map<string, unknown>()) {
  for (const [name, field] of Object.entries(value)) {
    if (typeof field === "object" && field !== null) flatten(field, `${prefix}${name}.`, into);
    else into.set(prefix + name, field);
  }
  return into;
}
