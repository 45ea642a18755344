/** Stores that a search for a rate is tried on: a queue, whose true capacity is known. */
import type { LoadStep, StepWindow } from "../load_step.ts";
import type { Random } from "../random.ts";

/** What a simulated store is like. */
export interface SimulatedStore {
  /** Operations a second that it keeps for ever. */
  capacity: number;
  /** Standard deviation of the logarithm of the capacity from step to step. */
  drift: number;
  /** The same from window to window. */
  noise: number;
  /** Share of windows that are stalled for a third of their time. */
  stalls: number;
  /** How much faster it is while its debt has room, and how much debt has room, s of its capacity. */
  debt?: { faster: number; room: number; sawtooth: number };
  /** Operations that it gathers before it does them: few operations wait long for the others. */
  batch?: number;
}

const SECONDS = 1;
const WINDOWS = 16;
/** Windows before them that settle, and are not judged. */
const SETTLING = 4;
/** Time of an operation without a queue, ns. */
const SERVICE = 100_000;
const BYTES = 116;

/** Offers a rate to the store, as it is at the beginning. */
export function offer(store: SimulatedStore, rate: number, random: Random): LoadStep {
  const { capacity, drift, noise, stalls, debt, batch } = store;
  const own = capacity * Math.exp(drift * random.normal());
  const windows: StepWindow[] = [];
  let queue = 0;
  let owed = 0;
  for (let i = -SETTLING; i < WINDOWS; i++) {
    let able = own * Math.exp(noise * random.normal());
    if (debt !== undefined && owed < debt.room * capacity) able *= debt.faster;
    if (random.uniform() < stalls) able *= 2 / 3;
    const arrived = rate * SECONDS + Math.sqrt(rate * SECONDS) * random.normal();
    const done = Math.max(0, Math.min(queue + arrived, able * SECONDS));
    queue = queue + arrived - done;
    // Compaction pays back what the store keeps for ever.
    owed = Math.max(0, owed + done - own * SECONDS);
    const waiting = queue / able * 1e9;
    const gathering = batch === undefined ? 0 : batch / rate * 1e9;
    const busy = Math.min(0.99, rate / able);
    const base = SERVICE * Math.exp(0.02 * random.normal());
    const tail = 3 * SERVICE / (1 - busy) * Math.exp(0.1 * random.normal());
    const window = {
      operations: done,
      responseP50: base + gathering / 2 + waiting,
      responseP99: tail + gathering + waiting,
      debtBytes: debt === undefined
        ? null
        : Math.max(0, owed + debt.sawtooth * own * random.uniform()) * BYTES,
      bytesPut: done * BYTES,
    };
    if (i >= 0) windows.push(window);
  }
  return { rate, seconds: SECONDS, windows };
}

/** What it keeps in the mean, stalls and noise included; what is owed is paid back without either. */
export function sustained({ capacity, noise, stalls, debt }: SimulatedStore): number {
  return debt === undefined ? capacity * Math.exp(noise ** 2 / 2) * (1 - stalls / 3) : capacity;
}

/** The highest rate whose p99, but for noise, is within a bound. */
export function usableCapacity({ capacity, batch }: SimulatedStore, mostP99: number): number {
  let low = 0;
  let high = capacity;
  const p99 = (rate: number) =>
    3 * SERVICE / (1 - Math.min(0.99, rate / capacity)) + (batch ?? 0) / rate * 1e9;
  // Beyond the middle, where batches cost little, the p99 grows with the rate.
  low = capacity / 2;
  if (p99(low) > mostP99) return NaN;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (p99(middle) <= mostP99) low = middle;
    else high = middle;
  }
  return low;
}
