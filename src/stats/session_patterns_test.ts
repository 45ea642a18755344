import assert from "node:assert/strict";
import { Random } from "./random.ts";
import { sessionPatterns } from "./session_patterns.ts";

/** Runs of some benchmarks in a drawn order, on a machine that does as it is told to. */
function session(kinds: number, runs: number, machine: readonly number[], random: Random) {
  const order = random.shuffle(Array.from({ length: kinds * runs }, (_, i) => i % kinds));
  return order.map((kind, place) => ({
    kind: String(kind),
    value: (kind + 1) * machine[place]! * Math.exp(0.05 * random.normal()),
  }));
}

Deno.test("sessionPatterns() sees a drift that all benchmarks share, and each by itself hardly", () => {
  const random = new Random(3);
  const machine = Array.from({ length: 65 }, (_, i) => 1 + 0.2 * i / 64);
  const { runs, drift } = sessionPatterns(session(13, 5, machine, random));
  assert.equal(runs, 65);
  assert.ok(drift! > 1.12 && drift! < 1.28, String(drift));
});

Deno.test("sessionPatterns() sees a machine that wanders up and down", () => {
  const random = new Random(4);
  const machine = Array.from({ length: 65 }, (_, i) => 1 + 0.15 * Math.sin(i / 4));
  const { drift, wander } = sessionPatterns(session(13, 5, machine, random));
  assert.equal(drift, null);
  assert.ok(wander! > 0.5 && wander! < 1, String(wander));
});

Deno.test("sessionPatterns() says nothing of few runs, small spreads and values that are no times", () => {
  const of = (...values: number[]) => values.map((value) => ({ kind: "a", value }));
  const nothing = (runs: number) => ({ runs, drift: null, wander: null });
  assert.deepEqual(sessionPatterns([]), nothing(0));
  assert.deepEqual(sessionPatterns(of(1, 2, 3, 4, 5)), nothing(5));
  assert.deepEqual(sessionPatterns(of(100, 101, 102, 103, 104, 104.5, 104.6)), nothing(0));
  assert.deepEqual(sessionPatterns(of(0, NaN, Infinity, -1, 0, 0, 0)), nothing(0));
});

Deno.test("sessionPatterns() is wrong of a steady machine as rarely as it says", () => {
  const random = new Random(5);
  const steady = new Array<number>(200).fill(1);
  let told = 0;
  const repetitions = 600;
  for (let i = 0; i < repetitions; i++) {
    const { drift, wander } = sessionPatterns(session(1 + i % 10, 3 + i % 8, steady, random));
    if (drift !== null || wander !== null) told++;
  }
  // 0.5 % each, and four standard errors.
  assert.ok(told <= repetitions * 0.01 + 4 * Math.sqrt(repetitions * 0.01), `${told} told`);
});
