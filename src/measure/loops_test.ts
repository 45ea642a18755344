import assert from "node:assert/strict";
import type { AsyncCursor, AsyncStore, Store, SyncCursor, SyncStore } from "../store/contract.ts";
import { AsyncNullStore, NullStore } from "../store/null/store.ts";
import { Slice } from "../store/slice.ts";
import { KEY_BYTES, SequentialKeys } from "../workload/mod.ts";
import { FakeClock } from "./_testing/fake_clock.ts";
import * as loops from "./loops.ts";

/** What the stores below write down, and what they are to do. */
interface Script {
  /** Calls so far, e.g. `put 3 v1`. */
  calls: string[];
  clock: FakeClock;
  /** How long the n-th operation takes, ns. */
  takes(n: number): number;
  /** Entries that a scan finds. */
  entries: number;
  /** The index of a key that gets do not find. */
  missing?: number;
}

function textOf(slice: Slice): string {
  return new TextDecoder().decode(slice.view());
}

const indexOf = (key: Slice) => Number(textOf(key).slice(4));

/** Does what a script says, and writes it down. */
function operate(script: Script, call: string): void {
  script.calls.push(call);
  script.clock.advance(script.takes(script.calls.length - 1));
}

class ScriptedStore extends NullStore {
  readonly #script: Script;

  constructor(script: Script) {
    super();
    this.#script = script;
  }

  override put(key: Slice, value: Slice): void {
    operate(this.#script, `put ${indexOf(key)} ${textOf(value)}`);
  }

  override get(key: Slice, into: Slice): number {
    operate(this.#script, `get ${indexOf(key)}`);
    return indexOf(key) === this.#script.missing ? -1 : into.length;
  }

  override cursor(): SyncCursor {
    const { calls, entries } = this.#script;
    let seen = 0;
    return Object.assign(super.cursor(), {
      next: () => seen++ < entries,
      close: () => void calls.push(`closed after ${seen}`),
    });
  }
}

class AsyncScriptedStore extends AsyncNullStore {
  readonly #store: ScriptedStore;

  constructor(script: Script) {
    super();
    this.#store = new ScriptedStore(script);
  }

  // Time passes only once the promise is waited for.
  override async put(key: Slice, value: Slice): Promise<void> {
    await Promise.resolve();
    this.#store.put(key, value);
  }

  override async get(key: Slice, into: Slice): Promise<number> {
    await Promise.resolve();
    return this.#store.get(key, into);
  }

  override cursor(): AsyncCursor {
    const cursor = this.#store.cursor();
    return Object.assign(super.cursor(), {
      next: () => Promise.resolve(cursor.next()),
      close: () => Promise.resolve(cursor.close()),
    });
  }
}

/** The loops of one form, each ending through a promise. */
interface Loops {
  putMany(parts: loops.LoopParts, count: number): Promise<void>;
  getMany(parts: loops.LoopParts, count: number): Promise<void>;
  scanMany(count: number): Promise<number>;
  seekMany(parts: loops.LoopParts, count: number): Promise<void>;
  putBatch(parts: loops.LoopParts, count: number): Promise<void>;
  putTimed(parts: loops.LoopParts, out: Float64Array): Promise<void>;
  getTimed(parts: loops.LoopParts, out: Float64Array): Promise<void>;
}

/** What a synchronous call does, through a promise. */
function later<T>(run: () => T): Promise<T> {
  return Promise.resolve().then(run);
}

const FORMS: Record<Store["api"], (script: Script) => Loops> = {
  sync(script) {
    const store: SyncStore = new ScriptedStore(script);
    const { clock } = script;
    return {
      putMany: (parts, count) => later(() => loops.putMany(store, parts, count)),
      getMany: (parts, count) => later(() => loops.getMany(store, parts, count)),
      scanMany: (count) => later(() => loops.scanMany(store, count)),
      seekMany: (parts, count) => later(() => loops.seekMany(store, parts, count)),
      putBatch: (parts, count) => loops.putBatch(store, parts, count),
      putTimed: (parts, out) => later(() => loops.putTimed(store, parts, clock, out)),
      getTimed: (parts, out) => later(() => loops.getTimed(store, parts, clock, out)),
    };
  },
  async(script) {
    const store: AsyncStore = new AsyncScriptedStore(script);
    const { clock } = script;
    return {
      putMany: (parts, count) => loops.putManyAsync(store, parts, count),
      getMany: (parts, count) => loops.getManyAsync(store, parts, count),
      scanMany: (count) => loops.scanManyAsync(store, count),
      seekMany: (parts, count) => loops.seekManyAsync(store, parts, count),
      putBatch: (parts, count) => loops.putBatch(store, parts, count),
      putTimed: (parts, out) => loops.putTimedAsync(store, parts, clock, out),
      getTimed: (parts, out) => loops.getTimedAsync(store, parts, clock, out),
    };
  },
};

/** Parts over three keys and two values. */
function makeParts(): loops.LoopParts {
  const key = new Slice(KEY_BYTES);
  return {
    key,
    order: new SequentialKeys(key.bytes, 3),
    values: [Slice.fromText("v0"), Slice.fromText("v1")],
    into: new Slice(2),
  };
}

for (const form of ["sync", "async"] as const) {
  const setUp = (script: Partial<Script> = {}) => {
    const whole = {
      calls: [],
      clock: new FakeClock(),
      takes: (n: number) => 100 + n,
      entries: 0,
      ...script,
    };
    return { ...whole, run: FORMS[form](whole), parts: makeParts() };
  };

  Deno.test(`putMany() puts so many keys in their order, the values in turn, when ${form}`, async () => {
    const { run, calls, parts } = setUp();
    await run.putMany(parts, 4);
    assert.deepEqual(calls, ["put 0 v0", "put 1 v1", "put 2 v0", "put 0 v1"]);
    await run.putMany(parts, 1);
    assert.deepEqual(calls.slice(4), ["put 1 v0"]);
    await run.putMany(parts, 0);
    assert.equal(calls.length, 5);
  });

  Deno.test(`getMany() gets so many keys in their order when ${form}`, async () => {
    const { run, calls, parts } = setUp();
    await run.getMany(parts, 5);
    assert.deepEqual(calls, ["get 0", "get 1", "get 2", "get 0", "get 1"]);
  });

  Deno.test(`getMany() and getTimed() name the key that the store lost when ${form}`, async () => {
    const lost = {
      name: "MissingKeyError",
      message: "Cannot get key-000000000001: the store lost it",
    };
    const { run, calls, parts } = setUp({ missing: 1 });
    await assert.rejects(run.getMany(parts, 3), lost);
    assert.deepEqual(calls, ["get 0", "get 1"]);
    await assert.rejects(run.getTimed(makeParts(), new Float64Array(3)), lost);
  });

  Deno.test(`scanMany() sees so many entries and closes its cursor when ${form}`, async () => {
    const { run, calls } = setUp({ entries: 10 });
    assert.equal(await run.scanMany(7), 7 * (16 + 1024));
    assert.deepEqual(calls, ["closed after 7"]);
    assert.equal(await run.scanMany(0), 0);
  });

  Deno.test(`scanMany() says how many entries there are when they are too few and ${form}`, async () => {
    const { run, calls } = setUp({ entries: 3 });
    await assert.rejects(run.scanMany(4), {
      name: "ShortScanError",
      message: "Cannot scan 4 entries: the store has only 3",
    });
    assert.deepEqual(calls, ["closed after 4"]);
  });

  Deno.test(`seekMany() opens a cursor for each key, sees one entry, and closes it when ${form}`, async () => {
    const { run, calls, parts } = setUp({ entries: 10 });
    await run.seekMany(parts, 3);
    assert.deepEqual(calls, ["closed after 1", "closed after 1", "closed after 1"]);
    const lost = setUp({ entries: 0 });
    await assert.rejects(lost.run.seekMany(lost.parts, 2), {
      name: "MissingKeyError",
      message: "Cannot get key-000000000000: the store lost it",
    });
    assert.deepEqual(lost.calls, ["closed after 1"]);
  });

  Deno.test(`putTimed() and getTimed() time each operation by itself when ${form}`, async () => {
    const { run, calls, parts } = setUp();
    const out = new Float64Array(4);
    await run.putTimed(parts, out);
    assert.deepEqual([...out], [100, 101, 102, 103]);
    await run.getTimed(parts, out.subarray(0, 2));
    assert.deepEqual([...out], [104, 105, 102, 103]);
    assert.deepEqual(calls, ["put 0 v0", "put 1 v1", "put 2 v0", "put 0 v1", "get 1", "get 2"]);
  });
}
