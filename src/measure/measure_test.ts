import assert from "node:assert/strict";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { Random } from "../stats/mod.ts";
import { NullStore } from "../store/null/store.ts";
import { libraryIsThere, openRaw, type RawStore } from "../store/raw/mod.ts";
import { Slice } from "../store/slice.ts";
import { KEY_BYTES, makeValues, OPERATION_NAMES, OPERATIONS, writeKey } from "../workload/mod.ts";
import { type Clock, monotonicClock } from "../native/mod.ts";
import { MillisecondStore } from "./_testing/millisecond_store.ts";
import type { EncodedLatency } from "./latency.ts";
import { measure, type MeasurePlan } from "./measure.ts";
import type { Sample } from "./sampler.ts";

const PLAN: MeasurePlan = {
  operation: "put",
  order: "sequential",
  kind: "throughput",
  keys: 100,
  valueBytes: 64,
  elements: 1,
  sampling: "flat",
  samples: 10,
  warmupMs: 10,
  measureMs: 4000,
  seed: 42,
};

/** Measures, and keeps what is told. */
async function collect(store: NullStore | RawStore, plan: MeasurePlan, clock: Clock) {
  const samples: Sample[] = [];
  const latencies: EncodedLatency[] = [];
  const warmup = await measure(store, plan, clock, {
    sample: (sample) => samples.push(sample),
    latency: (latency) => latencies.push(latency),
  });
  return { warmup, samples, latencies };
}

Deno.test("measure() warms up, then fills the time with samples of known size", async () => {
  const store = new MillisecondStore();
  const { warmup, samples, latencies } = await collect(store, PLAN, store.clock);
  assert.deepEqual(warmup, { iterations: 15, ns: 15e6 });
  const expected = Array.from({ length: 10 }, (_, i) => ({
    iterations: 400,
    ns: 400e6,
    atNs: i * 400e6,
  }));
  assert.deepEqual(samples, expected);
  assert.deepEqual(latencies, []);
  assert.deepEqual([store.puts, store.gets], [15 + 4000, 0]);
});

Deno.test("measure() does all elements of an iteration", async () => {
  const store = new MillisecondStore();
  const plan: MeasurePlan = { ...PLAN, operation: "get", elements: 50, sampling: "linear" };
  const { warmup, samples } = await collect(store, plan, store.clock);
  assert.deepEqual(warmup, { iterations: 1, ns: 50e6 });
  // 4 s / 50 ms / (1 + … + 10) = 1.45 iterations a step, rounded up.
  assert.deepEqual(samples.map(({ iterations }) => iterations), [
    2,
    4,
    6,
    8,
    10,
    12,
    14,
    16,
    18,
    20,
  ]);
  assert.deepEqual(samples.map(({ ns }) => ns), samples.map(({ iterations }) => iterations * 50e6));
  // The keys were filled in before, in untimed puts.
  assert.deepEqual([store.puts, store.gets], [100, 50 + 110 * 50]);
});

Deno.test("measure() takes batches and single operations in turn for a latency", async () => {
  const store = new MillisecondStore();
  const { samples, latencies } = await collect(store, { ...PLAN, kind: "latency" }, store.clock);
  // Half of the time for each: 200 operations a sample, then 200 timed ones before the next.
  assert.deepEqual(
    samples,
    Array.from({ length: 10 }, (_, i) => ({ iterations: 200, ns: 200e6, atNs: i * 400e6 })),
  );
  // Told when more than half a second has gone by, which is every second sample, and at the end.
  assert.deepEqual(latencies.map(({ count }) => count), [400, 800, 1200, 1600, 2000, 2000]);
  const histogram = decodeFromCompressedBase64(latencies.at(-1)!.histogram);
  assert.equal(histogram.totalCount, 2000);
  for (const ns of [histogram.minNonZeroValue, histogram.maxValue]) {
    assert.ok(Math.abs(ns - 1e6) <= 1e3, `${ns}`);
  }
  // Warm-up, the timed loop's own first round, and both halves.
  assert.equal(store.puts, 15 + 200 + 2000 + 2000);
});

Deno.test("measure() fills the database first where the operation's row says so, and there only", async () => {
  for (const operation of OPERATION_NAMES) {
    const store = new MillisecondStore();
    // No time passes in what is not counted here, so that only the puts of a fill are before it.
    let filled: number | undefined;
    const clock = {
      now() {
        filled ??= store.puts;
        return performance.now() * 1e6;
      },
    };
    await collect(store, { ...PLAN, operation, elements: 10, warmupMs: 0, measureMs: 1 }, clock);
    assert.equal(filled, OPERATIONS[operation].filled ? PLAN.keys : 0, operation);
  }
});

Deno.test("measure() times single operations exactly where the operation's row says so", async () => {
  for (const operation of OPERATION_NAMES) {
    const store = new MillisecondStore();
    const plan: MeasurePlan = { ...PLAN, operation, kind: "latency", warmupMs: 0, measureMs: 1 };
    const measured = collect(store, plan, monotonicClock());
    if (OPERATIONS[operation].timed) assert.ok((await measured).latencies.at(-1)!.count > 0);
    else await assert.rejects(measured, TypeError);
  }
});

Deno.test("measure() refuses to time single scans", async () => {
  const store = new MillisecondStore();
  const clock = monotonicClock();
  const plan: MeasurePlan = { ...PLAN, operation: "scan", kind: "latency", warmupMs: 0 };
  await assert.rejects(collect(store, plan, clock), {
    name: "TypeError",
    message: "Cannot time single operations of scan",
  });
});

Deno.test({
  name: "measure() measures every operation and kind on a real store",
  ignore: !libraryIsThere(),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "tidemark-measure-" });
    try {
      for (const operation of OPERATION_NAMES) {
        const { timed, walks } = OPERATIONS[operation];
        for (const kind of ["throughput", "latency"] as const) {
          if (!timed && kind === "latency") continue;
          const plan = { ...PLAN, operation, kind, elements: walks ? 100 : 1 };
          const store = openRaw(`${folder}/${operation}-${kind}`, { writeBufferBytes: 1 << 20 });
          try {
            await checkOnRaw(store, { ...plan, warmupMs: 1, measureMs: 20 });
          } finally {
            store.close();
          }
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function checkOnRaw(store: RawStore, plan: MeasurePlan): Promise<void> {
  const { warmup, samples, latencies } = await collect(store, plan, monotonicClock());
  assert.ok(warmup.ns >= 1e6 && warmup.iterations >= 1);
  assert.equal(samples.length, plan.samples);
  assert.ok(samples.every(({ ns, iterations }) => ns > 0 && iterations === samples[0]?.iterations));
  for (const [i, { atNs, ns }] of samples.entries()) {
    if (i > 0) assert.ok(samples[i]!.atNs > samples[i - 1]!.atNs);
    assert.ok(atNs + ns <= (samples[i + 1]?.atNs ?? Infinity));
  }
  const operations = samples.reduce((sum, { iterations }) => sum + iterations, 0);
  assert.equal(latencies.at(-1)?.count, plan.kind === "latency" ? operations : undefined);
  // What is in the store afterwards: the keys, as far as a slow machine got, with the seed's values.
  const done = warmup.iterations + operations;
  const keys = plan.operation === "put" ? Math.min(plan.keys, done) : plan.keys;
  const random = new Random(plan.seed);
  const values = new Set(
    makeValues(64, plan.valueBytes, () => random.next()).map((value) => value.join()),
  );
  const key = new Slice(KEY_BYTES);
  const into = new Slice(plan.valueBytes);
  for (let i = 0; i < keys; i++) {
    writeKey(key.bytes, i);
    assert.equal(store.get(key, into), plan.valueBytes);
    assert.ok(values.has(into.view().join()));
  }
}

/** Writes down what fills and settles it. */
class SettlingStore extends MillisecondStore {
  readonly calls: string[] = [];

  override batch() {
    const batch = super.batch();
    const { calls } = this;
    let keys = 0;
    return Object.assign(batch, {
      put: () => void keys++,
      close: () => void calls.push(`batch of ${keys}`),
    });
  }

  override flush(): void {
    this.calls.push("flush");
  }

  override compact(): void {
    this.calls.push("compact");
  }
}

Deno.test("measure() fills by batches, flushes and compacts where the shape is settled", async () => {
  const store = new SettlingStore();
  const plan = {
    ...PLAN,
    operation: "get",
    order: "random",
    shape: "settled",
    keys: 1500,
  } as const;
  await collect(store, plan, store.clock);
  assert.deepEqual(store.calls, ["batch of 1024", "batch of 476", "flush", "compact"]);
  assert.equal(store.puts, 0);
  const ingested = new SettlingStore();
  await collect(ingested, { ...plan, shape: "ingested" }, ingested.clock);
  assert.deepEqual([ingested.calls, ingested.puts], [[], 1500]);
});

Deno.test({
  name: "measure() reads from files alone where the shape is settled",
  ignore: !libraryIsThere(),
  async fn() {
    const path = Deno.makeTempDirSync();
    const store = openRaw(`${path}/database`);
    try {
      const plan = { ...PLAN, operation: "seek", order: "random", shape: "settled" } as const;
      await collect(store, { ...plan, warmupMs: 1, measureMs: 5 }, monotonicClock());
      assert.equal(store.property("rocksdb.num-entries-active-mem-table"), "0");
      assert.ok(Number(store.property("rocksdb.live-sst-files-size")) > 0);
    } finally {
      store.close();
      Deno.removeSync(path, { recursive: true });
    }
  },
});
