/** The buckets that fio prints with `--output-format=json+`. */
import type { Histogram } from "hdr-histogram-js";
import type { LatencyRecord } from "../result/mod.ts";
import { count, notNegative } from "./figures.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { JsonObject } from "./json_file.ts";
import { emptyHistogram, HIGHEST_NS, latencyRecord } from "./latency_histogram.ts";

/**
 * Adds buckets up. Each stands for one value, the middle of its bounds: since fio 3 the keys are these
 * values in ns; before, they are the buckets' numbers, beside constants that say how many there are.
 */
export class FioHistogram {
  readonly #histogram: Histogram = emptyHistogram();

  /**
   * @param unit Nanoseconds in the unit of the values.
   * @returns The latencies in the buckets.
   * @throws {ResultError} Where a key or a count is none.
   */
  add(bins: JsonObject, unit: number, where: string, path: string): number {
    const bits = bins.FIO_IO_U_PLAT_BITS;
    let counted = 0;
    for (const [key, value] of Object.entries(bins)) {
      if (key.startsWith("FIO_IO_U_PLAT_")) continue;
      const name = `the bucket ${shown(key)} of ${where}`;
      const number = count(typeof value === "number" ? value : NaN, name, { path });
      if (number === 0) continue;
      const at = notNegative(key, `a key of ${where}.bins`, { path });
      const ns = Math.round((bits === undefined ? at : valueOf(at, bits, where, path)) * unit);
      if (!(ns <= HIGHEST_NS)) {
        throw cannotImport(path, `${name} is more than a day; take the file as fio wrote it`);
      }
      if (!Number.isSafeInteger(this.#histogram.totalCount + number)) {
        throw cannotImport(path, `the counts of ${where} are out of all measure; measure again`);
      }
      this.#histogram.recordValueWithCount(ns, number);
      counted += number;
    }
    return counted;
  }

  /** All that was added. */
  record(): LatencyRecord {
    return latencyRecord(this.#histogram);
  }
}

/** What a bucket stands for by its number (`plat_idx_to_val` in fio's stat.c). */
function valueOf(index: number, bits: unknown, where: string, path: string): number {
  if (typeof bits !== "number" || !Number.isInteger(bits) || bits < 1 || bits > 20) {
    throw cannotImport(path, `the buckets of ${where} are of no known form; measure again`);
  }
  const inGroup = 2 ** bits;
  if (index < 2 * inGroup) return index;
  const errorBits = Math.floor(index / inGroup) - 1;
  return 2 ** (errorBits + bits) + (index % inGroup + 0.5) * 2 ** errorBits;
}
