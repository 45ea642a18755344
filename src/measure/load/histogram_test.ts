import assert from "node:assert/strict";
import fc from "fast-check";
import { build, type JsHistogram } from "hdr-histogram-js";
import {
  atRank,
  HISTOGRAM_SLOTS,
  MOST_NS,
  mostOf,
  mostOfSlot,
  quantileOf,
  slotOf,
  spreadOf,
  sumOf,
  totalOf,
} from "./histogram.ts";

const time = fc.oneof(
  fc.nat(5000),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 2 ** 31, max: 2 ** 33 }),
  fc.integer({ min: 0, max: 3600e9 }),
);

Deno.test("slotOf() parts times as an HDR histogram of three digits does", () => {
  const hdr = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3600e9,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  }) as JsHistogram;
  fc.assert(
    fc.property(time, (ns) => {
      assert.equal(mostOfSlot(slotOf(ns)), hdr.highestEquivalentValue(ns));
      assert.ok(slotOf(ns) < HISTOGRAM_SLOTS);
    }),
    { seed: 11, numRuns: 2000 },
  );
});

Deno.test("slotOf() rises by one from a slot's end to the next one's beginning", () => {
  for (let slot = 0; slot < HISTOGRAM_SLOTS - 1; slot++) {
    assert.equal(slotOf(mostOfSlot(slot)), slot);
    assert.equal(slotOf(mostOfSlot(slot) + 1), slot + 1);
  }
});

Deno.test("slotOf() counts what is too long as the longest, and nothing below 0", () => {
  assert.equal(slotOf(MOST_NS * 1000), HISTOGRAM_SLOTS - 1);
  assert.equal(slotOf(Infinity), HISTOGRAM_SLOTS - 1);
  assert.equal(slotOf(-5), 0);
});

Deno.test("quantiles, sum and most are those of the times that were counted", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2000), { minLength: 1, maxLength: 200 }), (times) => {
      const counts = new Uint32Array(HISTOGRAM_SLOTS);
      for (const ns of times) counts[slotOf(ns)]!++;
      const sorted = times.toSorted((a, b) => a - b);
      assert.equal(totalOf(counts), times.length);
      assert.equal(sumOf(counts), times.reduce((sum, ns) => sum + ns, 0));
      assert.equal(mostOf(counts), sorted.at(-1));
      assert.equal(atRank(counts, 1), sorted[0]);
      assert.equal(
        quantileOf(counts, times.length, 0.5),
        sorted[Math.ceil(times.length / 2) - 1],
      );
    }),
    { seed: 12, numRuns: 200 },
  );
  assert.equal(mostOf(new Uint32Array(HISTOGRAM_SLOTS)), 0);
});

Deno.test("spreadOf() has each time in its quarter of an octave, and nothing of no times", () => {
  const counts = new Uint32Array(HISTOGRAM_SLOTS);
  assert.equal(spreadOf(counts), null);
  for (const ns of [1024, 1100, 1220, 5e6]) counts[slotOf(ns)]!++;
  const { first, counts: spread } = spreadOf(counts)!;
  assert.equal(first, 40);
  // 1218 ns is a quarter of an octave above 1024.
  assert.deepEqual(spread.slice(0, 3), [2, 1, 0]);
  assert.equal(spread.at(-1), 1);
  const last = first + spread.length - 1;
  assert.ok(2 ** (last / 4) <= 5e6 * 1.001 && 2 ** ((last + 1) / 4) > 5e6);
});
