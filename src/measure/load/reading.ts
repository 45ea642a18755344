/** What the clients of a load have done so far, read while they go on. */
import { LOAD_CODES, LOAD_OPERATION_NAMES, type LoadSpec } from "../../workload/mod.ts";
import type { Client } from "./clients.ts";
import { type Counts, HISTOGRAM_SLOTS } from "./histogram.ts";
import { Place, type TimeName, TIMES } from "./memory.ts";

/** What clients have done up to a moment, or in a stretch of time. */
export interface Reading {
  /** When it was read, ns of the common clock. */
  at: number;
  /** The histograms that were read; the others are empty. */
  counting: Counting;
  operations: number;
  queued: number;
  missed: number;
  conflicts: number;
  unstarted: number;
  bytesPut: number;
  bytesRead: number;
  keysRead: number;
  /** From begin to end, of all operations. */
  service: Counts;
  times: Readonly<Record<TimeName, Counts>>;
  /** Service times by the operation's code. */
  byOperation: readonly Counts[];
}

/** The numbers of a reading, and where clients have them. */
const NUMBERS = {
  operations: Place.operations,
  queued: Place.queued,
  missed: Place.missed,
  conflicts: Place.conflicts,
  unstarted: Place.unstarted,
  bytesPut: Place.bytesPut,
  bytesRead: Place.bytesRead,
  keysRead: Place.keysRead,
} as const;
const NAMES = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[];

/** The histograms that a load's clients may count in: what goes on beside them has not all to be read. */
export interface Counting {
  /** Codes of the operations that there can be. */
  readonly operations: readonly number[];
  readonly times: readonly TimeName[];
}

/** What the clients of a load count in. */
export function countingOf({ groups }: LoadSpec): Counting {
  const names = LOAD_OPERATION_NAMES.filter((name) => groups.some(({ mix }) => mix[name]));
  return {
    operations: names.map((name) => LOAD_CODES[name]),
    times: groups.some(({ pace }) => pace.loop === "open") ? TIMES : [],
  };
}

/** All that there are. */
const ALL: Counting = { operations: LOAD_OPERATION_NAMES.map((_, code) => code), times: TIMES };

/** What nobody counts in. */
const NOTHING: Counts = new Uint32Array(HISTOGRAM_SLOTS);

/** Nothing done yet. @param counting What is to be counted in. @default all there is */
export function emptyReading(at: number, counting = ALL): Reading {
  const { operations, times } = counting;
  const counts = (are: boolean) => are ? new Uint32Array(HISTOGRAM_SLOTS) : NOTHING;
  return {
    at,
    counting,
    ...Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<keyof typeof NUMBERS, number>,
    service: counts(true),
    times: Object.fromEntries(TIMES.map((name) => [name, counts(times.includes(name))])) as Record<
      TimeName,
      Counts
    >,
    byOperation: LOAD_OPERATION_NAMES.map((_, code) => counts(operations.includes(code))),
  };
}

/**
 * Reads what some clients have done so far, all together.
 *
 * @param into What it is written over, and what clients count in: a reading may have 3 MB, and there is
 * one each window. @default a new one of all there is
 */
export function read(clients: readonly Client[], at: number, into = emptyReading(at)): Reading {
  const { times, operations } = into.counting;
  into.at = at;
  for (const name of NAMES) {
    into[name] = clients.reduce((sum, { memory }) => sum + memory.numbers[NUMBERS[name]]!, 0);
  }
  for (const name of times) {
    sumUp(into.times[name], clients.map(({ memory }) => memory.times[name]));
  }
  for (const code of operations) {
    sumUp(into.byOperation[code]!, clients.map(({ memory }) => memory.byOperation[code]!));
  }
  sumUp(into.service, operations.map((code) => into.byOperation[code]!));
  return into;
}

/**
 * What was done between two readings of the same clients, which count in the same.
 *
 * @param difference What it is written over. @default a new one
 */
export function between(
  before: Reading,
  after: Reading,
  difference = emptyReading(after.at, after.counting),
): Reading {
  const { counting } = after;
  difference.at = after.at;
  for (const name of NAMES) difference[name] = after[name] - before[name];
  for (const name of counting.times) {
    subtract(difference.times[name], after.times[name], before.times[name]);
  }
  subtract(difference.service, after.service, before.service);
  for (const code of counting.operations) {
    subtract(difference.byOperation[code]!, after.byOperation[code]!, before.byOperation[code]!);
  }
  return difference;
}

function sumUp(into: Counts, all: readonly Counts[]): void {
  into.fill(0);
  for (const counts of all) {
    for (let slot = 0; slot < HISTOGRAM_SLOTS; slot++) into[slot]! += counts[slot]!;
  }
}

function subtract(into: Counts, after: Counts, before: Counts): void {
  for (let slot = 0; slot < HISTOGRAM_SLOTS; slot++) into[slot] = after[slot]! - before[slot]!;
}
