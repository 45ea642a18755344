/** One run of a lane: what its process is told, and how what it says goes into the journal. */
import type { DuetRecord, JournalRecord, PlanLine } from "../result/mod.ts";
import { derive } from "../stats/mod.ts";
import { CALIBRATION_NAMES, type StoreSettings } from "../store/mod.ts";
import type { LoadSpec } from "../workload/mod.ts";
import type { LaneRun } from "./events.ts";
import { RunError } from "./error.ts";
import type { Lane, Measuring } from "./lane.ts";
import { limitOf } from "./limit.ts";
import type { PlannedRun } from "./order.ts";
import type { MeasuredLine, RunOutcome } from "./process.ts";
import { withoutHome } from "./session.ts";
import { pluginOf } from "./plugins.ts";
import { requireSameEngine, requireSameFile } from "./same_engine.ts";
import type { RunSpec } from "./spec.ts";

/** Calibration's time does not grow with the profile: a loop over nothing is steady at once. */
const CALIBRATION_MS = { warmupMs: 50, measureMs: 200 };

/**
 * A run under way. A lane has one at a time, or several that take turns; several lanes may have one
 * each at once.
 */
export interface Recording {
  /** What the run's process is to do. */
  spec: RunSpec;
  /** How long it may go without progress, ms. */
  limitMs: number;
  /** Takes a line of the process into the journal. */
  take(line: MeasuredLine): void;
  /**
   * Says how the run ended, and removes its database.
   *
   * @throws {RunError} Afterwards, where the store refuses its options, which are the caller's.
   * @param duet How it took turns, and the processor time of the other process, s.
   */
  end(outcome: RunOutcome, duet?: { record: DuetRecord | undefined; otherSeconds: number }): void;
  /**
   * Says how the run ended, whose process may stay and use its database.
   *
   * @throws {RunError} Likewise.
   */
  measured(outcome: RunOutcome): void;
  /** Removes the database. @param left The process that uses it still, since it takes no signal. */
  clear(left: number | undefined): void;
}

/**
 * Begins a run in its lane's journal.
 *
 * @param startedAt The same for runs that are measured in turns, which belong together by it.
 * @throws {ResultError} Where the journal cannot be written; so do the methods of what is returned.
 * @throws {RunError} By `take`, where another engine was opened than in earlier runs.
 */
export function record(
  planned: LaneRun,
  { writer, plan, before, library: engine, plugins = {} }: Lane,
  { data, events, world, memoryGroup, runLimitMs: asked }: Measuring,
  startedAt: string = world.now().toISOString(),
): Recording {
  // A journal has its runs one after the other: of those that play together in one lane, each run's
  // lines wait for its end. Before that it would not count anyway.
  const waiting: JournalRecord[] | undefined =
    plan.turns === undefined || planned.together === undefined || planned.turnsAfter
      ? undefined
      : [];
  const append = (line: JournalRecord) => waiting?.push(line) ?? writer.append(line);
  const { benchmark, run, position, role } = planned;
  const database = data.database(benchmark.id, run, role);
  const told = specOf(planned, plan);
  const plugin = pluginOf(plugins, benchmark.store);
  const library = plugin === undefined ? engine : plugin.path;
  const limitMs = asked ?? limitOf(benchmark, plan.profile);
  const now = () => world.now().toISOString();
  events.runStarted?.(planned);
  append({
    kind: "run-started",
    benchmark: benchmark.id,
    run,
    position,
    startedAt,
    limitMs: Number.isFinite(limitMs) ? limitMs : null,
  });
  const pressure = world.watchPressure();
  let samples = 0;
  const clear = (left: number | undefined) => {
    if (left !== undefined) data.leave();
    data.remove(database);
  };
  const measured: Recording["end"] = (outcome, duet) => {
    const closing = outcome.state === "ended" ? outcome.closing : undefined;
    const seconds = closing && closing.cpuSeconds + (duet?.otherSeconds ?? 0);
    waiting?.splice(0).forEach((line) => writer.append(line));
    writer.append({
      kind: "run-ended",
      state: outcome.state,
      endedAt: now(),
      ...(outcome.state === "failed" && {
        error: withoutHome(outcome.error.replaceAll(database, benchmark.id)),
      }),
      warmup: closing === undefined ? null : { ...closing.warmup },
      pressure: pressure(seconds ?? null),
      facts: closing?.facts ?? {},
      properties: closing?.properties ?? {},
      peakRssBytes: closing?.peakRssBytes ?? null,
      ...(duet?.record !== undefined && { duet: duet.record }),
    });
  };
  const tellEnd = (outcome: RunOutcome) => {
    events.runEnded?.(planned, outcome);
    if (outcome.state !== "failed" || !outcome.refused) return;
    const error = outcome.error.replaceAll(`the database ${database}`, benchmark.store);
    throw new RunError(withoutHome(error), "usage");
  };
  return {
    limitMs,
    spec: {
      ...told,
      database,
      ...(library !== undefined && { library }),
      ...(memoryGroup !== undefined && { memoryGroup }),
    },
    take(line) {
      if (line.kind === "run-opened" && line.store !== null) {
        requireSameEngine(line.store, before);
        if (plugin !== undefined) requireSameFile(line.store, plugin.sha256);
      }
      append(line);
      if (line.kind === "sample") events.sampled?.(planned, ++samples);
    },
    end(outcome, duet) {
      measured(outcome, duet);
      clear(outcome.left);
      tellEnd(outcome);
    },
    measured(outcome) {
      measured(outcome);
      tellEnd(outcome);
    },
    clear,
  };
}

/** What a run's process is told that the plan says. */
export function specOf(
  { benchmark, run }: Pick<PlannedRun, "benchmark" | "run">,
  { profile, seed: planSeed, storeOptions, benchmarks, memory }: PlanLine,
): Omit<RunSpec, "database" | "library"> {
  const calibrates = CALIBRATION_NAMES.has(benchmark.store);
  const least = (time: "warmupMs" | "measureMs") =>
    calibrates ? Math.min(profile[time], CALIBRATION_MS[time]) : profile[time];
  // They are the same in every run of a store.
  const first = benchmarks.find(({ store }) => store === benchmark.store);
  return {
    store: benchmark.store,
    tellsOptions: benchmark.variant !== undefined && benchmark.part === undefined && run === 0 &&
      first?.id === benchmark.id,
    options: calibrates ? {} : { ...storeOptions, ...benchmark.variant } as StoreSettings,
    ...workOf(),
  };

  /** A load, or one operation after the other. */
  function workOf(): Pick<RunSpec, "measure" | "load"> {
    const { kind, workload } = benchmark;
    const seed = derive(planSeed, benchmark.name, String(run));
    const { measureMs = profile.measureMs } = benchmark;
    if (kind === "load") {
      return {
        load: {
          load: workload.load as LoadSpec,
          shape: workload.shape ?? "ingested",
          warmupMs: least("warmupMs"),
          measureMs: calibrates ? CALIBRATION_MS.measureMs : measureMs,
          windows: benchmark.samples,
          // What another process has read would not count as this one's.
          ...((memory?.cold || memory?.limitBytes !== undefined) && { cold: true }),
          seed,
        },
      };
    }
    return {
      measure: {
        kind,
        // Only of an imported benchmark the workload may not be known.
        operation: benchmark.workload.operation!,
        order: benchmark.workload.order!,
        ...(benchmark.workload.shape !== undefined && { shape: benchmark.workload.shape }),
        keys: benchmark.workload.keys!,
        valueBytes: benchmark.workload.valueBytes!,
        elements: benchmark.elements,
        ...((benchmark.workload.clients ?? 1) > 1 && { clients: benchmark.workload.clients! }),
        sampling: benchmark.sampling,
        samples: benchmark.samples,
        warmupMs: least("warmupMs"),
        measureMs: calibrates ? least("measureMs") : measureMs,
        seed,
      },
    };
  }
}
