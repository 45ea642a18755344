import assert from "node:assert/strict";
import fc from "fast-check";
import { KEY_ORDER_NAMES, KEY_ORDERS } from "./key_orders.ts";
import { KEY_BYTES, writeKey } from "./keys.ts";

const decoder = new TextDecoder();

for (const name of KEY_ORDER_NAMES) {
  /** So many keys of the order from where it stands. */
  const make = (count: number) => {
    const bytes = new Uint8Array(KEY_BYTES);
    const order = KEY_ORDERS[name].make(bytes, count);
    const take = (steps: number) =>
      Array.from({ length: steps }, () => {
        order.next();
        return decoder.decode(bytes);
      });
    return { order, take };
  };

  Deno.test(`${name} keys are keys of the database`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(700), (count, steps) => {
        const all = new Set(Array.from({ length: count }, (_, index) => {
          const bytes = new Uint8Array(KEY_BYTES);
          writeKey(bytes, index);
          return decoder.decode(bytes);
        }));
        assert.ok(make(count).take(steps).every((key) => all.has(key)));
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  Deno.test(`${name} keys are the same after a restart, wherever it comes`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.nat(700),
        fc.nat(700),
        (count, before, steps) => {
          const { order, take } = make(count);
          take(before);
          order.restart();
          assert.deepEqual(take(steps), make(count).take(steps));
        },
      ),
      { seed: 6, numRuns: 50 },
    );
  });

  Deno.test(`${name} keys take away what a whole sentence says, or nothing`, () => {
    const { caveat } = KEY_ORDERS[name];
    assert.ok(caveat === null || /^[A-Z].*\.$/.test(caveat));
  });
}
