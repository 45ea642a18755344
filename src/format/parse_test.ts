import assert from "node:assert/strict";
import fc from "fast-check";
import { formatBytes, formatPercentBound, formatTimeBound } from "./numbers.ts";
import { formatBytesExact, parseBytes, parseCount, parseDuration, parseShare } from "./parse.ts";

const PARSERS = { parseBytes, parseCount, parseDuration, parseShare };

const texts: [parser: keyof typeof PARSERS, text: string, expected: number | undefined][] = [
  ["parseBytes", "0", 0],
  ["parseBytes", "65536", 65_536],
  ["parseBytes", "16B", 16],
  ["parseBytes", "64KiB", 65_536],
  ["parseBytes", "64MiB", 67_108_864],
  ["parseBytes", "64 MiB", 67_108_864],
  ["parseBytes", "64MB", 64_000_000],
  ["parseBytes", "64kB", 64_000],
  ["parseBytes", "1.5GiB", 1_610_612_736],
  ["parseBytes", "0.1GB", 100_000_000],
  ["parseBytes", "2.3GB", 2_300_000_000],
  ["parseBytes", "4TiB", 4_398_046_511_104],
  // Not clear, or no whole bytes.
  ["parseBytes", "64k", undefined],
  ["parseBytes", "64K", undefined],
  ["parseBytes", "64KB", undefined],
  ["parseBytes", "64M", undefined],
  ["parseBytes", "64mb", undefined],
  ["parseBytes", "64Mb", undefined],
  ["parseBytes", "1.5B", undefined],
  ["parseBytes", "0.0001kB", undefined],
  ["parseBytes", "1e6", undefined],
  ["parseBytes", "-1", undefined],
  ["parseBytes", "+1", undefined],
  ["parseBytes", "", undefined],
  ["parseBytes", " 10", undefined],
  ["parseBytes", "10 ", undefined],
  ["parseBytes", "1,000", undefined],
  ["parseBytes", ".5MB", undefined],
  ["parseBytes", "9007199254740992", undefined],
  ["parseBytes", "99999999999999999999", undefined],
  ["parseCount", "10000", 10_000],
  ["parseCount", "20k", 20_000],
  ["parseCount", "1.5M", 1_500_000],
  ["parseCount", "2G", 2_000_000_000],
  ["parseCount", "1.5", undefined],
  ["parseCount", "20K", undefined],
  ["parseDuration", "5ms", 5_000_000],
  ["parseDuration", "500us", 500_000],
  ["parseDuration", "500 \u00B5s", 500_000],
  ["parseDuration", "500\u03BCs", 500_000],
  ["parseDuration", "0.5ns", 0.5],
  ["parseDuration", "1.5s", 1.5e9],
  ["parseDuration", "2min", 120e9],
  ["parseDuration", "1h", 3600e9],
  ["parseDuration", "5", undefined],
  ["parseDuration", "5m", undefined],
  ["parseDuration", "-5ms", undefined],
  ["parseShare", "3%", 0.03],
  ["parseShare", "0.5 %", 0.005],
  ["parseShare", "150%", 1.5],
  ["parseShare", "3", undefined],
  ["parseShare", "0.03", undefined],
  ["parseShare", "-1%", undefined],
];
for (const [parser, text, expected] of texts) {
  Deno.test(`${parser}() reads ${JSON.stringify(text)} as ${expected}`, () => {
    assert.equal(PARSERS[parser](text), expected);
  });
}

Deno.test("parse…() answers any text with a number that is finite and not negative, or with nothing", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.double().map(String));
  fc.assert(
    fc.property(text, fc.constantFrom("", "B", "MiB", "ms", "k", "%"), (text, unit) => {
      for (const parse of Object.values(PARSERS)) {
        const value = parse(text + unit);
        assert.ok(value === undefined || value >= 0 && Number.isFinite(value), `${value}`);
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
});

Deno.test("parseBytes() reads what formatBytesExact() writes", () => {
  const units = [1, 1000, 1024, 2 ** 20, 2 ** 30, 2 ** 40];
  fc.assert(
    fc.property(fc.nat(8000), fc.constantFrom(...units), (count, unit) => {
      const bytes = count * unit;
      const text = formatBytesExact(bytes);
      assert.equal(parseBytes(text), bytes, text);
    }),
    { seed: 1, numRuns: 1000 },
  );
  assert.equal(formatBytesExact(67_108_864), "64MiB");
  assert.equal(formatBytesExact(65_537), "65537");
  assert.equal(formatBytesExact(0), "0");
});

Deno.test("parseBytes() reads what formatBytes() writes, as near as it is written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1024, max: 2 ** 40 - 1 }), (bytes) => {
      const text = formatBytes(bytes);
      const value = parseBytes(text);
      // Not every shortened number of units is whole bytes.
      if (value !== undefined) assert.ok(Math.abs(value - bytes) <= bytes * 0.005, text);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("parseDuration() reads what formatTimeBound() writes", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999 }),
      fc.constantFrom(1, 1e3, 1e6, 1e9),
      fc.constantFrom(1, 10, 100),
      (count, unit, parts) => {
        const ns = count * unit / parts;
        // Below a nanosecond it is written in ps, which nobody sets.
        if (ns < 1) return;
        assert.equal(parseDuration(formatTimeBound(ns)), ns, formatTimeBound(ns));
      },
    ),
    { seed: 1, numRuns: 1000 },
  );
});

Deno.test("parseShare() reads what formatPercentBound() writes", () => {
  fc.assert(
    fc.property(fc.nat(99_999), (count) => {
      const share = count / 100_000;
      assert.ok(Math.abs(parseShare(formatPercentBound(share))! - share) < 1e-12);
    }),
    { seed: 1, numRuns: 1000 },
  );
});
