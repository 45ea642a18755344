import assert from "node:assert/strict";
import { buildC } from "../../_testing/plugin_library.ts";
import { decodeHistogram } from "../../result/mod.ts";
import { libraryIsThere, type Store, storeKind } from "../../store/mod.ts";
import { loadPlugin, openPlugin } from "../../store/plugin/mod.ts";
import type { LoadSpec, OperationMix, Pace } from "../../workload/mod.ts";
import { monotonicClock } from "../../native/mod.ts";
import type { EncodedLatency } from "../latency.ts";
import type { Sample } from "../sampler.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { ClientError, startClients } from "./clients.ts";
import { type LoadPlan, measureLoad } from "./load.ts";
import { Place } from "./memory.ts";
import type { LoadOutcome, LoadWindow } from "./outcome.ts";

const CLOSED: Pace = { loop: "closed" };

function loadOf(mix: OperationMix, pace = CLOSED): LoadSpec {
  return loadOfOneGroup(mix, pace, 2);
}

/** What a load comes to. */
async function measured(
  store: Store,
  name: string,
  change: Partial<LoadPlan>,
  libraries: string[] = [],
) {
  const told = {
    samples: [] as Sample[],
    windows: [] as LoadWindow[],
    latency: undefined as EncodedLatency | undefined,
    load: undefined as LoadOutcome | undefined,
    doing: [] as string[],
  };
  const plan: LoadPlan = {
    load: loadOf({ get: 1 }),
    shape: "ingested",
    warmupMs: 20,
    measureMs: 200,
    windows: 4,
    seed: 7,
    ...change,
  };
  const kind = storeKind(name);
  const warmup = await measureLoad(
    { store, kind, options: {}, busy: [], libraries },
    plan,
    monotonicClock(),
    {
      doing: (what) => told.doing.push(what),
      sample: (sample) => told.samples.push(sample),
      window: (window) => told.windows.push(window),
      latency: (latency) => told.latency = latency,
      load: (load) => told.load = load,
    },
  );
  return { ...told, warmup, latency: told.latency!, load: told.load! };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

Deno.test(
  "measureLoad() counts every operation once: by client, window, operation and histogram",
  { timeout: 60_000 },
  async () => {
    const store = await storeKind("null").open("", {});
    const mix = { get: 0.5, update: 0.2, scan: 0.1, multiGet: 0.1, batch: 0.1 };
    const { samples, windows, latency, load, warmup } = await measured(store, "null", {
      load: loadOf(mix),
      // Where others have the processors, a client may have none for some tens of milliseconds.
      warmupMs: 200,
    });
    assert.ok(warmup.iterations > 0 && warmup.ns >= 200e6);
    assert.equal(load.clients.length, 2);
    const all = sum(load.clients.map(({ operations }) => operations));
    assert.ok(load.clients.every(({ operations }) => operations > 0), "both clients work");
    assert.equal(sum(windows.map(({ operations }) => operations)), all);
    assert.equal(sum(samples.map(({ iterations }) => iterations)), all);
    assert.equal(sum(load.operations.map(({ count }) => count)), all);
    assert.equal(latency.count, all);
    assert.equal(decodeHistogram(latency.histogram).totalCount, all);
    assert.deepEqual(
      load.operations.map(({ operation }) => operation).toSorted(),
      Object.keys(mix).toSorted(),
    );
    assert.equal(load.response, undefined, "a closed loop has no intended begin");
    const { slow } = load;
    assert.equal(sum(slow.causes.map(({ operations }) => operations)), slow.operations);
    assert.ok(slow.operations < all / 10, `${slow.operations} of ${all}`);
    assert.equal(slow.slowest.length, Math.min(20, slow.operations));
    const { wakes, late, lateNs } = slow.hiccups!;
    assert.ok(wakes > 0 && late <= wakes && lateNs <= load.ns, JSON.stringify(slow.hiccups));
    assert.ok(slow.causes.every(({ held, operations }) => held! <= operations));
    assert.ok(slow.slowest.every(({ atNs, client }) => atNs <= load.ns && client < 2));
    // A store that does nothing has no background work to be seen.
    assert.equal(slow.causes.find(({ cause }) => cause === "compaction")!.share, null);
    // Windows are read while clients go on: what is counted beside the times may be one apart.
    assert.ok(windows.some(({ service }) => service !== null));
    for (const { service, spread } of windows) {
      // On a busy machine none may have ended in one of 50 ms.
      assert.equal(spread === null, service === null);
      if (service === null) continue;
      const { p50, p99, p999, max } = service;
      assert.ok(0 < p50 && p50 <= p99 && p99 <= p999 && p999 <= max, JSON.stringify(service));
    }
    // What is told of time is all of it, without a gap.
    assert.ok(load.ns >= 200e6);
    assert.ok(Math.abs(sum(windows.map(({ ns }) => ns)) - load.ns) < 1);
    assert.ok(Math.abs(sum(samples.map(({ ns }) => ns)) - load.ns) < 1);
    for (const [i, { atNs }] of windows.entries()) {
      assert.equal(atNs, i === 0 ? 0 : windows[i - 1]!.atNs + windows[i - 1]!.ns);
    }
  },
);

Deno.test(
  "measureLoad() keeps a schedule: as many operations as it has, and three times of each",
  { timeout: 60_000 },
  async () => {
    const store = await storeKind("null").open("", {});
    const pace: Pace = { loop: "open", arrivals: "constant", rate: 1000 };
    const { load, latency } = await measured(store, "null", { load: loadOf({ get: 1 }, pace) });
    const { response, lateness, unhindered, unstarted } = load;
    // Of 200 ms, each client has every other ms.
    assert.equal(latency.count + unstarted!, 200);
    for (const times of [response!, lateness!, unhindered!]) {
      assert.equal(times.count, latency.count);
      assert.equal(decodeHistogram(times.histogram).totalCount, latency.count);
    }
    const most = (times: EncodedLatency) => decodeHistogram(times.histogram).maxValue;
    assert.ok(most(response!) >= most(unhindered!), "without lateness it is sooner over");
    assert.ok(most(unhindered!) >= most(latency), "a response has the service in it");
  },
);

Deno.test(
  "measureLoad() loads every key into a real store, and finds them with threads of their own",
  { timeout: 60_000, ignore: !libraryIsThere() },
  async () => {
    const folder = Deno.makeTempDirSync();
    const store = await storeKind("raw").open(`${folder}/db`, {});
    try {
      const mix = { get: 0.6, readModifyWrite: 0.1, scan: 0.1, insert: 0.1, batch: 0.1 };
      const { load, windows, doing } = await measured(store, "raw", {
        load: loadOf(mix),
        shape: "settled",
      });
      assert.equal(load.missed, 0);
      assert.ok(load.atRest);
      assert.ok(load.keysRead > 0 && load.bytesRead === 100 * load.keysRead);
      assert.ok(load.bytesPut > 0 && load.bytesPut % 116 === 0);
      assert.ok(load.counts.processWritten! > load.bytesPut * 0.5, "the log has what was put");
      assert.ok(windows.every(({ facts }) => facts.liveFileBytes! > 0), "the load is in files");
      assert.ok(doing.includes("the load of key 1 of 1000"));
    } finally {
      await store.close();
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

const SOURCES = new URL("../../plugin/check/_testing/", import.meta.url).pathname;
const several = await buildC(
  `${SOURCES}several.c`,
  [`-DSOURCE="${SOURCES}faults.c"`],
  "libseveral.so",
);
const noPlugin = several.reason === undefined ? "" : ` (skipped: ${several.reason})`;

Deno.test({
  name: `measureLoad() gets keys by a plug-in's own call, and has what it tells${noPlugin}`,
  timeout: 60_000,
  ignore: several.reason !== undefined,
  async fn() {
    const folder = Deno.makeTempDirSync();
    const path = several.path!;
    const store = openPlugin(`${folder}/db`, { library: loadPlugin(path) });
    try {
      const mix = { multiGet: 0.5, update: 0.5 };
      const { load, windows } = await measured(store, "plugin", { load: loadOf(mix) }, [path]);
      assert.equal(load.multiGet, "call");
      assert.equal(load.missed, 0);
      const count = (name: string) =>
        load.operations.find(({ operation }) => operation === name)!.count;
      // Four keys of 100 bytes each.
      assert.equal(load.keysRead, 4 * count("multiGet"));
      assert.equal(load.bytesRead, 400 * count("multiGet"));
      // Each put is told as a sync, or as one that is lost; what filled the store is none of them, and
      // two clients may each be in one when the measuring begins.
      const { sync, lost = 0, ...others } = load.events!;
      assert.deepEqual(others, {});
      assert.equal(sync!.bytes, sync!.count);
      assert.ok(sync!.count > 0 && sync!.ns > 0 && sync!.ns < 2 * load.ns);
      const apart = sync!.count + lost - count("update");
      assert.ok(Math.abs(apart) <= 2, `${sync!.count} and ${lost} of ${count("update")}`);
      assert.deepEqual(windows.at(-1)!.events, load.events);
      assert.ok((windows[0]!.events!.sync?.count ?? 0) <= sync!.count);
    } finally {
      store.close();
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

Deno.test(
  "measureLoad() fails with the client's own words where one dies, and does not hang",
  { timeout: 60_000 },
  async () => {
    const store = await storeKind("null").open("", {});
    const shared = {
      path: "/db",
      library: "/nowhere/librocksdb.so",
      addresses: undefined,
      database: 0n,
      families: [],
    };
    const broken = Object.assign(store, { share: () => shared });
    await assert.rejects(measured(broken, "raw", { load: loadOf({ get: 1 }) }), {
      name: "ClientError",
      message: /^Client [01] died: .*\/nowhere\/librocksdb\.so/,
    });
  },
);

Deno.test(
  "a client that does not stop is an error that says in what it hangs",
  { timeout: 60_000 },
  async () => {
    const load = loadOf({ scan: 1 });
    // A walk over the store that does nothing is as long as it is asked to be.
    const endless = { kind: "fixed", size: Number.MAX_SAFE_INTEGER } as const;
    const clients = startClients({}, [], {
      store: "null",
      options: {},
      load: { ...load, groups: [{ ...load.groups[0]!, clients: 1, scanLength: endless }] },
      phases: 1,
      seed: 1,
      clock: monotonicClock(),
      limitMs: 10_000,
    });
    await clients.ready();
    // Long enough for its thread to begin on a busy machine.
    clients.begin(1500e6);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    await assert.rejects(clients.stopped(300), (error) => {
      assert.ok(error instanceof ClientError);
      assert.equal(
        error.message,
        "Client 0 did not stop within 0.3 s after its time was over: it hangs in one of its scans",
      );
      return true;
    });
    assert.equal(clients.all[0]!.memory.numbers[Place.operations], 0);
    assert.equal(await clients.abandon(50), false, "the database must not be closed");
  },
);

Deno.test(
  "a store that returns when it is done and is one thread by nature is not shared",
  { timeout: 60_000 },
  async () => {
    const store = await storeKind("null").open("", {});
    Object.defineProperty(store, "share", { value: undefined });
    await assert.rejects(measured(store, "null", {}), { name: "TypeError" });
  },
);

/** Stops this process, and lets it go on: to everything in it that is a machine which stands still. */
async function standStill(afterMs: number, ms: number): Promise<void> {
  const script = `sleep ${afterMs / 1000}; kill -STOP $0; sleep ${ms / 1000}; kill -CONT $0`;
  await new Deno.Command("sh", { args: ["-c", script, String(Deno.pid)] }).output();
}

/** Whether the slowest operation was under way while the process stood still, and is put down to that. */
function isHeldUp({ slowest: [first] }: { slowest: readonly { ns: number; cause: string }[] }) {
  return first !== undefined && first.ns > 390e6 && first.cause === "hiccup";
}

Deno.test({
  name: "measureLoad() puts down to the machine what stopped a sleeping thread and clients alike",
  timeout: 60_000,
  ignore: Deno.build.os !== "linux" || !libraryIsThere(),
  async fn() {
    const folder = Deno.makeTempDirSync();
    const store = await storeKind("raw").open(`${folder}/db`, {});
    try {
      // Where it stands still between two operations none is slow, and on a machine that others keep
      // busy both clients may have waited for a processor then; it is tried again.
      let trials = 0;
      let slow: Awaited<ReturnType<typeof measured>>["load"]["slow"];
      do {
        [{ load: { slow } }] = await Promise.all([
          measured(store, "raw", { warmupMs: 200, measureMs: 3000, windows: 6 }),
          standStill(2000, 400),
        ]);
        const { longestNs, late } = slow.hiccups!;
        assert.ok(late > 0 && longestNs > 300e6, `${longestNs}`);
      } while (++trials < 5 && !isHeldUp(slow));
      const [slowest] = slow.slowest;
      assert.ok(slowest!.ns > 390e6, JSON.stringify(slowest));
      assert.equal(slowest!.cause, "hiccup");
      const found = slow.causes.find(({ cause }) => cause === "hiccup")!;
      assert.ok(found.operations >= 1 && found.held === found.operations && found.share! > 0);
    } finally {
      await store.close();
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
