/** The counts that the fuzzers and the torture leave, as files that the report is made of. */
import { fileReason, isNotThere, readRegularText, replaceFile } from "../disk/mod.ts";
import { UsageError } from "../cli/usage_error.ts";

/**
 * What a run of a fuzzer came to. A fuzzer's inputs are made from its seed, so that its runs of other
 * seeds add up, and one of the same seed takes the earlier one's place.
 */
export interface FuzzRow {
  target: string;
  what: string;
  /** Our own forms, or an importer's. */
  group: "own" | "importer";
  date: string;
  commit: string | null;
  seed: number;
  /** How long it was to be tried: of processor time where that was counted, else on the clock. */
  minutes: number;
  /** Processor time that it had, min; earlier runs did not count it. */
  processorMinutes?: number;
  inputs: number;
  accepted: number;
  refused: number;
  findings: number;
  peakRssMb: number;
}

/** What a step of the torture came to. */
export interface TortureRow {
  step: string;
  what: string;
  date: string;
  commit: string | null;
  seed: number;
  form: "quick" | "full";
  /** How often it was done, and what came of it: each a number with its name. */
  counts: Record<string, number>;
  /** Whether there was time to do it as often as it was to be done. */
  inTime: boolean;
  seconds: number;
  state: "held" | "failed" | "skipped";
  /** Why it was skipped, or what failed; empty otherwise. */
  why: string;
}

/** What the attack of the raw store over a release came to. */
export interface ReleaseRow {
  release: string;
  /** The command that runs it again. */
  command: string;
  counts: Record<string, number>;
  state: "held" | "failed" | "skipped";
  /** Why it was skipped, or what failed; empty otherwise. */
  why: string;
}

/** The fuzzers' counts. */
export const FUZZ_FILE = "reports/robustness-fuzz.json";
/** The torture's counts. */
export const TORTURE_FILE = "reports/robustness-torture.json";
/** The counts of the raw store over every release. */
export const RELEASES_FILE = "reports/robustness-releases.json";

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Reads counts.
 *
 * @returns `undefined` where there are none yet.
 * @throws {UsageError} Where the file cannot be read.
 */
export function readCounts<T>(path: string): T | undefined {
  try {
    return JSON.parse(readRegularText(path, MOST_BYTES));
  } catch (error) {
    if (isNotThere(error)) return undefined;
    const reason = error instanceof SyntaxError ? "it is not JSON" : fileReason(error);
    throw new UsageError(`Cannot read the counts ${path}: ${reason}`);
  }
}

/**
 * Puts a row among those that were counted before, in the place of the one that is the same.
 *
 * @param nameOf A row's name.
 * @param names All rows' names, in order; rows of others go.
 * @param same Whether a row of the same name is the one whose place this takes. @default Always.
 * @throws {UsageError} Where the file cannot be read or written; it is there whole or as it was.
 */
export function keepCounts<T>(
  path: string,
  row: T,
  nameOf: (row: T) => string,
  names: readonly string[],
  same: (one: T, other: T) => boolean = () => true,
): void {
  const others = (readCounts<T[]>(path) ?? [])
    .filter((other) => nameOf(other) !== nameOf(row) || !same(other, row));
  const rows = [...others, row];
  writeCounts(path, names.flatMap((name) => rows.filter((each) => nameOf(each) === name)));
}

/**
 * Writes counts; the file is there whole or as it was.
 *
 * @throws {UsageError} Where it cannot be written.
 */
export function writeCounts(path: string, counts: unknown): void {
  try {
    replaceFile(path, JSON.stringify(counts, null, 1) + "\n");
  } catch (error) {
    throw new UsageError(`Cannot write the counts ${path}: ${fileReason(error)}`);
  }
}
