import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  formatBytes,
  formatChange,
  formatChangeRange,
  formatCount,
  formatDay,
  formatFactor,
  formatFactorRange,
  formatFactorSpan,
  formatMinute,
  formatNumber,
  formatP,
  formatPercent,
  formatPercentBound,
  formatRate,
  formatRateBound,
  formatRateRange,
  formatTime,
  formatTimeBound,
  formatTimeRange,
  joinWords,
  plural,
} from "./numbers.ts";

const texts: [text: string, expected: string][] = [
  [formatNumber(104_291.6, 5), "104,290"],
  [formatNumber(9.99996, 4), "10.00"],
  [formatNumber(0, 4), "0"],
  [formatChange(0.0317), "+3.2%"],
  [formatChange(-0.0051), "\u22120.51%"],
  [formatChange(0), "0%"],
  [formatChange(-3.3e-16), "0%"],
  [formatChange(9.9e-7), "0%"],
  [formatChange(-2e-6), "\u22120.00020%"],
  [formatChange(9.99), "+999%"],
  [formatChange(10), "11.0×"],
  [formatChange(1233), "1,234×"],
  [formatChange(8e13), "more than 10,000×"],
  [formatChange(NaN), "not a number"],
  [formatChangeRange({ value: 0.1, low: -0.012, high: 1.2 }), "+10% (\u22121.2% to +120%)"],
  // Ends have the digits that tell them from the value, and what has no width has no ends.
  [
    formatChangeRange({ value: -0.9004, low: -0.9012, high: -0.8996 }),
    "\u221290.04% (\u221290.12% to \u221289.96%)",
  ],
  [formatChangeRange({ value: 1.5, low: 1.499, high: 1.501 }), "+150.0% (+149.9% to +150.1%)"],
  [formatChangeRange({ value: 22.4, low: 22.38, high: 22.42 }), "23.40× (23.38× to 23.42×)"],
  [formatChangeRange({ value: -0.9, low: -0.9, high: -0.9 }), "\u221290% (exact)"],
  [formatFactorRange({ value: 10.4, low: 10.399, high: 10.402 }), "10.400× (10.399–10.402)"],
  [formatFactorRange({ value: 2, low: 2, high: 2 }), "2.00×"],
  [
    formatTimeRange({ value: 10_368, low: 10_367.8, high: 10_368.3 }),
    "10.3680 µs (10.3678–10.3683)",
  ],
  [formatTimeRange({ value: 10_368, low: 10_368, high: 10_368 }), "10.37 µs"],
  [
    formatRateRange({ value: 104_288, low: 104_287, high: 104_289 }),
    "104,288 ops/s (104,287–104,289)",
  ],
  [formatP(0.01234), "p = 0.012"],
  [formatP(1), "p = 1.0"],
  [formatP(0), "p < 0.0001"],
  [formatCount(10_000), "10,000"],
  [formatTime(10_368), "10.37 µs"],
  [formatTime(1_050.4), "1.050 µs"],
  [formatTime(999.96), "1.000 µs"],
  [formatTime(999.94), "999.9 ns"],
  [formatTime(0.5), "500.0 ps"],
  [formatTime(95_885_000), "95.89 ms"],
  [formatTime(4.2e12), "4,200 s"],
  [formatTime(0), "0 ns"],
  [formatTime(31, 2), "31 ns"],
  [formatTimeBound(5e6), "5 ms"],
  [formatTimeBound(2_200_000), "2.2 ms"],
  [formatRate(104_290.1), "104,290 ops/s"],
  [formatRate(583.12), "583.12 ops/s"],
  [formatRateBound(185_758), "185,758 ops/s"],
  [
    formatRateRange({ value: 104_290, low: 103_170, high: 105_320 }),
    "104,290 ops/s (103,170–105,320)",
  ],
  [formatTimeRange({ value: 10_368, low: 10_044, high: 10_763 }), "10.37 µs (10.04–10.76)"],
  // One unit for all three, the value's.
  [formatTimeRange({ value: 954, low: 910.1, high: 1100 }), "954.0 ns (910.1 ns–1.100 µs)"],
  [formatFactor(10.43), "10.4×"],
  [formatFactor(2.054), "2.05×"],
  [formatFactor(481.2), "481×"],
  [formatFactor(9.996), "10.0×"],
  [formatFactor(0.4812), "0.48×"],
  [formatFactorRange({ value: 10.43, low: 10.32, high: 10.53 }), "10.4× (10.3–10.5)"],
  [formatFactorSpan(1.9, 2.4), "1.90× to 2.40×"],
  [formatFactorSpan(1.901, 1.902), "1.90×"],
  [formatPercent(0.059), "5.9%"],
  [formatPercent(0.00031), "0.031%"],
  [formatPercent(1), "100%"],
  [formatPercent(2.36), "236%"],
  [formatPercent(0), "0%"],
  [formatPercentBound(0.95), "95%"],
  [formatPercentBound(0.995), "99.5%"],
  [formatBytes(1024), "1 KiB"],
  [formatBytes(16), "16 B"],
  [formatDay("2025-12-10T23:59:00.000Z"), "2025-12-10"],
  [formatDay("yesterday"), "yesterday"],
  [formatMinute("2025-12-10T14:03:59.000Z"), "2025-12-10 14:03 UTC"],
  [plural(1, "run"), "1 run"],
  [plural(1234, "run"), "1,234 runs"],
  [joinWords([]), ""],
  [joinWords(["a"]), "a"],
  [joinWords(["a", "b", "c"]), "a, b and c"],
  [joinWords(["a", "b"], "or"), "a or b"],
];
Deno.test("format…() writes numbers as people read them", () => {
  for (const [text, expected] of texts) assert.equal(text, expected);
});

Deno.test("format…() writes something finite for any number", () => {
  const writers = [formatTime, formatRate, formatFactor, formatPercent, formatCount];
  fc.assert(
    fc.property(fc.double(), (value) => {
      for (const write of writers) {
        const text = write(value);
        assert.ok(text.length > 0);
        assert.ok(!/NaN|Infinity|e[+-]/.test(text), `${value}: ${text}`);
      }
      // Bytes are counts.
      const bytes = formatBytes(Math.min(Math.abs(value), Number.MAX_SAFE_INTEGER));
      assert.match(bytes, /^([\d.]+ ([KMGTP]iB|B)|not a number)$/);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("formatTime() keeps four significant digits when the time is of usual size", () => {
  const units: Record<string, number> = { ps: 1e-3, ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
  fc.assert(
    fc.property(fc.double({ min: 1e-2, max: 1e12, noNaN: true }), (ns) => {
      const [number, unit] = formatTime(ns).split(" ") as [string, string];
      const back = Number(number.replaceAll(",", "")) * units[unit]!;
      assert.ok(Math.abs(back - ns) <= ns * 5.1e-4, `${ns}: ${number} ${unit}`);
    }),
    { seed: 1, numRuns: 500 },
  );
});
