/** Latencies of single operations, kept in an HDR histogram. */
import {
  build,
  encodeIntoCompressedBase64,
  type Histogram,
  initWebAssembly,
} from "hdr-histogram-js";

/** The longest latency that is told apart: an hour, ns. */
const HIGHEST_NS = 3600e9;

/** A histogram of nanoseconds with three significant digits, from 1 ns to an hour. */
export class LatencyHistogram {
  readonly #histogram: Histogram;

  private constructor(histogram: Histogram) {
    this.#histogram = histogram;
  }

  /** Makes an empty histogram. */
  static async create(): Promise<LatencyHistogram> {
    await initWebAssembly();
    return new LatencyHistogram(build({
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

  /** The histogram as a result keeps it: HDR's compressed text form, which other tools read. */
  encode(): { unit: "ns"; count: number; histogram: string } {
    return {
      unit: "ns",
      count: this.#histogram.totalCount,
      histogram: encodeIntoCompressedBase64(this.#histogram),
    };
  }
}
