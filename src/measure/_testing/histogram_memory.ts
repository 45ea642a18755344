/**
 * Makes and encodes histograms as a soak does, and prints by how many bytes of resident memory the
 * process grew over the last of them. A program of its own, run by latency_memory_test.ts: resident memory is
 * the process's, and tests of other files share theirs.
 */
import { LatencyHistogram } from "../latency.ts";

/** What grows once is grown after so many. */
const FIRST = 100;
/** Of these each would leave 135 KB. */
const COUNTED = 400;

async function encodeSome(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    using histogram = await LatencyHistogram.create();
    for (let ns = 100; ns < 4e9; ns *= 1.1) histogram.record(Float64Array.of(ns));
    histogram.encode();
  }
}

if (import.meta.main) {
  await encodeSome(FIRST);
  const before = Deno.memoryUsage().rss;
  await encodeSome(COUNTED);
  console.log(Deno.memoryUsage().rss - before);
}
