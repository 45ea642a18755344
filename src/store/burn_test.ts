import assert from "node:assert/strict";
import { burning } from "./burn.ts";
import type { AsyncStore, SyncStore } from "./contract.ts";
import { AsyncNullStore, NullStore } from "./null/store.ts";
import { Slice } from "./slice.ts";

/** A clock that goes on by what reading it costs, and whenever the store works. */
class FakeClock {
  time = 0;
  readonly costNs = 10;
  now(): number {
    this.time += this.costNs / 2;
    const now = this.time;
    this.time += this.costNs / 2;
    return now;
  }
}

/** What an operation of these stores takes. */
const WORK_NS = 1000;
const STEP_NS = 20;

function slowSync(clock: FakeClock, share: number): SyncStore {
  const store = new NullStore();
  store.put = () => void (clock.time += WORK_NS);
  store.get = () => (clock.time += WORK_NS, 7);
  store.delete = () => void (clock.time += WORK_NS);
  store.write = () => void (clock.time += WORK_NS);
  const { cursor } = NullStore.prototype;
  store.cursor = (range) => {
    const inner = cursor.call(store, range);
    inner.next = () => (clock.time += STEP_NS, true);
    return inner;
  };
  return burning(store, share, clock) as SyncStore;
}

/** How much longer something took than it should have, as a share. */
function excess(clock: FakeClock, ns: number, work: () => void): number {
  const start = clock.time;
  work();
  return (clock.time - start) / ns - 1;
}

const key = Slice.fromText("key");

Deno.test("burning() makes every operation longer by the share, clock readings included", () => {
  const clock = new FakeClock();
  for (const share of [0.05, 0.1, 0.5]) {
    const store = slowSync(clock, share);
    const operations = [
      () => store.put(key, key),
      () => assert.equal(store.get(key, key), 7),
      () => store.delete(key),
      () => store.write(store.batch()),
    ];
    for (const operation of operations) {
      const got = excess(clock, WORK_NS, operation);
      assert.ok(Math.abs(got - share) <= clock.costNs / WORK_NS, `${share}: ${got}`);
    }
  }
});

Deno.test("burning() makes a walk longer by the share, though a step is as short as a reading", () => {
  const clock = new FakeClock();
  const store = slowSync(clock, 0.1);
  const steps = 1000;
  const got = excess(clock, steps * STEP_NS, () => {
    const cursor = store.cursor();
    for (let i = 0; i < steps; i++) assert.equal(cursor.next(), true);
    assert.deepEqual([cursor.keyLength, cursor.valueLength], [16, 1024]);
    cursor.close();
    cursor.close();
  });
  assert.ok(got > 0.09 && got < 0.12, String(got));
});

Deno.test("burning() slows a store that works through promises likewise", async () => {
  const clock = new FakeClock();
  const inner = new AsyncNullStore();
  inner.put = () => Promise.resolve(void (clock.time += WORK_NS));
  const store = burning(inner, 0.2, clock) as AsyncStore;
  const start = clock.time;
  await store.put(key, key);
  const got = (clock.time - start) / WORK_NS - 1;
  assert.ok(Math.abs(got - 0.2) <= 0.01, String(got));
  const cursor = store.cursor();
  assert.equal(await cursor.next(), true);
  await cursor.close();
  await store.close();
});

Deno.test("burning() records the share among the store's options", () => {
  const store = slowSync(new FakeClock(), 0.1);
  assert.deepEqual(store.describe().options, { burn: 0.1 });
  assert.equal(store.api, "sync");
});
