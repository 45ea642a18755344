import assert from "node:assert/strict";
import { Slice } from "../store/mod.ts";
import { AsyncNullStore } from "../store/null/store.ts";
import { SequentialKeys } from "../workload/mod.ts";
import { MissingKeyError } from "./loops.ts";
import { inFlight } from "./in_flight.ts";

/** A store that ends its operations in the next turns of the event loop, and counts them. */
class SlowStore extends AsyncNullStore {
  now = 0;
  most = 0;
  readonly keys: string[] = [];
  fails = false;
  missing = false;

  override async put(key: Slice): Promise<void> {
    this.keys.push(new TextDecoder().decode(key.view()));
    await this.#wait();
  }

  override async get(_key: Slice, into: Slice): Promise<number> {
    await this.#wait();
    return this.missing ? -1 : into.length;
  }

  async #wait(): Promise<void> {
    this.most = Math.max(this.most, ++this.now);
    await new Promise((resolve) => setTimeout(resolve, this.keys.length % 3));
    this.now--;
    if (this.fails) throw new RangeError("it fails");
  }
}

function partsOf(keys: number) {
  const key = new Slice(16);
  return {
    key,
    order: new SequentialKeys(key.bytes, keys),
    values: [new Slice(8)],
    into: new Slice(8),
  };
}

Deno.test("inFlight() has so many operations at a time, each key once and in order", async () => {
  const store = new SlowStore();
  const { many } = inFlight("put", 8, store, partsOf(1000), 5);
  await many(20);
  assert.deepEqual([store.most, store.now, store.keys.length], [8, 0, 100]);
  assert.deepEqual(store.keys, store.keys.toSorted());
  assert.equal(new Set(store.keys).size, 100);
  await many(1);
  assert.equal(store.keys.length, 105);
});

Deno.test("inFlight() times each operation by itself", async () => {
  const store = new SlowStore();
  const clock = { now: () => performance.now() * 1e6 };
  const out = new Float64Array(50);
  await inFlight("get", 4, store, partsOf(10), 1).timed(clock, out);
  assert.ok(out.every((ns) => ns > 0));
  assert.equal(store.most, 4);
});

Deno.test("inFlight() leaves nothing in flight when an operation fails", async () => {
  const store = new SlowStore();
  store.fails = true;
  await assert.rejects(inFlight("put", 4, store, partsOf(10), 1).many(100), RangeError);
  assert.equal(store.now, 0);
  store.fails = false;
  store.missing = true;
  await assert.rejects(inFlight("get", 4, store, partsOf(10), 1).many(100), MissingKeyError);
});
