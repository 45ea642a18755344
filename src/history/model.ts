/** What a history takes and gives. */
import type { MetricName, NightNote, NightRecord, NightSeries } from "../result/mod.ts";
import type { NightLine } from "./record.ts";

/** A file, or a folder with all in it, that is copied into a night's folder. */
export interface NightFile {
  /** Its name there: one of those in {@linkcode import("../disk/mod.ts")}. */
  name: string;
  /** Where it is copied from, or what is written. */
  content: { path: string } | { text: string };
}

/** What became of an added record. */
export interface Added {
  /** `known`: the very same result is there already, and nothing was written. */
  state: "added" | "known";
  /** The line, as it is in the node's file. */
  line: NightLine;
  /**
   * Other results of the same night and node. In the series the one that was begun last counts, for
   * each benchmark that it has; of two that began together, or of which it is not known, the one that was
   * added last. One that is known to have begun counts before one that is not.
   */
  others: NightLine[];
}

/** Which series are wanted; all where nothing is named. */
export interface SeriesFilter {
  node?: string;
  benchmark?: string;
  metric?: MetricName;
}

/** Which results are kept; lines are kept for ever. */
export interface ThinRule {
  /** Nights back from the newest one of which every result is kept. @default 90 */
  nights?: number;
  /** Weeks before those of which one result a week and node is kept; before them, one a month. @default 52 */
  weeks?: number;
  /**
   * How large the files of all results may be, bytes; the oldest of what is kept so far go. @default
   * no bound
   */
  mostBytes?: number;
  /** Names a reason to keep a result that the rule would not. */
  keep?: (line: NightLine) => string | null;
}

/** What thinning did, or would do. */
export interface Thinned {
  /** Results that were removed, with the bytes of their files. */
  removed: { line: NightLine; bytes: number }[];
  /** Results that the rule would have removed, and why they are kept. */
  spared: { line: NightLine; reason: string }[];
  /** Results whose files are still there. */
  kept: number;
  /** Bytes of their files: more than the rule's most where what may not go is larger. */
  keptBytes: number;
}

/** An open history. Reading sees what was whole when it was called. */
export interface History extends Disposable {
  /** As it was given. */
  readonly directory: string;
  /** What tells it from every other history, whatever its directory is called. */
  readonly id: string;
  /** Names of the nodes, in order. */
  nodes(): string[];
  /** Every night from the first to the last, missing ones too, oldest first; none in an empty history. */
  nights(): string[];
  /** The result of a night and node that counts (see {@linkcode Added.others}), or `null`. */
  record(night: string, node: string): NightLine | null;
  /** All lines in order of night, node, start. */
  records(): NightLine[];
  /** By node, then benchmark, then metric. */
  series(filter?: SeriesFilter): NightSeries[];
  /**
   * Adds a night's result; the line is on the device when this returns.
   *
   * @throws {HistoryError} Where the record is not one, the same result is there under another night,
   * or something cannot be written; what was there is kept.
   */
  add(record: NightRecord, files: readonly NightFile[]): Added;
  /** What was said of nights, in the order in which it was added. */
  notes(): NightNote[];
  /**
   * Adds what somebody says of nights, which is never taken out again; it is on the device when this
   * returns.
   *
   * @throws {HistoryError} Where one is none, or the file cannot be written; what was there is kept.
   */
  note(notes: readonly Omit<NightNote, "schema" | "version" | "addedAt">[]): void;
  /** Makes the index anew from the lines. @returns How many lines there are. */
  rebuild(): number;
  /** Removes results by a rule; `dryRun`: only says which. */
  thin(rule?: ThinRule, options?: { dryRun?: boolean }): Thinned;
  close(): void;
}

/** How a history is opened. */
export interface HistoryOptions {
  /** Whether a directory that is not there, or is empty, becomes a history. @default false */
  create?: boolean;
  /** The time, ISO 8601 in UTC. @default the system's */
  now?: () => string;
  /** How long to wait for another process that is writing, ms. @default 30000 */
  patienceMs?: number;
}
