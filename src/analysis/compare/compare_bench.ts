/** Prints how long it takes to compare two results of 100 latency benchmarks, 10 runs × 100 samples each. */
import type { Result } from "../../result/schema.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import { compareResults } from "./compare.ts";

const STORES = 50;
const RUNS = 10;
const SAMPLES = 100;

/** A result whose benchmarks all have histograms, which cost the most: two latencies a store. */
function hundred(seed: number): Result {
  const stores = Array.from({ length: STORES }, (_, store) =>
    sampleStore(`store-${store}`, 1, {}, [
      "write_throughput/10000",
      "read_throughput/10000",
      "scan_throughput/1000",
    ]));
  const result = sampleResult({ stores, runs: RUNS, seed, observations: 10_000 });
  for (const run of result.runs) run.samples = run.samples.slice(0, SAMPLES);
  return result;
}

const [base, candidate] = [hundred(1), hundred(2)];
for (let repeat = 0; repeat < 3; repeat++) {
  const start = performance.now();
  const { rows, counts } = compareResults({ label: "A", result: base }, {
    label: "B",
    result: candidate,
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const benchmarks = new Set(rows.map(({ id }) => id)).size;
  console.log(
    `${benchmarks} benchmarks, ${RUNS} runs, ${SAMPLES} samples: ${rows.length} rows in ` +
      `${seconds} s; false verdicts: ${counts.improved + counts.regressed}`,
  );
}
