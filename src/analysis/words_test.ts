import assert from "node:assert/strict";
import {
  formatBound,
  formatMetricRange,
  formatRatio,
  metricRangeText,
  shortRatio,
  withoutInterval,
} from "./words.ts";

Deno.test("formatMetricRange() takes the metric's unit", () => {
  const range = { value: 2, low: 1, high: 3 };
  assert.equal(formatMetricRange("throughput", range), "2.0000 ops/s (1.0000–3.0000)");
  assert.equal(formatMetricRange("p99", range), "2.000 ns (1.000–3.000)");
  assert.equal(formatMetricRange("p99", { value: 1, low: 1, high: 1 }), "1.000 ns", "no width");
});

Deno.test("formatBound() has the bound's sign and the metric's unit", () => {
  assert.equal(formatBound({ metric: "p99", bound: "atMost", value: 5e6 }), "≤ 5 ms");
  assert.equal(
    formatBound({ metric: "throughput", bound: "atLeast", value: 10_000 }),
    "≥ 10,000 ops/s",
  );
});

Deno.test("runs and samples in an interval's place have their unit once, and none under a header that has it", () => {
  const range = { value: 20, low: 1, high: 400, apart: [3, 27, 130] };
  assert.equal(formatMetricRange("p99", range), "20.00 ns (runs 3.0, 27 and 130 ns)");
  const far = { ...range, apart: [3, 27, 130_000] };
  assert.equal(formatMetricRange("p99", far), "20.00 ns (runs 3.0 ns, 27 ns and 130 µs)");
  const rates = "runs 3.0000, 27.000 and 130.00";
  assert.equal(formatMetricRange("throughput", range), `20.000 ops/s (${rates} ops/s)`);
  const underUnit = { underUnit: true };
  assert.deepEqual(
    metricRangeText("throughput", range, underUnit),
    { text: "20.000", interval: rates },
  );
  // Times have their own units, which no header has.
  assert.equal(metricRangeText("p99", range, underUnit).text, "20.00 ns");
  const row = { metric: "throughput", estimate: null, point: 20, reason: "", basis: null } as const;
  const made = { of: "samples", values: [3, 27, 130] } as const;
  assert.equal(withoutInterval(row), "20.000 ops/s, no interval");
  assert.equal(withoutInterval(row, underUnit), "20.000, no interval");
  const sampled = { ...row, made: { ...made, values: [...made.values] } };
  assert.equal(
    withoutInterval(sampled),
    "20.000 ops/s, no interval: samples 3.0000, 27.000 and 130.00 ops/s",
  );
  assert.doesNotMatch(withoutInterval(sampled, underUnit), /ops/);
});

Deno.test("a ratio whose interval's ends lie more than tenfold apart is none", () => {
  const narrow = { value: 0.87, low: 0.4, high: 4 };
  assert.deepEqual([formatRatio(narrow), shortRatio(narrow)], ["0.87× (0.40–4.00)", "0.87×"]);
  const wide = { value: 0.87, low: 0.018, high: 42.3 };
  assert.deepEqual([formatRatio(wide), shortRatio(wide)], [
    "too far apart for a ratio",
    "no ratio",
  ]);
});
