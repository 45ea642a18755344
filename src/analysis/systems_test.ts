import assert from "node:assert/strict";
import { analyse } from "./analyse.ts";
import { publishedMean, publishedQuantile } from "./systems.ts";
import { sampleResult, sampleStore, threeStores } from "./_testing/sample_result.ts";

const OPTIONS = { resamples: 500 };
const FIGURE = { system: "etcd", metric: "read" as const, ops_per_sec: 1000, source: "a page" };

Deno.test("analyse() compares measured stores first, and says where each row comes from", () => {
  const { comparison } = analyse(threeStores(), OPTIONS);
  const here = comparison.filter(({ measuredHere }) => measuredHere);
  assert.deepEqual(here.map(({ system, operation }) => `${system} ${operation}`), [
    "raw write",
    "raw read",
    "raw scan",
    "kvstore write",
    "kvstore read",
    "level write",
    "level read",
    "level scan",
  ]);
  assert.ok(here.every(({ source }) => source === "measured here, 2025-12-10"));
  assert.deepEqual(comparison.slice(0, here.length), here);
  assert.equal(comparison.length - here.length, 3);
});

Deno.test("analyse() leaves what a source does not state null", () => {
  const { comparison } = analyse(threeStores(), OPTIONS);
  const tikv = comparison.find(({ system }) => system === "TiKV")!;
  assert.deepEqual(
    [tikv.network, tikv.clients, tikv.valueBytes, tikv.hardware, tikv.durability, tikv.p99],
    [null, null, null, null, null, null],
  );
  assert.equal(tikv.littlesLaw, null);
  assert.equal(tikv.approximate, true);
  assert.deepEqual(tikv.latency, { value: Math.sqrt(50e6), low: 5000, high: 10_000 });
});

Deno.test("analyse() checks rows by Little's law when clients, rate and latency are known", () => {
  const { comparison } = analyse(threeStores(), OPTIONS);
  const laws = comparison.filter(({ system }) => system === "etcd")
    .map(({ operation, littlesLaw }) => ({ operation, ...littlesLaw! }));
  // 1,000 / 44,341 is 22.6 ms, the source says 22; 1,000 / 185,758 is 5.4 ms, the source says 2.2.
  assert.equal(laws[0]!.expectedNs, 1000 / 44_341 * 1e9);
  assert.deepEqual(laws.map(({ operation, holds }) => [operation, holds]), [
    ["write", true],
    ["read", false],
  ]);
  assert.equal(laws[1]!.factor, 2.2e6 / (1000 / 185_758 * 1e9));
});

Deno.test("analyse() checks no measured row by Little's law: its rate and latency are of two processes", () => {
  const result = threeStores();
  // Twice the latency in the same result: the law holds in each process, and not between the two.
  for (const { benchmark, samples } of result.runs) {
    if (benchmark.includes("latency")) { for (const sample of samples) sample.ns *= 2; }
  }
  const measured = analyse(result, OPTIONS).comparison.filter(({ measuredHere }) => measuredHere);
  assert.ok(measured.some(({ throughput, latency }) => throughput !== null && latency !== null));
  assert.deepEqual(measured.filter(({ littlesLaw }) => littlesLaw !== null), []);
});

Deno.test("analyse() does not divide by no clients", () => {
  const result = sampleResult({
    runs: 1,
    stores: [sampleStore("raw", 1)],
    suite: { claims: [], figures: [{ ...FIGURE, clients: 0, latency_ms_avg: 1 }] },
    observations: 100,
  });
  assert.equal(analyse(result, OPTIONS).comparison.at(-1)!.littlesLaw, null);
});

Deno.test("publishedMean() reads every form in which a latency is stated", () => {
  assert.equal(publishedMean(FIGURE), null);
  assert.equal(publishedMean({ ...FIGURE, latency_ms_avg: 2 })?.value, 2e6);
  assert.equal(publishedMean({ ...FIGURE, latency_us_avg: 2 })?.value, 2e3);
  assert.deepEqual(publishedMean({ ...FIGURE, latency_us_range: [16, 4] }), {
    value: 8000,
    low: 4000,
    high: 16_000,
  });
});

Deno.test("publishedQuantile() reads a quantile beyond the schema, and only a number", () => {
  assert.equal(publishedQuantile({ ...FIGURE, latency_ms_p99: 74.1 }, "p99")?.value, 74.1e6);
  assert.equal(publishedQuantile({ ...FIGURE, latency_ms_p99: "74" }, "p99"), null);
  assert.equal(publishedQuantile({ ...FIGURE, latency_ms_p99: 74.1 }, "p999"), null);
});
