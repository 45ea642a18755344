import assert from "node:assert/strict";
import fc from "fast-check";
import {
  offer,
  type SimulatedStore,
  sustained,
  usableCapacity,
} from "./_testing/simulated_store.ts";
import { KneeSearch } from "./knee.ts";
import { judgeStep, type StepVerdict } from "./load_step.ts";
import { Random } from "./random.ts";

/** Searches a store whose verdicts are told by a function. */
function search(first: number, verdictOf: (rate: number) => StepVerdict, options = {}) {
  const knee = new KneeSearch({ first, random: new Random(1), ...options });
  while (knee.next !== undefined) knee.observe(verdictOf(knee.next));
  return knee.knee();
}

const upTo = (capacity: number) => (rate: number) => rate <= capacity ? "passed" : "behind";

Deno.test("a store without noise is found within the precision, from below and from above", () => {
  for (const capacity of [137, 9_999, 50_000, 4_321_000]) {
    const { outcome, low, high, monotone } = search(10_000, upTo(capacity));
    assert.equal(outcome, "found");
    assert.ok(low <= capacity && capacity <= high, `${low} to ${high}, not ${capacity}`);
    assert.ok(high / low < 1.15, `${low} to ${high}`);
    assert.ok(monotone);
  }
});

Deno.test("both neighbours of the answer are measured again, in an order that the seed says", () => {
  const { steps, low, high } = search(10_000, upTo(50_000));
  const [below, above] = [
    Math.max(...steps.filter(({ verdict }) => verdict === "passed").map(({ rate }) => rate)),
    Math.min(...steps.filter(({ verdict }) => verdict === "behind").map(({ rate }) => rate)),
  ];
  assert.ok(low <= below && above <= high);
  for (const neighbour of [below, above]) {
    assert.equal(steps.filter(({ rate }) => rate === neighbour).length, 5);
  }
  const last = (seed: number) =>
    search(10_000, upTo(50_000), { random: new Random(seed) }).steps.slice(-8).map(({ rate }) =>
      rate
    );
  assert.deepEqual(last(1), last(1));
  assert.ok([2, 3, 4].some((seed) => String(last(seed)) !== String(last(1))));
});

Deno.test("a store that is faster under more load is found, and said not to be monotone", () => {
  const batching = (rate: number) => rate > 60_000 ? "behind" : rate < 15_000 ? "slow" : "passed";
  for (const first of [1000, 10_000, 50_000, 200_000]) {
    const { outcome, low, high, monotone } = search(first, batching);
    assert.equal(outcome, "found");
    assert.ok(low <= 60_000 && 60_000 <= high, `${low} to ${high} from ${first}`);
    if (first <= 10_000) assert.equal(monotone, false, String(first));
  }
});

Deno.test("a store that keeps every rate, or none, is said to", () => {
  const all = search(100, () => "passed", { most: 1000 });
  assert.deepEqual([all.outcome, all.low, all.high], ["above", 1000, Infinity]);
  const none = search(100, () => "behind", { least: 10 });
  assert.deepEqual([none.outcome, none.low], ["below", 0]);
  assert.equal(search(100, () => "slow", { least: 10, most: 1000 }).outcome, "below");
  assert.equal(search(100, () => "unsure", { least: 10, most: 1000 }).outcome, "below");
});

Deno.test("unsure steps are repeated, and end the search nonetheless", () => {
  let asked = 0;
  const { outcome, low, high, steps } = search(10_000, (rate) => {
    if (rate < 45_000) return "passed";
    if (rate > 55_000) return "behind";
    return asked++ % 2 === 0 ? "unsure" : rate <= 50_000 ? "passed" : "behind";
  });
  assert.ok(outcome === "found" && low <= 50_000 && high >= 50_000, `${low} to ${high}`);
  assert.ok(steps.some(({ verdict }) => verdict === "unsure"));
});

Deno.test("a search ends, whatever it is told, and its interval has its ends in order", () => {
  const verdict = fc.constantFrom<StepVerdict>("passed", "behind", "slow", "unsure");
  fc.assert(
    fc.property(fc.infiniteStream(verdict), fc.nat(), (verdicts, seed) => {
      const { steps, low, high } = search(
        10_000,
        () => verdicts.next().value!,
        { random: new Random(seed), mostSteps: 40 },
      );
      assert.ok(steps.length <= 40 && low <= high);
    }),
    { seed: 19, numRuns: 40 },
  );
});

Deno.test("rates that make no sense are refused, and verdicts when nothing was asked", () => {
  for (
    const rates of [{ first: 0 }, { first: 10, least: 20 }, { first: 10, most: 5 }, { first: NaN }]
  ) {
    assert.throws(() => new KneeSearch({ ...rates, random: new Random(1) }), RangeError);
  }
  const over = new KneeSearch({ first: 10, most: 10, random: new Random(1) });
  over.observe("passed");
  assert.equal(over.next, undefined);
  assert.throws(() => over.observe("passed"), TypeError);
});

/** Systems that stores are like: a queue with noise, debt, batches, and a bound of the response. */
const SYSTEMS: [name: string, store: Omit<SimulatedStore, "capacity">, mostP99?: number][] = [
  ["a queue", { drift: 0, noise: 0.01, stalls: 0 }],
  ["noise", { drift: 0.03, noise: 0.05, stalls: 0.02 }],
  [
    "debt",
    { drift: 0.02, noise: 0.03, stalls: 0.01, debt: { faster: 1.5, room: 20, sawtooth: 0.5 } },
  ],
  ["batches and a bound", { drift: 0.02, noise: 0.02, stalls: 0, batch: 64 }, 5e6],
  ["a bound", { drift: 0.02, noise: 0.02, stalls: 0 }, 3e6],
];

Deno.test("the interval has the true capacity of 93 in 100 simulated systems", () => {
  const each = 20;
  const missed: string[] = [];
  for (const [name, base, mostP99] of SYSTEMS) {
    for (let seed = 0; seed < each; seed++) {
      const random = new Random(1000 + seed);
      const capacity = 30_000 * 2 ** (3 * random.uniform());
      const store = { ...base, capacity };
      const truth = mostP99 === undefined ? sustained(store) : usableCapacity(store, mostP99);
      const knee = new KneeSearch({ first: 10_000, random });
      while (knee.next !== undefined) {
        knee.observe(judgeStep(offer(store, knee.next, random), mostP99).verdict);
      }
      const { low, high } = knee.knee();
      if (!(low <= truth && truth <= high)) missed.push(`${name}: ${low} to ${high}, not ${truth}`);
    }
  }
  assert.ok(missed.length <= 0.07 * each * SYSTEMS.length, missed.join("\n"));
});
