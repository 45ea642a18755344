/** Histograms in their text form, read without trusting it. */
import { decodeFromCompressedBase64, JsHistogram } from "hdr-histogram-js";
import { asV2 } from "./hdr_encoding.ts";

/** A histogram of the finest resolution has some 25 MB; more is no histogram. */
const MOST_INFLATED = 32 * 1024 * 1024;

/**
 * Reads an HDR histogram in its compressed text form (`HISTFAAA…`), in any of its encodings.
 *
 * @param text As a result, a journal or a log of another tool has it.
 * @param countBits Bits of a count; in 32 a larger one would wrap around. @default 64
 * @throws {RangeError} Where it is none, or does not hold what its header says. The message is a
 * reason, as a clause.
 */
export function decodeHistogram(text: string, countBits: 32 | 64 = 64): JsHistogram {
  let reason = "it cannot be unpacked";
  try {
    const encoded = asV2(text, MOST_INFLATED);
    if (encoded !== null) {
      const histogram = decodeFromCompressedBase64(encoded, countBits);
      if (histogram instanceof JsHistogram) return histogram;
    }
    reason = "its header is none, or its counts are not what it says";
  } catch {
    // The inflater and the decoder throw whatever they like, strings among them.
  }
  throw new RangeError(reason);
}
