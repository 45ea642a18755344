import assert from "node:assert/strict";
import { type EtcdApi, type KeyChange, Slice } from "../../store/mod.ts";
import { Random } from "../../stats/mod.ts";
import { LOAD_CODES, type OperationMix } from "../../workload/mod.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { EtcdOperations, Revisions } from "./etcd_operations.ts";
import { ClientMemory, Place } from "./memory.ts";
import { clientParts } from "./parts.ts";

const [KEY, VALUE] = [Slice.fromText("key"), Slice.fromText("value")];

/** A store of one key by its rules, whose clock the test has. */
class FakeStore implements EtcdApi {
  now = 0;
  revision = 10;
  modRevision = 10;
  readonly watchers: ((change: KeyChange) => void)[] = [];
  readonly compacted: number[] = [];

  read(_key: Slice, _revision: number): ReturnType<EtcdApi["read"]> {
    return Promise.resolve({ modRevision: this.modRevision, bytes: 5 });
  }

  swap(_key: Slice, modRevision: number): ReturnType<EtcdApi["swap"]> {
    const succeeded = modRevision === this.modRevision;
    if (succeeded) this.modRevision = ++this.revision;
    return Promise.resolve({ succeeded, modRevision: this.modRevision });
  }

  put(): Promise<number> {
    this.modRevision = ++this.revision;
    this.now += 100;
    this.tellAll({ kind: "put", modRevision: this.revision });
    return Promise.resolve(this.revision);
  }

  tellAll(change: KeyChange): void {
    const told = [...this.watchers];
    queueMicrotask(() => {
      this.now += 40;
      for (const tell of told) tell(change);
    });
  }

  grant(seconds: number): ReturnType<EtcdApi["grant"]> {
    return Promise.resolve({ id: 1n, seconds });
  }

  watch(_key: Slice, tell: (change: KeyChange) => void): Promise<() => void> {
    this.watchers.push(tell);
    return Promise.resolve(() => {});
  }

  compact(revision: number): Promise<void> {
    this.compacted.push(revision);
    return Promise.resolve();
  }
}

function clientOf(store: FakeStore, mix: OperationMix, more = {}) {
  const load = loadOfOneGroup(mix, { loop: "closed" }, 1);
  const group = { ...load.groups[0]!, ...more };
  const memory = new ClientMemory();
  const parts = clientParts({ load, number: 0, seed: 1 }, memory, { now: () => store.now });
  const revisions = new Revisions(store.revision);
  const operations = new EtcdOperations(store, parts, group, revisions, 0, 1);
  const work = (name: keyof OperationMix) => operations.do(LOAD_CODES[name], KEY, VALUE);
  return { work, numbers: memory.numbers };
}

const wrong = (message: RegExp) => ({ name: "WrongAnswerError", message });

Deno.test("a compare-and-swap puts what nobody has changed since, and else counts as refused", async () => {
  const store = new FakeStore();
  const { work, numbers } = clientOf(store, { compareAndSwap: 1 });
  assert.equal(await work("compareAndSwap"), 0, "timed from its begin");
  assert.deepEqual([numbers[Place.conflicts], numbers[Place.bytesPut]], [0, 8]);
  const read = store.read.bind(store);
  store.read = async (key, revision) => {
    const found = await read(key, revision);
    store.modRevision = ++store.revision;
    return found;
  };
  await work("compareAndSwap");
  assert.deepEqual([numbers[Place.conflicts], numbers[Place.bytesPut]], [1, 8]);
});

Deno.test("an answer that cannot be right is none of a load's numbers", async () => {
  const store = new FakeStore();
  const { work } = clientOf(store, { compareAndSwap: 1 }, { watchers: 2, leaseSeconds: 2 });
  store.swap = (_, modRevision) => Promise.resolve({ succeeded: false, modRevision });
  await assert.rejects(work("compareAndSwap"), wrong(/it was refused, and the key is still of/));
  store.swap = (_, modRevision) => Promise.resolve({ succeeded: true, modRevision });
  await assert.rejects(
    work("compareAndSwap"),
    wrong(/the put has revision 10, and what was there 10/),
  );
  store.read = () => Promise.resolve({ modRevision: 99, bytes: 1 });
  await assert.rejects(work("readOld"), wrong(/^Cannot read at revision 10: the answer is of 99$/));
  store.read = () => Promise.resolve(undefined);
  await assert.rejects(work("readOld"), { name: "LostKeyError" });
  store.tellAll = FakeStore.prototype.tellAll.bind(store, { kind: "put", modRevision: 3 });
  await assert.rejects(work("watch"), wrong(/a put of revision 11 was told as a put of 3/));
});

Deno.test("a watch is timed from its put's end until all watchers are told", async () => {
  const store = new FakeStore();
  const { work } = clientOf(store, { watch: 1 }, { watchers: 3 });
  const from = await work("watch");
  assert.equal(store.watchers.length, 3);
  // The fake store tells them before it answers.
  assert.deepEqual([from, store.now], [140, 140]);
  store.put = () => {
    store.now += 100;
    setTimeout(() => store.tellAll({ kind: "put", modRevision: 12 }), 1);
    return Promise.resolve(12);
  };
  assert.equal(await work("watch"), 240);
  assert.equal(store.now, 280);
});

Deno.test("a lease is timed from when it is due, and one that ends before is a wrong answer", async () => {
  const store = new FakeStore();
  const { work } = clientOf(store, { expireLease: 1 }, { leaseSeconds: 2 });
  const gone = (ns: number) => {
    store.put = () => {
      store.tellAll({ kind: "put", modRevision: ++store.revision });
      setTimeout(() => {
        store.now += ns;
        store.tellAll({ kind: "delete", modRevision: ++store.revision });
      }, 1);
      return Promise.resolve(store.revision);
    };
  };
  gone(2.3e9);
  assert.equal(await work("expireLease"), 2e9);
  assert.equal(store.now, 2.3e9 + 80);
  gone(1.9e9);
  await assert.rejects(work("expireLease"), wrong(/its key had a delete after 1\.900 s$/));
});

Deno.test("a compaction goes where nobody reads any more, and never back", async () => {
  const store = new FakeStore();
  const { work } = clientOf(store, { compactHistory: 1 });
  for (let i = 0; i < 3; i++) assert.ok(await work("compactHistory") > 0);
  assert.deepEqual(store.compacted, [11, 12, 13]);
  const revisions = new Revisions(5);
  const random = new Random(1);
  const drawn = new Set(Array.from({ length: 200 }, () => revisions.draw(8, random)));
  assert.deepEqual([...drawn].sort(), [5, 6, 7, 8]);
  assert.equal(revisions.next(8), undefined, "the first may be compacted already");
  assert.equal(revisions.draw(8, random), 8);
  assert.equal(revisions.next(9), 8);
  assert.equal(revisions.next(9), 9);
  assert.equal(revisions.next(9), undefined, "nothing is new");
});
