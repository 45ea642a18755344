/** What the clients of a load have done so far, read while they go on. */
import { LOAD_OPERATION_NAMES } from "../../workload/mod.ts";
import type { Client } from "./clients.ts";
import { type Counts, HISTOGRAM_SLOTS } from "./histogram.ts";
import { Place, type TimeName, TIMES } from "./memory.ts";

/** What clients have done up to a moment, or in a stretch of time. */
export interface Reading {
  /** When it was read, ns of the common clock. */
  at: number;
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

/** Nothing done yet. */
export function emptyReading(at: number): Reading {
  const counts = () => new Uint32Array(HISTOGRAM_SLOTS);
  return {
    at,
    ...Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<keyof typeof NUMBERS, number>,
    service: counts(),
    times: Object.fromEntries(TIMES.map((name) => [name, counts()])) as Record<TimeName, Counts>,
    byOperation: LOAD_OPERATION_NAMES.map(counts),
  };
}

/** Reads what some clients have done so far, all together. */
export function read(clients: readonly Client[], at: number): Reading {
  const reading = emptyReading(at);
  for (const { memory } of clients) {
    for (const name of NAMES) reading[name] += memory.numbers[NUMBERS[name]]!;
    for (const name of TIMES) add(reading.times[name], memory.times[name]);
    memory.byOperation.forEach((counts, code) => add(reading.byOperation[code]!, counts));
  }
  for (const counts of reading.byOperation) add(reading.service, counts);
  return reading;
}

/** What was done between two readings of the same clients. */
export function between(before: Reading, after: Reading): Reading {
  const difference = emptyReading(after.at);
  for (const name of NAMES) difference[name] = after[name] - before[name];
  for (const name of TIMES) {
    subtract(difference.times[name], after.times[name], before.times[name]);
  }
  subtract(difference.service, after.service, before.service);
  difference.byOperation.forEach((counts, code) =>
    subtract(counts, after.byOperation[code]!, before.byOperation[code]!)
  );
  return difference;
}

function add(into: Counts, counts: Counts): void {
  for (let slot = 0; slot < HISTOGRAM_SLOTS; slot++) into[slot]! += counts[slot]!;
}

function subtract(into: Counts, after: Counts, before: Counts): void {
  for (let slot = 0; slot < HISTOGRAM_SLOTS; slot++) into[slot] = after[slot]! - before[slot]!;
}
