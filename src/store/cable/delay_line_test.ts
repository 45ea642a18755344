import assert from "node:assert/strict";
import fc from "fast-check";
import { DelayLine } from "./delay_line.ts";

const frame = (number: number) => ({ bytes: Uint8Array.of(number), length: 1 });

Deno.test("a DelayLine hands frames on after its delay, in their order", () => {
  const line = new DelayLine({ delayMs: 5, jitterMs: 0, loss: 0 });
  assert.equal(line.due, Infinity);
  assert.ok(line.push(frame(1), 0));
  assert.ok(line.push(frame(2), 1e6));
  assert.equal(line.due, 5e6);
  assert.equal(line.shift().bytes[0], 1);
  assert.equal(line.due, 6e6);
  assert.equal(line.shift().bytes[0], 2);
  assert.equal(line.due, Infinity);
});

Deno.test("a DelayLine keeps all frames, their order and its jitter's bounds", () => {
  fc.assert(fc.property(
    fc.array(
      fc.record({ after: fc.nat(3e6), random: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
      {
        maxLength: 3000,
      },
    ),
    fc.boolean(),
    (frames, takesBetween) => {
      let drawn = 0;
      const line = new DelayLine(
        { delayMs: 2, jitterMs: 1, loss: 0 },
        () => frames[drawn++]!.random,
      );
      const out: number[] = [];
      const begun: number[] = [];
      const take = () => {
        const due = line.due;
        const number = out.length;
        // It is never early; and late only behind one that is.
        assert.ok(due >= begun[number]! + 1e6 && due <= begun[number]! + 3e6 + 3e6);
        out.push(line.shift().bytes[0]!);
      };
      let now = 0;
      for (const [i, { after }] of frames.entries()) {
        now += after;
        begun.push(now);
        line.push(frame(i % 251), now);
        while (takesBetween && line.due <= now) take();
      }
      while (line.due < Infinity) take();
      assert.deepEqual(out, frames.map((_, i) => i % 251));
    },
  ));
});

Deno.test("a DelayLine loses the share that it is told", () => {
  let draws = 0;
  const line = new DelayLine({ delayMs: 0, jitterMs: 0, loss: 0.25 }, () => (draws++ % 100) / 100);
  const kept = Array.from({ length: 100 }, () => line.push(frame(0), 0)).filter(Boolean);
  assert.equal(kept.length, 75);
});
