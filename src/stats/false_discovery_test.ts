import assert from "node:assert/strict";
import fc from "fast-check";
import { falseDiscoveryAdjusted } from "./false_discovery.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

Deno.test("falseDiscoveryAdjusted() gives what R's p.adjust gives when the method is BH", () => {
  const adjusted = falseDiscoveryAdjusted([0.01, 0.02, 0.03, 0.5, 0.001]);
  [0.025, 1 / 30, 0.0375, 0.5, 0.005].forEach((expected, i) => near(adjusted[i]!, expected));
  assert.deepEqual(falseDiscoveryAdjusted([]), []);
  assert.deepEqual(falseDiscoveryAdjusted([0.04]), [0.04]);
});

Deno.test("falseDiscoveryAdjusted() never makes a p smaller, and keeps their order", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
      const adjusted = falseDiscoveryAdjusted(p);
      p.forEach((value, i) => {
        assert.ok(adjusted[i]! >= value * (1 - 1e-12) && adjusted[i]! <= 1);
        p.forEach((other, j) => assert.ok(value > other || adjusted[i]! <= adjusted[j]!));
      });
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("falseDiscoveryAdjusted() throws RangeError when a p is none", () => {
  for (const p of [-0.1, 1.1, NaN]) {
    assert.throws(() => falseDiscoveryAdjusted([0.5, p]), {
      name: "RangeError",
      message: `Cannot adjust p-values: value 1 is ${p}, and must be from 0 to 1`,
    });
  }
});
