import assert from "node:assert/strict";
import { burned } from "./burn.ts";
import type { BoundOperations } from "./operation.ts";

/** A clock that goes on by what reading it costs, and whenever there is work. */
class FakeClock {
  time = 0;
  now(): number {
    return this.time += 10;
  }
}

const WORK_NS = 1000;

/** Operations that take their time on the clock. */
function operations(clock: FakeClock): BoundOperations {
  return {
    prepare: () => Promise.resolve(),
    iterate: (count) => void (clock.time += count * WORK_NS),
    timed: (out) => {
      for (let i = 0; i < out.length; i++) clock.time += out[i] = WORK_NS;
    },
  };
}

/** The same through promises. */
function later({ prepare, iterate, timed }: BoundOperations): BoundOperations {
  return {
    prepare,
    iterate: async (count) => await iterate(count),
    timed: async (out) => await timed!(out),
  };
}

for (
  const [form, of] of [["at once", operations], [
    "through promises",
    (clock: FakeClock) => later(operations(clock)),
  ]] as const
) {
  Deno.test(`burned() makes batches longer by the share: ${form}`, async () => {
    for (const share of [0.05, 0.1, 4]) {
      const clock = new FakeClock();
      await burned(of(clock), share, clock).iterate(1000);
      const excess = clock.time / (1000 * WORK_NS) - 1;
      assert.ok(Math.abs(excess - share) < 1e-3, `${share}: ${excess}`);
    }
  });

  Deno.test(`burned() makes each timed operation longer by the share: ${form}`, async () => {
    const clock = new FakeClock();
    const out = new Float64Array(20);
    await burned(of(clock), 0.5, clock).timed!(out);
    for (const ns of out) assert.ok(Math.abs(ns / WORK_NS - 1.5) < 0.03, String(ns));
    assert.ok(clock.time >= 1.5 * out.length * WORK_NS);
  });
}

Deno.test("burned() leaves operations as they are with a share of nothing, and does not wait", () => {
  const clock = new FakeClock();
  const plain = operations(clock);
  assert.equal(burned(plain, 0, clock).iterate, plain.iterate);
  assert.equal(burned({ ...plain, timed: undefined }, 0.1, clock).timed, undefined);
});
