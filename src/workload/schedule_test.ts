import assert from "node:assert/strict";
import fc from "fast-check";
import { schedule } from "./schedule.ts";

const pace = (arrivals: "constant" | "poisson", rate: number) =>
  ({ loop: "open", arrivals, rate }) as const;

function starts(
  arrivals: "constant" | "poisson",
  rate: number,
  count: number,
  client = 0,
  clients = 1,
  seed = 1,
) {
  const into = new Float64Array(count);
  schedule(pace(arrivals, rate), client, clients, seed).fill(into);
  return into;
}

Deno.test("constant arrivals of all clients together are evenly spaced", () => {
  const clients = [0, 1, 2, 3].map((client) => starts("constant", 20_000, 5, client, 4));
  const all = clients.flatMap((client) => [...client]).sort((a, b) => a - b);
  assert.deepEqual(all, Array.from({ length: 20 }, (_, i) => i * 50_000));
});

Deno.test("a schedule's sum is within a thousandth of the plan, whatever it is filled in", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("constant" as const, "poisson" as const),
      fc.integer({ min: 100, max: 1_000_000 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(),
      (arrivals, rate, clients, chunk, seed) => {
        const plan = schedule(pace(arrivals, rate), clients - 1, clients, seed);
        const part = new Float64Array(chunk);
        let last = 0;
        let count = 0;
        while (count < 3 * 65_536) {
          plan.fill(part);
          for (const start of part) {
            assert.ok(start >= last, "starts ascend");
            last = start;
          }
          count += chunk;
        }
        const planned = count * clients * 1e9 / rate;
        // The end of the last fill may lie within a stretch, whose gaps vary.
        const tolerance = arrivals === "constant" ? 0.001 : 0.01;
        assert.ok(Math.abs(last / planned - 1) < tolerance, `${last} of ${planned}`);
      },
    ),
    { seed: 16, numRuns: 20 },
  );
});

Deno.test("Poisson arrivals keep the rate to a thousandth, and have exponential gaps", () => {
  const count = 65_536 * 2;
  const drawn = starts("poisson", 20_000, count);
  // The gap after the last arrival belongs to the stretch as well.
  assert.ok(Math.abs(drawn.at(-1)! / (count * 50_000) - 1) < 0.001, String(drawn.at(-1)));
  const gaps = drawn.map((start, i) => start - (drawn[i - 1] ?? 0)).sort();
  // Quantiles of an exponential distribution of mean 50 µs.
  for (const share of [0.1, 0.5, 0.9, 0.99]) {
    const expected = -50_000 * Math.log(1 - share);
    const found = gaps[Math.floor(share * count)]!;
    assert.ok(Math.abs(found / expected - 1) < 0.03, `${share}: ${found} ns, not ${expected}`);
  }
});

Deno.test("Poisson arrivals differ from client to client and from seed to seed, and are the same again", () => {
  const first = starts("poisson", 1000, 10);
  assert.deepEqual(starts("poisson", 1000, 10), first);
  assert.notDeepEqual(starts("poisson", 1000, 10, 0, 1, 2), first);
  assert.notDeepEqual(starts("poisson", 2000, 10, 1, 2), first);
});

Deno.test("a part may be filled", () => {
  const plan = schedule(pace("constant", 1e9), 0, 1, 1);
  const into = new Float64Array(4);
  plan.fill(into, 2);
  assert.deepEqual([...into], [0, 1, 0, 0]);
  plan.fill(into, 2);
  assert.deepEqual([...into], [2, 3, 0, 0]);
});

Deno.test("a client that the group has not is refused", () => {
  for (const client of [-1, 2]) {
    assert.throws(() => schedule(pace("constant", 1000), client, 2, 1), RangeError);
  }
});
