import assert from "node:assert/strict";
import { formatBound, formatMetricRange } from "./words.ts";

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
