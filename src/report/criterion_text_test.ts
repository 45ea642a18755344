import assert from "node:assert/strict";
import type { ChangeVerdict, OutlierCounts } from "../analysis/mod.ts";
import { criterionBlock, criterionThroughput, criterionTime } from "./criterion_text.ts";

const MS = 1e6;
const US = 1e3;

/** A time with its interval in the order in which criterion prints it. */
function time(low: number, value: number, high: number, unit: number) {
  return { low: low * unit, value: value * unit, high: high * unit };
}

/** Outlier counts from those that are not zero. */
function outliers(samples: number, counts: Partial<OutlierCounts>): OutlierCounts {
  const all = { lowSevere: 0, lowMild: 0, highMild: 0, highSevere: 0, ...counts };
  const total = all.lowSevere + all.lowMild + all.highMild + all.highSevere;
  return { ...all, total, samples };
}

// Numbers and text of the reference report's appendix. Where its rounded times do not give its
// throughputs to the last digit, a digit was added that does.
Deno.test("criterionBlock() reproduces the reference's throughput block", () => {
  assert.equal(
    criterionBlock({
      id: "write_throughput/10000",
      time: time(94.953, 95.885, 96.931, MS),
      elements: 10_000,
    }),
    "write_throughput/10000  time:   [94.953 ms 95.885 ms 96.931 ms]\n" +
      "                        thrpt:  [103.17 Kelem/s 104.29 Kelem/s 105.32 Kelem/s]",
  );
});

Deno.test("criterionBlock() puts a long id on its own line, and counts outliers by class", () => {
  assert.equal(
    criterionBlock({
      id: "write_latency/single_write",
      time: time(10.044, 10.368, 10.763, US),
      outliers: outliers(1000, { highMild: 28, highSevere: 31 }),
    }),
    "write_latency/single_write\n" +
      "                        time:   [10.044 µs 10.368 µs 10.763 µs]\n" +
      "Found 59 outliers among 1000 measurements (5.90%)\n" +
      "  28 (2.80%) high mild\n" +
      "  31 (3.10%) high severe",
  );
});

Deno.test("criterionBlock() reproduces the reference's scan block with both units and sides", () => {
  assert.equal(
    criterionBlock({
      id: "scan_throughput/1000",
      time: time(285.624, 292.33, 307.44, US),
      elements: 1000,
      outliers: outliers(10, { lowMild: 1, highSevere: 1 }),
    }),
    "scan_throughput/1000    time:   [285.62 µs 292.33 µs 307.44 µs]\n" +
      "                        thrpt:  [3.2527 Melem/s 3.4208 Melem/s 3.5011 Melem/s]\n" +
      "Found 2 outliers among 10 measurements (20.00%)\n" +
      "  1 (10.00%) low mild\n" +
      "  1 (10.00%) high severe",
  );
});

Deno.test("criterionBlock() keeps criterion's plural, and prints low severe before high severe", () => {
  const block = (counts: Partial<OutlierCounts>) =>
    criterionBlock({
      id: "read_throughput/10000",
      time: time(12.3026, 12.6363, 13.0614, MS),
      elements: 10_000,
      outliers: outliers(10, counts),
    });
  assert.equal(
    block({ lowSevere: 1, highSevere: 1 }),
    "read_throughput/10000   time:   [12.303 ms 12.636 ms 13.061 ms]\n" +
      "                        thrpt:  [765.61 Kelem/s 791.37 Kelem/s 812.84 Kelem/s]\n" +
      "Found 2 outliers among 10 measurements (20.00%)\n" +
      "  1 (10.00%) low severe\n" +
      "  1 (10.00%) high severe",
  );
  assert.match(block({ highSevere: 1 }), /Found 1 outliers among 10 measurements \(10\.00%\)\n/);
  assert.ok(!block({}).includes("Found"));
});

Deno.test("criterionBlock() reproduces the reference's read latency block", () => {
  assert.equal(
    criterionBlock({
      id: "read_latency/single_read",
      time: time(1.0459, 1.0504, 1.055, US),
      outliers: outliers(1000, { highMild: 33, highSevere: 3 }),
    }),
    "read_latency/single_read\n" +
      "                        time:   [1.0459 µs 1.0504 µs 1.0550 µs]\n" +
      "Found 36 outliers among 1000 measurements (3.60%)\n" +
      "  33 (3.30%) high mild\n" +
      "  3 (0.30%) high severe",
  );
});

Deno.test("criterionBlock() lets an id of 23 columns stand beside the time, and none of 24", () => {
  const first = (length: number) =>
    criterionBlock({ id: "x".repeat(length), time: time(1, 2, 3, 1) }).split("\n")[0];
  assert.equal(first(23), `${"x".repeat(23)} time:   [1.0000 ns 2.0000 ns 3.0000 ns]`);
  assert.equal(first(24), "x".repeat(24));
});

Deno.test("criterionBlock() prints a change with the sign U+2212 and the verdict's sentence", () => {
  const block = (
    mean: [low: number, value: number, high: number],
    p: number,
    verdict: ChangeVerdict,
    elements?: number,
  ) =>
    criterionBlock({
      id: "get",
      time: time(1, 2, 3, US),
      ...(elements === undefined ? {} : { elements }),
      change: {
        mean: { low: mean[0], value: mean[1], high: mean[2] },
        p,
        significance: 0.05,
        verdict,
      },
    }).split("\n").slice(elements === undefined ? 1 : 2);
  assert.deepEqual(block([-0.5, -0.333, -0.2], 0, "improved", 10), [
    "                 change:",
    "                        time:   [\u221250.000% \u221233.300% \u221220.000%] (p = 0.00 < 0.05)",
    "                        thrpt:  [+25.000% +49.925% +100.00%]",
    "                        Performance has improved.",
  ]);
  assert.deepEqual(block([0.012, 0.5, 1], 0.01, "regressed"), [
    "                        change: [+1.2000% +50.000% +100.00%] (p = 0.01 < 0.05)",
    "                        Performance has regressed.",
  ]);
  assert.deepEqual(block([-0.002, 0.004, 0.02], 0.5, "unchanged"), [
    "                        change: [\u22120.2000% +0.4000% +2.0000%] (p = 0.50 > 0.05)",
    "                        No change in performance detected.",
  ]);
  const sentence = (verdict: ChangeVerdict) => block([0, 0.01, 0.02], 0.01, verdict)[1]?.trim();
  assert.equal(sentence("too small to matter"), "Change within noise threshold.");
  assert.equal(sentence("inconclusive"), "Change not conclusive.");
});

const times: [ns: number, text: string][] = [
  [0.5, "500.00 ps"],
  [1, "1.0000 ns"],
  [999.9, "999.90 ns"],
  [1000, "1.0000 µs"],
  // The unit is picked before rounding.
  [999_999, "1000.00 µs"],
  [1e9, "1.0000 s"],
  [1e13, " 10000 s"],
];
Deno.test("criterionTime() picks criterion's units and digits", () => {
  for (const [ns, text] of times) assert.equal(criterionTime(ns), text);
});

const rates: [perSecond: number, text: string][] = [
  [1, "1.0000  elem/s"],
  [999, "999.00  elem/s"],
  [1000, "1.0000 Kelem/s"],
  [3_420_800, "3.4208 Melem/s"],
  [2e9, "2.0000 Gelem/s"],
  [Infinity, "   inf Gelem/s"],
];
Deno.test("criterionThroughput() picks criterion's units and digits", () => {
  for (const [perSecond, text] of rates) assert.equal(criterionThroughput(perSecond), text);
});
