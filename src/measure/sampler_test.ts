import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "./_testing/fake_clock.ts";
import { iterationCounts, type Sample, type SamplingPlan, takeSamples, warmUp } from "./sampler.ts";

function plan(sampling: SamplingPlan["sampling"], samples: number, measureMs: number) {
  return { sampling, samples, measureMs, warmupMs: 0 };
}

Deno.test("iterationCounts() fills the time with equal samples when they are flat", () => {
  // 5 s over 100 samples are 50 ms each: 50 iterations of a millisecond.
  assert.deepEqual(iterationCounts(plan("flat", 100, 5000), 1e6), new Array(100).fill(50));
  // criterion rounds up: 50 ms hold 7.14 of 7 ms.
  assert.deepEqual(iterationCounts(plan("flat", 100, 5000), 7e6), new Array(100).fill(8));
});

Deno.test("iterationCounts() grows by one step a sample when they are linear", () => {
  // 1 + … + 100 = 5050 steps share 5 s: 0.99 ms each, so one iteration of a millisecond a step.
  const ascending = Array.from({ length: 100 }, (_, i) => i + 1);
  assert.deepEqual(iterationCounts(plan("linear", 100, 5000), 1e6), ascending);
  // 5e9 / 1e4 / 5050 = 99.0099, rounded up.
  assert.deepEqual(
    iterationCounts(plan("linear", 100, 5000), 1e4),
    ascending.map((i) => 100 * i),
  );
});

Deno.test("iterationCounts() gives every sample an iteration, however long that takes", () => {
  assert.deepEqual(iterationCounts(plan("flat", 3, 1), 1e9), [1, 1, 1]);
  assert.deepEqual(iterationCounts(plan("linear", 3, 1), 1e9), [1, 2, 3]);
});

Deno.test("iterationCounts() takes the time asked for, and at most an iteration more for each step", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("flat" as const, "linear" as const),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 1, max: 1e8, noNaN: true }),
      (sampling, samples, measureMs, met) => {
        const counts = iterationCounts(plan(sampling, samples, measureMs), met);
        const steps = sampling === "flat" ? samples : samples * (samples + 1) / 2;
        const total = counts.reduce((sum, count) => sum + count, 0);
        assert.equal(counts.length, samples);
        assert.ok(total * met >= measureMs * 1e6 * (1 - 1e-9));
        assert.ok(total * met <= measureMs * 1e6 * (1 + 1e-9) + steps * met);
      },
    ),
    { seed: 6, numRuns: 500 },
  );
});

for (const form of ["sync", "async"] as const) {
  /** An iteration of this many ns; keeps the counts that were asked for. */
  const workload = (clock: FakeClock, ns: number, counts: number[]) => (count: number) => {
    counts.push(count);
    clock.advance(count * ns);
    return form === "async" ? Promise.resolve() : undefined;
  };

  Deno.test(`warmUp() doubles until the time is up when iterations are ${form}`, async () => {
    const clock = new FakeClock();
    clock.advance(12345);
    const counts: number[] = [];
    const warmup = await warmUp(workload(clock, 1e6, counts), clock, 100);
    // 1 + 2 + … + 64 = 127 ms is the first sum of at least 100 ms.
    assert.deepEqual(counts, [1, 2, 4, 8, 16, 32, 64]);
    assert.deepEqual(warmup, { iterations: 127, ns: 127e6 });
  });

  Deno.test(`takeSamples() times each batch, and nothing between, when ${form}`, async () => {
    const clock = new FakeClock();
    clock.advance(5000);
    const counts: number[] = [];
    const samples: Sample[] = [];
    await takeSamples(workload(clock, 10, counts), clock, [1, 2, 3], (sample) => {
      samples.push(sample);
      clock.advance(1000);
      return form === "async" ? Promise.resolve() : undefined;
    });
    assert.deepEqual(counts, [1, 2, 3]);
    assert.deepEqual(samples, [
      { iterations: 1, ns: 10, atNs: 0 },
      { iterations: 2, ns: 20, atNs: 1010 },
      { iterations: 3, ns: 30, atNs: 2030 },
    ]);
  });
}

Deno.test("warmUp() does one iteration when no time is asked for", async () => {
  const clock = new FakeClock();
  const counts: number[] = [];
  const iterate = (count: number) => {
    counts.push(count);
    clock.advance(7);
  };
  assert.deepEqual(await warmUp(iterate, clock, 0), { iterations: 1, ns: 7 });
});

Deno.test("warmUp() goes on until the clock has moved, so that an iteration has a time", async () => {
  const clock = new FakeClock();
  let done = 0;
  // A clock so coarse that it moves only every ten iterations.
  const iterate = (count: number) => {
    for (let i = 0; i < count; i++) if (++done % 10 === 0) clock.advance(1000);
  };
  assert.deepEqual(await warmUp(iterate, clock, 0), { iterations: 15, ns: 1000 });
});

Deno.test("takeSamples() passes on what an iteration or a listener throws", async () => {
  const clock = new FakeClock();
  const boom = () => Promise.reject(new Error("boom"));
  await assert.rejects(takeSamples(boom, clock, [1], () => {}), /boom/);
  await assert.rejects(takeSamples(() => {}, clock, [1], boom), /boom/);
});
