/**
 * The journal: what a `bench` appends while it measures, one JSON record a line, so that a killed
 * process loses at most the line under way. The records are the parts of the result, and
 * {@linkcode resultFromJournal} puts them together.
 *
 * A journal reads like this (`…`: left out):
 *
 * ```text
 * {"kind":"plan","schema":"tidemark.journal","version":1,"id":…,"suite":{…},"benchmarks":[…],…}
 * {"kind":"run-started","benchmark":"raw/write_latency","run":0,"position":0,"startedAt":…}
 * {"kind":"run-opened","store":{…},"clock":{"costNs":25,"stepNs":1}}
 * {"kind":"sample","iterations":1000,"ns":4295200,"atNs":0}
 * {"kind":"latency","unit":"ns","count":1000,"histogram":"HISTFAAA…"}
 * {"kind":"run-ended","state":"ended","endedAt":…,"pressure":{…},"facts":{…},…}
 * {"kind":"finished","endedAt":…}
 * ```
 *
 * Runs follow one another, so a line between `run-started` and `run-ended` belongs to that run. Where
 * runs of several stores stayed and took turns, a `ratio` follows the last of them. Where instructions are
 * counted, a `count` of each process comes before the runs. A bench that goes on
 * until it is sure has a `look` after its planned runs, and after those that each look adds.
 */
import * as v from "valibot";
import {
  appendWhole,
  fileReason,
  openLocked,
  type OutputFile,
  readRegularFile,
} from "../disk/mod.ts";
import { ResultError } from "./error.ts";
import { FIRST_ISSUE, issueText } from "./issue.ts";
import {
  CompanyRecord,
  CountRecord,
  LatencyRecord,
  LoadRecord,
  LookRecord,
  RatioRecord,
  Result,
  RunRecord,
  SampleRecord,
  ServersRecord,
  SessionRecord,
  WindowRecord,
} from "./schema.ts";

/** The version of the journal that is written here. */
const JOURNAL_VERSION = 1;

/** The largest journal that is read, and so written; those of a night have some megabytes. */
export const MOST_JOURNAL_BYTES = 128 * 1024 * 1024;

const run = RunRecord.entries;

/** The first line: everything of a result that is known before the first run. */
export const PlanLine = v.looseObject({
  kind: v.literal("plan"),
  schema: v.literal("tidemark.journal"),
  version: v.literal(JOURNAL_VERSION),
  ...v.omit(Result, [
    ...["schema", "version", "runs", "ratios", "counts", "sessions"] as const,
    ...["company", "endedAt", "complete"] as const,
  ]).entries,
});
export type PlanLine = v.InferOutput<typeof PlanLine>;

/** A run's process is about to start. */
export const RunStartedLine = v.looseObject({
  kind: v.literal("run-started"),
  benchmark: run.benchmark,
  run: run.run,
  position: run.position,
  startedAt: run.startedAt,
  limitMs: run.limitMs,
});
export type RunStartedLine = v.InferOutput<typeof RunStartedLine>;

/** The run's store is open. */
export const RunOpenedLine = v.looseObject({
  kind: v.literal("run-opened"),
  store: run.store,
  clock: run.clock,
  crossingNs: run.crossingNs,
  uncounted: run.uncounted,
  engineOptions: run.engineOptions,
});
export type RunOpenedLine = v.InferOutput<typeof RunOpenedLine>;

/** A sample of the run. */
export const SampleLine = v.looseObject({ kind: v.literal("sample"), ...SampleRecord.entries });
export type SampleLine = v.InferOutput<typeof SampleLine>;

/** The run's latencies so far; a later line of the same run takes its place. */
export const LatencyLine = v.looseObject({ kind: v.literal("latency"), ...LatencyRecord.entries });
export type LatencyLine = v.InferOutput<typeof LatencyLine>;

/** A window of the run. */
export const WindowLine = v.looseObject({ kind: v.literal("window"), ...WindowRecord.entries });
export type WindowLine = v.InferOutput<typeof WindowLine>;

/** What the run's load came to so far; a later line of the same run takes its place. */
export const LoadLine = v.looseObject({ kind: v.literal("load"), ...LoadRecord.entries });
export type LoadLine = v.InferOutput<typeof LoadLine>;

/** Where the time of the run's operations went; of stores that are servers. */
export const ServersLine = v.looseObject({ kind: v.literal("servers"), ...ServersRecord.entries });
export type ServersLine = v.InferOutput<typeof ServersLine>;

/** The run is over. A run without this line was interrupted. */
export const RunEndedLine = v.looseObject({
  kind: v.literal("run-ended"),
  state: run.state,
  endedAt: run.endedAt,
  error: run.error,
  warmup: v.optional(run.warmup),
  pressure: run.pressure,
  /** Absent in journals from before there were facts; `properties` has them by their own names. */
  facts: v.optional(run.facts),
  properties: run.properties,
  peakRssBytes: run.peakRssBytes,
  duet: run.duet,
});
export type RunEndedLine = v.InferOutput<typeof RunEndedLine>;

/** Runs of several stores have taken turns, after each had been measured. */
export const RatioLine = v.looseObject({ kind: v.literal("ratio"), ...RatioRecord.entries });
export type RatioLine = v.InferOutput<typeof RatioLine>;

/** A process has counted a benchmark's instructions, or failed to. */
export const CountLine = v.looseObject({ kind: v.literal("count"), ...CountRecord.entries });
export type CountLine = v.InferOutput<typeof CountLine>;

/** A look at what was measured so far, and the runs that it adds to the plan. */
export const LookLine = v.looseObject({ kind: v.literal("look"), ...LookRecord.entries });
export type LookLine = v.InferOutput<typeof LookLine>;

/** A resume. */
export const SessionLine = v.looseObject({ kind: v.literal("session"), ...SessionRecord.entries });
export type SessionLine = v.InferOutput<typeof SessionLine>;

/** Other benches were on the machine during this session, or nobody knows. */
const CompanyLine = v.looseObject({ kind: v.literal("company"), ...CompanyRecord.entries });

/** The session did all it had to do. */
const FinishedLine = v.looseObject({
  kind: v.literal("finished"),
  endedAt: v.pipe(run.endedAt, v.string()),
});
type FinishedLine = v.InferOutput<typeof FinishedLine>;

/** Any line of a journal. */
export const JournalRecord = v.variant("kind", [
  PlanLine,
  RunStartedLine,
  RunOpenedLine,
  SampleLine,
  LatencyLine,
  WindowLine,
  LoadLine,
  ServersLine,
  RunEndedLine,
  RatioLine,
  CountLine,
  LookLine,
  SessionLine,
  CompanyLine,
  FinishedLine,
]);
export type JournalRecord = v.InferOutput<typeof JournalRecord>;

/**
 * Which records may follow which. Writer and reader hold to it alike. What is there twice would count
 * twice, and make a result surer than its measurements are.
 */
class Sequence {
  /** Samples that a run of each benchmark takes. */
  #samples: Map<string, number> | undefined;
  /** The run under way. */
  #run: { benchmark: string; samples: number; atNs: number; windowNs: number } | undefined;
  /** Runs that this session has begun. */
  readonly #begun = new Set<string>();
  /** Turns of several stores that this session has. */
  readonly #played = new Set<string>();
  /** Processes that have counted, in whichever session. */
  readonly #counted = new Set<string>();
  /** Runs of each benchmark by the plan and the looks since; absent of a bench that ends with its plan. */
  #planned: Map<string, number> | undefined;
  /** Whether a look has said that there will be no more runs. */
  #isSure = false;

  /** Why this record may not come next, or `undefined` where it may. */
  refusal(record: JournalRecord): string | undefined {
    if (record.kind === "plan") return this.#samples && "there is a plan already";
    if (!this.#samples) return "the plan has to come first";
    if (record.kind === "run-started") {
      const benchmark = JSON.stringify(record.benchmark);
      if (!this.#samples.has(record.benchmark)) return `the plan has no benchmark ${benchmark}`;
      if (this.#begun.has(runKey(record))) {
        return `run ${record.run} of ${benchmark} is in this session already`;
      }
    }
    if (record.kind === "ratio") return this.#refuseRatio(record);
    if (record.kind === "count") return this.#refuseCount(record);
    if (record.kind === "look") return this.#refuseLook(record);
    if (OF_A_RUN.has(record.kind) && !this.#run) return "no run is under way";
    if (record.kind === "window") return this.#refuseWindow(record);
    return record.kind === "sample" ? this.#refuseSample(record) : undefined;
  }

  #refuseRatio({ run, group, sides }: RatioLine): string | undefined {
    const unknown = [...group, ...sides.map(({ benchmark }) => benchmark)]
      .find((id) => !this.#samples!.has(id));
    if (unknown !== undefined) return `the plan has no benchmark ${JSON.stringify(unknown)}`;
    if (this.#run) return "a run is under way";
    const began = (benchmark: string) => this.#begun.has(runKey({ benchmark, run }));
    if (!group.every(began)) return `not every run ${run} of it is in this session`;
    if (this.#played.has(ratioKey({ run, group }))) {
      return `run ${run} of it is in this session already`;
    }
    const [first] = sides;
    return sides.some(({ ns }) => ns.length !== first!.ns.length)
      ? "not all sides have as many batches"
      : undefined;
  }

  #refuseCount({ benchmark, run }: CountLine): string | undefined {
    if (!this.#samples!.has(benchmark)) {
      return `the plan has no benchmark ${JSON.stringify(benchmark)}`;
    }
    if (this.#run) return "a run is under way";
    return this.#counted.has(runKey({ benchmark, run }))
      ? `count ${run} of ${JSON.stringify(benchmark)} is there already`
      : undefined;
  }

  #refuseLook({ more, ended }: LookLine): string | undefined {
    if (this.#planned === undefined) return "the bench ends with its plan";
    if (this.#run) return "a run is under way";
    if (this.#isSure) return "the look before it was the last one";
    if (more.length > 0 === (ended !== undefined)) return "it has to add runs, or to say why not";
    for (const { benchmark, runs } of more) {
      const before = this.#planned.get(benchmark);
      const id = JSON.stringify(benchmark);
      if (before === undefined) return `the plan has no benchmark ${id}`;
      if (runs <= before) return `${id} has ${before} runs already`;
    }
    return undefined;
  }

  #refuseWindow({ atNs }: WindowLine): string | undefined {
    const { windowNs } = this.#run!;
    if (atNs > windowNs) return undefined;
    return `the window began ${atNs} ns after the run's first, and the one before it at ${windowNs}`;
  }

  #refuseSample({ atNs }: SampleLine): string | undefined {
    const { benchmark, samples, atNs: before } = this.#run!;
    if (atNs !== null && atNs <= before) {
      return `the sample began ${atNs} ns after the run's first, and the one before it at ${before}`;
    }
    const planned = this.#samples!.get(benchmark)!;
    return samples < planned ? undefined : `the run has the ${planned} samples of its plan already`;
  }

  /** Goes on to after this record. */
  take(record: JournalRecord): void {
    if (record.kind === "plan") {
      this.#samples = new Map(record.benchmarks.map(({ id, samples }) => [id, samples]));
      if (record.untilSure !== undefined) {
        const { benchmarks, profile } = record;
        this.#planned = new Map(benchmarks.map(({ id, runs }) => [id, runs ?? profile.runs]));
      }
    } else if (record.kind === "run-started") {
      this.#run = { benchmark: record.benchmark, samples: 0, atNs: -1, windowNs: -1 };
      this.#begun.add(runKey(record));
    } else if (record.kind === "sample") {
      this.#run!.samples++;
      this.#run!.atNs = record.atNs ?? this.#run!.atNs;
    } else if (record.kind === "window") {
      this.#run!.windowNs = record.atNs;
    } else if (ENDS_A_RUN.has(record.kind)) {
      this.#run = undefined;
      if (record.kind !== "session") return;
      this.#begun.clear();
      this.#played.clear();
    } else if (record.kind === "ratio") this.#played.add(ratioKey(record));
    else if (record.kind === "count") this.#counted.add(runKey(record));
    else if (record.kind === "look") {
      for (const { benchmark, runs } of record.more) this.#planned!.set(benchmark, runs);
      this.#isSure = record.ended !== undefined;
    }
  }
}

/** A run of a benchmark, whichever attempt. */
export function runKey({ benchmark, run }: { benchmark: string; run: number }): string {
  return `${run} ${benchmark}`;
}

/** A group's turns of one run, whichever attempt. */
export function ratioKey({ run, group }: { run: number; group: readonly string[] }): string {
  return `${run} ${group.toSorted().join(" ")}`;
}

type Kind = JournalRecord["kind"];
const OF_A_RUN: ReadonlySet<Kind> = new Set([
  ...["run-opened", "sample", "latency", "window", "load", "servers", "run-ended"] as const,
]);
const ENDS_A_RUN: ReadonlySet<Kind> = new Set(["run-ended", "session", "company", "finished"]);
const SYNCED: ReadonlySet<Kind> = new Set([
  ...["plan", "run-ended", "ratio", "count", "look", "session", "company", "finished"] as const,
]);

/** A journal as it was read. */
export interface Journal {
  /** The file. */
  path: string;
  /** The whole lines, in order; line n of the file is record n − 1. Empty where nothing was written yet. */
  records: JournalRecord[];
  /** Whether a line at the end was left unfinished, as by a process killed while it wrote. */
  torn: boolean;
  /** Bytes of the whole lines: where a torn one begins, and where the next is to be written. */
  end: number;
}

/**
 * Reads a journal. A torn last line is forgiven and told as data; damage anywhere else is an error,
 * since nothing that Tidemark does can cause it and dropping it would drop measurements silently.
 *
 * @throws {ResultError} Where the file cannot be read, is no journal, is of a newer version, or is
 * damaged before its last line; names file and line.
 */
export function readJournal(path: string): Journal {
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(path, MOST_JOURNAL_BYTES).bytes;
  } catch (error) {
    throw new ResultError(`Cannot read the journal ${path}: ${fileReason(error)}`, {
      path,
      cause: error,
    });
  }
  const records: JournalRecord[] = [];
  const sequence = new Sequence();
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0A, start);
    if (newline < 0) return { path, records, torn: true, end: start };
    const line = records.length + 1;
    const json = parseLine(bytes.subarray(start, newline));
    if (json === undefined) {
      // A power cut can leave a last line whose middle never reached the disk.
      if (newline === bytes.length - 1 && line > 1) {
        return { path, records, torn: true, end: start };
      }
      throw damaged(path, line, "it is not JSON in UTF-8");
    }
    if (line === 1) requireJournal(path, json);
    const parsed = v.safeParse(JournalRecord, json, FIRST_ISSUE);
    if (!parsed.success) throw damaged(path, line, issueText(parsed.issues));
    // The line's own object, not valibot's copy, keeps every field and its order.
    const record = json as JournalRecord;
    const refusal = sequence.refusal(record);
    if (refusal !== undefined) throw damaged(path, line, refusal);
    sequence.take(record);
    records.push(record);
    start = newline + 1;
  }
  return { path, records, torn: false, end: start };
}

/** The JSON of a line, or `undefined` where it is none. */
function parseLine(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function damaged(path: string, line: number, reason: string): ResultError {
  return new ResultError(
    `Cannot read the journal ${path}: line ${line} is damaged (${reason}); ` +
      `restore the file from a copy, or keep only the lines before it`,
    { path, line },
  );
}

const JournalHead = v.looseObject({ schema: v.literal("tidemark.journal"), version: v.number() });

/** Says of a file whose first line is not a plan of this version what it is instead. */
function requireJournal(path: string, json: unknown): void {
  const head = v.safeParse(JournalHead, json, FIRST_ISSUE);
  if (!head.success) {
    throw new ResultError(
      `Cannot read the journal ${path}: it is not a Tidemark journal; name a journal.jsonl`,
      { path, line: 1 },
    );
  }
  const version = head.output.version;
  if (version > JOURNAL_VERSION) {
    throw new ResultError(
      `Cannot read the journal ${path}: its version is ${version}, and this Tidemark knows ` +
        `versions up to ${JOURNAL_VERSION}; use a newer Tidemark`,
      { path, line: 1 },
    );
  }
}

/**
 * Cuts a torn last line off a journal, so that the next line does not grow onto it.
 *
 * @returns The journal without it; `torn` is false, and nothing is written where it was whole.
 * @throws {ResultError} As {@linkcode readJournal}, or where the file cannot be cut.
 */
export function repairTail(path: string): Journal {
  const journal = readJournal(path);
  if (!journal.torn) return journal;
  try {
    Deno.truncateSync(path, journal.end);
  } catch (error) {
    throw new ResultError(
      `Cannot cut the torn last line off the journal ${path}: ${fileReason(error)}`,
      { path, cause: error },
    );
  }
  return { ...journal, torn: false };
}

/**
 * Appends records to a journal, each with one write of one line. Records that complete something
 * (`plan`, `run-ended`, `ratio`, `look`, `session`, `finished`) are brought to the device before {@linkcode JournalWriter.append}
 * returns; the others survive the process, and not the machine.
 *
 * @example
 * ```ts ignore
 * using writer = JournalWriter.create("journal.jsonl", plan);
 * writer.append({ kind: "run-started", benchmark: "raw/write_latency", run: 0, … });
 * ```
 */
export class JournalWriter {
  /** The file. */
  readonly path: string;
  readonly #file: OutputFile;
  readonly #sequence = new Sequence();
  #records = 0;
  #bytes = 0;

  /**
   * Writes to an open file; {@linkcode JournalWriter.create} and {@linkcode JournalWriter.resume}
   * open it.
   *
   * @param journal What the file holds, without a torn line.
   */
  constructor(file: OutputFile, journal: Pick<Journal, "path" | "records" | "end">) {
    this.path = journal.path;
    this.#file = file;
    for (const record of journal.records) this.#sequence.take(record);
    this.#records = journal.records.length;
    this.#bytes = journal.end;
  }

  /**
   * Begins a new journal with its plan.
   *
   * @throws {ResultError} Where the file exists already or cannot be written.
   */
  static create(path: string, plan: PlanLine): JournalWriter {
    const file = openJournal(path, { createNew: true, append: true });
    const writer = new JournalWriter(file, { path, records: [], end: 0 });
    try {
      writer.append(plan);
    } catch (error) {
      // An empty journal would only stand in the way of the next attempt.
      file.close();
      Deno.removeSync(path);
      throw error;
    }
    return writer;
  }

  /**
   * Goes on with a journal: cuts a torn last line off, and begins a session.
   *
   * @returns The writer, and what the journal held before.
   * @throws {ResultError} As {@linkcode readJournal}, where another process is writing the journal,
   * where it holds no plan, or where it cannot be written.
   */
  static resume(path: string, session: SessionLine): { writer: JournalWriter; journal: Journal } {
    // Before the lock, so that a file that is not there or not a journal is said first.
    readJournal(path);
    const file = openJournal(path, { append: true });
    try {
      const journal = repairTail(path);
      if (journal.records.length === 0) {
        throw new ResultError(
          `Cannot resume the journal ${path}: it holds no plan; measure anew`,
          { path },
        );
      }
      const writer = new JournalWriter(file, journal);
      writer.append(session);
      return { writer, journal };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Appends a record.
   *
   * @throws {TypeError} Where the record could not be read back, such as a time that is not finite,
   * or may not stand here, such as a sample outside a run. Nothing is written then.
   * @throws {ResultError} Where the file cannot be written, or would be too large to be read; the
   * journal holds the records before.
   */
  append(record: JournalRecord): void {
    const parsed = v.safeParse(JournalRecord, record, FIRST_ISSUE);
    const wrong = parsed.success ? this.#sequence.refusal(record) : issueText(parsed.issues);
    if (wrong !== undefined) {
      throw new TypeError(
        `Cannot write a ${record.kind} to the journal ${this.path}: ${wrong}`,
      );
    }
    const bytes = new TextEncoder().encode(JSON.stringify(record) + "\n");
    if (this.#bytes + bytes.length > MOST_JOURNAL_BYTES) {
      throw new ResultError(
        `Cannot write line ${this.#records + 1} of the journal ${this.path}: it would be larger ` +
          `than the ${MOST_JOURNAL_BYTES / 1024 / 1024} MiB that are read; measure less at a time`,
        { path: this.path, line: this.#records + 1 },
      );
    }
    try {
      appendWhole(this.#file, bytes, this.#bytes, { synced: SYNCED.has(record.kind) });
    } catch (error) {
      throw this.#writeError(error);
    }
    this.#sequence.take(record);
    this.#records++;
    this.#bytes += bytes.length;
  }

  /** Says what is kept. */
  #writeError(error: unknown): ResultError {
    const kept = this.#records === 1 ? "the line before it is" : "all lines before it are";
    return new ResultError(
      `Cannot write line ${this.#records + 1} of the journal ${this.path}: ` +
        `${fileReason(error)}, then resume; ${kept} kept`,
      { path: this.path, line: this.#records + 1, cause: error },
    );
  }

  /** Closes the file, and gives it free for another process. */
  close(): void {
    this.#file.close();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Opens a journal for writing, for this process alone. */
function openJournal(path: string, options: Deno.OpenOptions): Deno.FsFile {
  let file: Deno.FsFile | null;
  try {
    file = openLocked(path, options);
  } catch (error) {
    const reason = error instanceof Deno.errors.AlreadyExists
      ? "the file exists already; choose another name, or resume it"
      : fileReason(error);
    throw new ResultError(`Cannot write the journal ${path}: ${reason}`, { path, cause: error });
  }
  if (file !== null) return file;
  throw new ResultError(
    `Cannot write the journal ${path}: another process is writing it; wait until it has ended`,
    { path },
  );
}
