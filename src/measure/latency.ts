/** Latencies of single operations, kept in an HDR histogram. */
import type { Histogram } from "hdr-histogram-js";
// It takes a tenth of a second to load, and most runs time no single operation.
import defer * as hdr from "hdr-histogram-js";

/** The longest latency that is told apart: an hour, ns. */
const HIGHEST_NS = 3600e9;

/** Latencies as a result keeps them. */
export interface EncodedLatency {
  unit: "ns";
  count: number;
  /** HDR histogram in its compressed text form. */
  histogram: string;
}

/**
 * A histogram of nanoseconds with three significant digits, from 1 ns to an hour. Its counts lie in
 * WebAssembly's memory, which V8 does not collect: who makes many of them disposes of each.
 */
export class LatencyHistogram implements Disposable {
  readonly #histogram: Histogram;

  private constructor(histogram: Histogram) {
    this.#histogram = histogram;
  }

  /** Makes an empty histogram. */
  static async create(): Promise<LatencyHistogram> {
    await hdr.initWebAssembly();
    return new LatencyHistogram(hdr.build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_NS,
      numberOfSignificantValueDigits: 3,
      useWebAssembly: true,
    }));
  }

  /** Adds latencies, ns. What took more than an hour counts as an hour. */
  record(latencies: Float64Array): void {
    for (let i = 0; i < latencies.length; i++) {
      this.#histogram.recordValue(Math.min(latencies[i]!, HIGHEST_NS));
    }
  }

  /**
   * Adds times that were counted by slots.
   *
   * @param mostOfSlot The longest time of a slot, ns.
   */
  recordCounts(counts: Uint32Array, mostOfSlot: (slot: number) => number): void {
    for (let slot = 0; slot < counts.length; slot++) {
      const count = counts[slot]!;
      if (count > 0) {
        this.#histogram.recordValueWithCount(Math.min(mostOfSlot(slot), HIGHEST_NS), count);
      }
    }
  }

  /** The histogram as a result keeps it: HDR's compressed text form, which other tools read. */
  encode(): EncodedLatency {
    return {
      unit: "ns",
      count: this.#histogram.totalCount,
      histogram: hdr.encodeIntoCompressedBase64(this.#histogram),
    };
  }

  /** Gives back its memory; it can be used no more. */
  [Symbol.dispose](): void {
    this.#histogram.destroy();
  }
}
