import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../stats/mod.ts";
import type { SizeDistribution } from "./load.ts";
import { mostOf, sizeSource } from "./sizes.ts";

function draw(distribution: SizeDistribution, count: number, seed = 3): Float64Array {
  const source = sizeSource(distribution, new Random(seed));
  const drawn = new Float64Array(count);
  for (let i = 0; i < count; i++) source.draw(drawn, i);
  return drawn;
}

const sizes: fc.Arbitrary<SizeDistribution> = fc.oneof(
  fc.record({ kind: fc.constant("fixed" as const), size: fc.nat(1e6) }),
  fc.record({
    kind: fc.constant("uniform" as const),
    least: fc.nat(1e3),
    most: fc.integer({ min: 1000, max: 1e6 }),
  }),
  fc.record({
    kind: fc.constant("pareto" as const),
    shape: fc.double({ min: -0.9, max: 3, noNaN: true }),
    scale: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
    least: fc.nat(100),
    most: fc.integer({ min: 100, max: 1e6 }),
  }),
);

Deno.test("sizes are whole, from the least to the most", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (distribution, seed) => {
      const least = distribution.kind === "fixed" ? distribution.size : distribution.least;
      for (const size of draw(distribution, 50, seed)) {
        assert.ok(
          Number.isInteger(size) && size >= least && size <= mostOf(distribution),
          String(size),
        );
      }
    }),
    { seed: 15, numRuns: 200 },
  );
});

Deno.test("uniform sizes reach both ends", () => {
  const drawn = new Set(draw({ kind: "uniform", least: 1, most: 100 }, 10_000));
  assert.equal(drawn.size, 100);
});

Deno.test("Pareto sizes are those of Facebook's traces: 37 bytes in the mean", () => {
  // σ / (1 − k) is 34.5; rounding up adds a half, the least some, and the cap takes little.
  const drawn = draw(
    { kind: "pareto", shape: 0.2615, scale: 25.45, least: 10, most: 1_048_576 },
    200_000,
  );
  const mean = drawn.reduce((sum, size) => sum + size, 0) / drawn.length;
  assert.ok(mean > 35 && mean < 39, String(mean));
  // The median of a generalised Pareto distribution: σ (2^k − 1) / k.
  const median = drawn.sort()[100_000]!;
  assert.equal(median, Math.ceil(25.45 * (2 ** 0.2615 - 1) / 0.2615));
});

Deno.test("a Pareto distribution of shape 0 is the exponential one", () => {
  const drawn = draw({ kind: "pareto", shape: 0, scale: 1000, least: 1, most: 1e9 }, 100_000);
  const mean = drawn.reduce((sum, size) => sum + size, 0) / drawn.length;
  assert.ok(Math.abs(mean - 1000.5) < 15, String(mean));
});
