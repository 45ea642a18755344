import assert from "node:assert/strict";
import { monotonicClock } from "../../native/mod.ts";
import { FakeClock } from "../_testing/fake_clock.ts";
import { HICCUP_NS, HiccupMemory, Hiccups, SLEEP_NS, sleepOn, startSleeper } from "./hiccups.ts";

/** A sleeping thread that is woken so much later than asked, each time in turn, and then stopped. */
function slept(lateness: readonly number[], begin = -Infinity) {
  const clock = new FakeClock();
  const memory = new HiccupMemory();
  const hiccups = new Hiccups(memory, clock);
  if (begin !== -Infinity) hiccups.begin(begin);
  let wake = 0;
  sleepOn(memory, clock, (ns) => {
    clock.advance(ns + (lateness[wake] ?? 0));
    if (wake++ === lateness.length) memory.stop[0] = 1;
  });
  return { clock, memory, hiccups };
}

Deno.test("sleepOn() notes how late it was woken, of what is a millisecond or more", () => {
  const { hiccups } = slept([0, 3e6, HICCUP_NS - 1, HICCUP_NS, -2000]);
  assert.equal(hiccups.take(), true);
  assert.equal(hiccups.take(), false, "there was none since");
  assert.deepEqual(hiccups.outcome(), { wakes: 5, late: 2, lateNs: 4e6, longestNs: 3e6 });
  // The second time it was due at the end of two sleeps, and woke 3 ms after it.
  assert.equal(hiccups.between(2 * SLEEP_NS, 2 * SLEEP_NS + 1e6), 1e6);
  assert.equal(hiccups.between(0, 2 * SLEEP_NS + 1e6), 1e6);
  assert.equal(hiccups.between(0, 100e6), 4e6);
  assert.equal(hiccups.between(0, 2 * SLEEP_NS), 0);
  hiccups.forget(2 * SLEEP_NS + 5e6);
  assert.equal(hiccups.between(0, 100e6), 1e6);
  assert.equal(hiccups.outcome()!.lateNs, 4e6, "the sums keep what is forgotten");
});

Deno.test("Hiccups counts from a moment on, and that alone which is after it", () => {
  const { hiccups } = slept([3e6, 2e6], SLEEP_NS + 1e6);
  hiccups.take();
  // Of the first 3 ms the last two are counted.
  assert.deepEqual(hiccups.outcome(), { wakes: 2, late: 2, lateNs: 4e6, longestNs: 2e6 });
  const later = slept([3e6, 2e6], SLEEP_NS + 4e6).hiccups;
  later.take();
  assert.deepEqual(later.outcome(), { wakes: 2, late: 1, lateNs: 2e6, longestNs: 2e6 });
});

Deno.test("Hiccups sees one that has not ended, and knows nothing before the thread has woken", () => {
  const clock = new FakeClock();
  const memory = new HiccupMemory();
  const hiccups = new Hiccups(memory, clock);
  assert.equal(hiccups.known, false);
  assert.equal(hiccups.between(0, 1e9), null);
  assert.equal(hiccups.outcome(), undefined);
  let wake = 0;
  sleepOn(memory, clock, (ns) => {
    clock.advance(ns);
    if (wake++ === 0) return;
    clock.advance(2e6);
    assert.equal(hiccups.take(), true);
    assert.equal(hiccups.between(0, clock.now()), 2e6);
    memory.stop[0] = 1;
  });
  assert.equal(hiccups.take(), false);
});

Deno.test("the ring keeps the last hiccups, and none of those that were written over", () => {
  const { hiccups } = slept(Array.from({ length: 3000 }, () => 1e6));
  hiccups.take();
  const { wakes, late } = hiccups.outcome()!;
  assert.deepEqual([wakes, late], [3000, 512]);
});

Deno.test(
  "startSleeper() starts a thread that is woken, and sees it held up",
  { timeout: 30_000 },
  async () => {
    const clock = monotonicClock();
    using sleeper = startSleeper(clock);
    const { hiccups } = sleeper;
    while (!hiccups.known) await new Promise((resolve) => setTimeout(resolve, 5));
    const begin = clock.now();
    hiccups.begin(begin);
    await new Promise((resolve) => setTimeout(resolve, 200));
    hiccups.take();
    const { wakes, late, lateNs, longestNs } = hiccups.outcome()!;
    const ns = clock.now() - begin;
    assert.ok(wakes >= 1 && wakes <= ns / SLEEP_NS + 1, `${wakes} wake-ups in ${ns} ns`);
    assert.ok(late <= wakes && lateNs <= ns && longestNs >= lateNs / Math.max(1, late));
  },
);
