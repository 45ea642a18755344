import assert from "node:assert/strict";
import { monotonicClock } from "./clock.ts";

Deno.test("monotonicClock() never goes back", () => {
  const clock = monotonicClock();
  let last = clock.now();
  assert.ok(last >= 0);
  for (let i = 0; i < 100_000; i++) {
    const now = clock.now();
    assert.ok(now >= last && Number.isInteger(now));
    last = now;
  }
});

Deno.test("monotonicClock() agrees with performance.now()", () => {
  const clock = monotonicClock();
  // Readings inside and outside the clock's: however long this process is kept waiting between
  // two of them, the clock's span lies between theirs.
  const outerStart = performance.now();
  const start = clock.now();
  const innerStart = performance.now();
  while (performance.now() - innerStart < 50);
  const innerMs = performance.now() - innerStart;
  const ms = (clock.now() - start) / 1e6;
  const outerMs = performance.now() - outerStart;
  assert.ok(ms > innerMs * 0.99, `${ms} ms, where at least ${innerMs} ms went by`);
  assert.ok(ms < outerMs * 1.01, `${ms} ms, where at most ${outerMs} ms went by`);
});

Deno.test("monotonicClock() of the same origin is the same clock", () => {
  const first = monotonicClock();
  const second = monotonicClock(first.origin);
  const before = first.now();
  const between = second.now();
  assert.ok(before <= between && between <= first.now());
});
