/** What a client's thread and the one that follows it have in common: memory, and nothing else. */
import { LOAD_OPERATION_NAMES } from "../../workload/mod.ts";
import { type Counts, HISTOGRAM_SLOTS } from "./histogram.ts";

/** Words of {@linkcode ClientMemory.control}. */
export enum Control {
  /** The phase that the client may begin: 1, 2, … */
  go,
  /** Not 0 where it is to stop at its next operation. */
  stop,
  count,
}

/** Places in {@linkcode ClientMemory.numbers}. Loops keep those they need: a look-up is not inlined. */
export enum Place {
  /** When the phase begins and ends, ns of the common clock. */
  begin,
  end,
  /** Operations that ended. */
  operations,
  /** Operations that began later than they were to, since the one before it was not over. */
  queued,
  /** Reads that found nothing where they rightly may. */
  missed,
  /** Compare-and-swaps that another client's change refused. */
  conflicts,
  /** Bytes of keys and values that were put. */
  bytesPut,
  /** Bytes of values that were read. */
  bytesRead,
  /** Keys that were read. */
  keysRead,
  /** When the operation under way, or the last one, began, ns of the common clock. */
  started,
  /** Its code. */
  operation,
  /** When the phase was over for this client, ns of the common clock. */
  ended,
  /** Operations of the phase that were to begin before its end and did not. */
  unstarted,
  /** What an operation takes at most without being told one by one, ns; the other side's to set. */
  floor,
  /** Operations that were told one by one. */
  slow,
  /** What its thread has waited for a processor since it began, ns; 0 where that is not known. */
  waited,
  /** Collections of its isolate that were seen. */
  collections,
  /** 1 where its closed loop is one of machine code. */
  native,
  count,
}

/** Slow operations that are kept before the first is written over. */
export const SLOW_KEPT = 256;

/** The numbers of a slow operation, in their order. */
export enum Slow {
  /** When it began, ns of the common clock. */
  started,
  /** What it took, ns. */
  ns,
  /** Its code. */
  code,
  /** What the thread waited for a processor meanwhile, ns; below 0 where that is not known. */
  waited,
  /** What it neither ran nor waited for a processor, but for something else; likewise. */
  blocked,
  /** How much later than it could the client began, ns. */
  late,
  /** Not 0 where a collection of its isolate was seen meanwhile. */
  collected,
  count,
}

/** The histograms of a client with a schedule, in their order. */
export const TIMES = ["response", "lateness", "unhindered", "taken"] as const;

/**
 * What a histogram is of. `response`: from the intended begin to the end. `lateness`: how long the
 * client itself took to begin, when it could have. `unhindered`: the response that there would have
 * been without any lateness. `taken`: from when the client could have begun to the end, service and
 * lateness together, by which an operation with a schedule is slow or not.
 */
export type TimeName = (typeof TIMES)[number];

const CONTROL_BYTES = 4 * Control.count;
const NUMBER_BYTES = 8 * Place.count;
const SLOW_BYTES = 8 * Slow.count * SLOW_KEPT;
const HISTOGRAM_BYTES = 4 * HISTOGRAM_SLOTS;
const HISTOGRAMS = TIMES.length + LOAD_OPERATION_NAMES.length;

/**
 * The memory of one client, seen from either side. Only the client writes its numbers and histograms;
 * they only ever grow, so that what happened in a stretch of time is the difference of two readings.
 */
export class ClientMemory {
  /** All of it; what is posted. */
  readonly buffer: SharedArrayBuffer;
  /** {@linkcode Control}'s words. */
  readonly control: Int32Array;
  /** {@linkcode Place}'s places. */
  readonly numbers: Float64Array;
  /** {@linkcode Slow}'s numbers of the operations that were told one by one, in a ring. */
  readonly slow: Float64Array;
  /** By what they are of. */
  readonly times: Readonly<Record<TimeName, Counts>>;
  /** Service times by the operation's code. */
  readonly byOperation: readonly Counts[];

  /** @param other The other side's. @default new memory */
  constructor(other?: SharedArrayBuffer) {
    const buffer = other ?? new SharedArrayBuffer(
      CONTROL_BYTES + NUMBER_BYTES + SLOW_BYTES + HISTOGRAMS * HISTOGRAM_BYTES,
    );
    this.buffer = buffer;
    this.control = new Int32Array(buffer, 0, Control.count);
    this.numbers = new Float64Array(buffer, CONTROL_BYTES, Place.count);
    // Until it is known what is slow, nothing is.
    if (other === undefined) this.numbers[Place.floor] = Infinity;
    this.slow = new Float64Array(buffer, CONTROL_BYTES + NUMBER_BYTES, Slow.count * SLOW_KEPT);
    const histograms = Array.from(
      { length: HISTOGRAMS },
      (_, i) =>
        new Uint32Array(
          buffer,
          CONTROL_BYTES + NUMBER_BYTES + SLOW_BYTES + i * HISTOGRAM_BYTES,
          HISTOGRAM_SLOTS,
        ),
    );
    const [response, lateness, unhindered, taken, ...byOperation] = histograms;
    this.times = {
      response: response!,
      lateness: lateness!,
      unhindered: unhindered!,
      taken: taken!,
    };
    this.byOperation = byOperation;
  }
}
