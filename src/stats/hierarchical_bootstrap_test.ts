import assert from "node:assert/strict";
import { hierarchicalBootstrap } from "./hierarchical_bootstrap.ts";
import { Random } from "./random.ts";

Deno.test("hierarchicalBootstrap() sees the spread between runs that the samples do not show", () => {
  const random = new Random(1);
  const runs = Array.from({ length: 10 }, () => {
    const center = 100 + 10 * random.normal();
    return Array.from({ length: 50 }, () => center + random.normal());
  });
  const { value, low, high, standardError, n } = hierarchicalBootstrap(runs, { seed: 2 });
  assert.ok(low < value && value < high && Math.abs(value - 100) < 10);
  // The spread between runs over √10, about 3; that of 500 samples would give 0.05.
  assert.ok(standardError > 1.5 && standardError < 5, String(standardError));
  assert.equal(n, 10);
});

Deno.test("hierarchicalBootstrap() gives the same for the same seed, and no width without spread", () => {
  const runs = [[1, 2, 3], [2, 3, 4], [1, 3, 5]];
  const options = { seed: 3, resamples: 200 };
  assert.deepEqual(hierarchicalBootstrap(runs, options), hierarchicalBootstrap(runs, options));
  const { low, value, high } = hierarchicalBootstrap([[7, 7], [7]], options);
  assert.deepEqual([low, value, high], [7, 7, 7]);
});

Deno.test("hierarchicalBootstrap() throws RangeError when there is nothing to draw", () => {
  const options = { seed: 1 };
  assert.throws(() => hierarchicalBootstrap([[1, 2]], options), RangeError);
  assert.throws(() => hierarchicalBootstrap([[1], []], options), /run 1 has no samples/);
  assert.throws(() => hierarchicalBootstrap([[1], [2, NaN]], options), /run 1 has the sample NaN/);
  assert.throws(() => hierarchicalBootstrap([[1], [2]], { seed: 1, resamples: 1 }), RangeError);
});
