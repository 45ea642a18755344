import assert from "node:assert/strict";
import { decodeHistogram } from "../../result/mod.ts";
import { type AsyncStore, storeKind } from "../../store/mod.ts";
import { monotonicClock } from "../../native/mod.ts";
import type { OperationMix, Pace } from "../../workload/mod.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { ClientError } from "./clients.ts";
import { InFlightClients, storeTime } from "./in_flight_clients.ts";
import { measureLoad } from "./load.ts";
import { Place } from "./memory.ts";
import type { ServersOutcome } from "../servers.ts";
import type { LoadOutcome, LoadWindow } from "./outcome.ts";

const KIND = storeKind("null-etcd");
const KVSTORE = storeKind("kvstore");
const MIX = { get: 0.4, update: 0.2, delete: 0.1, scan: 0.1, multiGet: 0.1, batch: 0.1 };

async function opened() {
  const open = await KIND.open("null", {}) as AsyncStore;
  return { open, [Symbol.asyncDispose]: () => open.close() };
}

/** What a load over the server that does nothing comes to. */
async function measured(pace: Pace) {
  await using store = await opened();
  return await measuredOn(store.open, pace, MIX);
}

async function measuredOn(store: AsyncStore, pace: Pace, mix: OperationMix, measureMs = 300) {
  const windows: LoadWindow[] = [];
  let load: LoadOutcome | undefined;
  let servers: ServersOutcome | undefined;
  let operations = 0;
  const plan = {
    load: loadOfOneGroup(mix, pace, 4),
    shape: "ingested" as const,
    warmupMs: 20,
    measureMs,
    windows: 3,
    seed: 7,
  };
  await measureLoad(
    { store, kind: KIND, options: {}, busy: [], libraries: [] },
    plan,
    monotonicClock(),
    {
      doing() {},
      sample: ({ iterations }) => operations += iterations,
      window: (window) => windows.push(window),
      latency() {},
      load: (outcome) => load = outcome,
      servers: (outcome) => servers = outcome,
    },
  );
  return { windows, load: load!, servers: servers!, operations };
}

Deno.test("clients in flight are counted as threads are: by client, window and operation", {
  timeout: 60_000,
}, async () => {
  const { windows, load, servers, operations } = await measured({ loop: "closed" });
  assert.equal(load.clients.length, 4);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const all = sum(load.clients.map(({ operations }) => operations));
  assert.ok(all > 0);
  assert.equal(operations, all);
  assert.equal(sum(windows.map(({ operations }) => operations)), all);
  assert.equal(sum(load.operations.map(({ count }) => count)), all);
  assert.ok(load.operations.every(({ operation }) => Object.hasOwn(MIX, operation)));
  assert.deepEqual([servers.operations, servers.inFlight], [all, 4]);
  assert.equal(servers.meanNs, load.meanNs);
  // Multi-gets and scans take several requests, and no operation takes none.
  assert.ok(servers.wire.requests >= all, `${servers.wire.requests} for ${all}`);
});

Deno.test("clients in flight do operations of several parts, and count what these put and read", {
  timeout: 60_000,
}, async () => {
  await using store = await opened();
  for (const name of ["scan", "multiGet", "readModifyWrite", "batch"] as const) {
    const { load } = await measuredOn(store.open, { loop: "closed" }, { [name]: 1 }, 150);
    assert.deepEqual(load.operations.map(({ operation }) => operation), [name]);
    assert.equal(load.bytesPut > 0, name === "readModifyWrite" || name === "batch");
    assert.equal(load.keysRead > 0, name !== "batch");
  }
});

Deno.test("clients in flight keep a schedule, and their response counts from the intended begin", {
  timeout: 60_000,
}, async () => {
  const { load } = await measured({ loop: "open", rate: 500, arrivals: "constant" });
  const done = load.operations.reduce((sum, { count }) => sum + count, 0);
  // 150 are intended; what was left at the end is told.
  assert.ok(done + load.unstarted! >= 145 && done + load.unstarted! <= 155, `${done}`);
  assert.equal(load.response!.count, done);
  const lateness = decodeHistogram(load.lateness!.histogram);
  assert.equal(lateness.totalCount, done);
});

Deno.test("a client in flight that fails ends the load, and says why", {
  timeout: 60_000,
}, async () => {
  await using store = await opened();
  const clock = monotonicClock();
  const clients = new InFlightClients(store.open, {
    store: KIND.name,
    options: {},
    load: loadOfOneGroup({ get: 1 }, { loop: "closed" }, 3),
    phases: 1,
    seed: 1,
    clock,
  });
  await clients.ready();
  store.open.get = () => Promise.reject(new Error("it is gone\nand more"));
  clients.begin(5e9);
  await assert.rejects(clients.stopped(), (error) => {
    assert.ok(error instanceof ClientError);
    assert.match(error.message, /^Client \d died: it is gone$/);
    return true;
  });
  assert.throws(() => clients.requireAlive(), ClientError);
  assert.ok(clients.all.every(({ memory }) => memory.numbers[Place.operations] === 0));
});

Deno.test("storeTime() knows for how much of a wait a store had the thread", async () => {
  let now = 0;
  const turns: (() => void)[] = [];
  const time = storeTime({ now: () => now }, (call) => void turns.push(call));
  assert.equal(time.within(0, 10), 0);
  time.take(100);
  // A second operation of the same turn makes the stretch no shorter.
  time.take(150);
  assert.equal(turns.length, 1);
  assert.equal(time.within(120, 180), 60, "it has it still");
  now = 200;
  turns[0]!();
  assert.equal(time.within(50, 230), 100);
  assert.equal(time.within(170, 230), 30);
  assert.equal(time.within(210, 230), 0);
  time.take(300);
  assert.equal(time.within(250, 340), 40);
  assert.equal(time.within(50, 340), 140, "both stretches");
  assert.equal(time.giveWay(340), undefined, "it has it for a moment only");
  const way = time.giveWay(300 + 1e6);
  assert.ok(way !== undefined && way === time.giveWay(400 + 1e6), "all go on together");
  now = 350;
  turns[1]!();
  await way;
  assert.equal(time.giveWay(2e6), undefined);
});

Deno.test("a store that answers at once lets windows be told as they end", {
  timeout: 60_000,
}, async () => {
  const store = await storeKind("null-async").open("", {}) as AsyncStore;
  const { windows, load } = await measuredOn(store, { loop: "closed" }, { get: 1 }, 600);
  // A busy machine may wake a thread too late for one of them.
  assert.ok(windows.length > 1 && windows[0]!.ns < 500e6, `${windows.map(({ ns }) => ns)}`);
  assert.ok(windows.every(({ operations }) => operations > 0));
  const shares = load.clients.map(({ operations }) => operations);
  assert.ok(Math.min(...shares) > 0.5 * Math.max(...shares), `${shares}`);
});

Deno.test("what a store in the clients' thread keeps an operation from is no lateness", {
  timeout: 60_000,
}, async () => {
  const store = await storeKind("null-async").open("", {}) as AsyncStore;
  // As a store that computes for 4 ms before it answers: of four clients, three wait for it.
  store.get = (_key, into) => {
    const end = performance.now() + 4;
    while (performance.now() < end);
    return Promise.resolve(into.length);
  };
  const pace = { loop: "open", rate: 150, arrivals: "poisson" } as const;
  const { load } = await measuredOn(store, pace, { get: 1 }, 500);
  assert.equal(load.inFlight, true);
  const late = decodeHistogram(load.lateness!.histogram);
  const waited = decodeHistogram(load.response!.histogram);
  // Some began while another was served, and answered later by that.
  assert.ok(waited.maxValue > 6e6, `${waited.maxValue}`);
  assert.ok(late.getValueAtPercentile(75) < 3e6, `${late.getValueAtPercentile(75)}`);
  const unhindered = decodeHistogram(load.unhindered!.histogram);
  assert.ok(unhindered.maxValue > 6e6, "without lateness it waits as long");
});

Deno.test(
  "clients in flight do etcd's operations over a KvStore, and what cannot do them is refused",
  {
    ignore: KVSTORE.missing({}) !== undefined,
    timeout: 60_000,
  },
  async () => {
    const path = await Deno.makeTempDir();
    const store = await KVSTORE.openInFlight!(path, {});
    try {
      const mix = { compareAndSwap: 0.4, readOld: 0.3, watch: 0.3 };
      const { load } = await measuredOn(store, { loop: "closed" }, mix, 400);
      assert.deepEqual(
        load.operations.map(({ operation }) => operation).sort(),
        Object.keys(mix).sort(),
      );
      assert.equal(load.missed, 0);
      assert.ok(load.conflicts! >= 0 && load.inFlight && load.counts.transactions! > 0);
      const nothing = await storeKind("null-async").open("", {}) as AsyncStore;
      await assert.rejects(
        measuredOn(nothing, { loop: "closed" }, { watch: 1 }),
        { name: "TypeError", message: /it serves none of etcd's requests/ },
      );
    } finally {
      await store.close();
      await Deno.remove(path, { recursive: true });
    }
  },
);

/** A store in this thread that now and then holds it up, of which all in flight have to wait. */
async function heldUp(every: number, ms: number) {
  const store = await KIND.open("null", {}) as AsyncStore;
  let calls = 0;
  const held = new Proxy(store, {
    get(of, name) {
      const value = Reflect.get(of, name);
      if (name === "servers") return undefined;
      if (name !== "get") return typeof value === "function" ? value.bind(of) : value;
      return (...given: Parameters<AsyncStore["get"]>) => {
        if (++calls % every === 0) { for (const to = Date.now() + ms; Date.now() < to;); }
        return of.get(...given);
      };
    },
  });
  return { held, [Symbol.asyncDispose]: () => store.close() };
}

for (
  const pace of [{ loop: "closed" }, { loop: "open", arrivals: "constant", rate: 1000 }] as const
) {
  Deno.test(
    `clients in flight note their slow operations, with what their thread did: ${pace.loop} loop`,
    {
      timeout: 60_000,
    },
    async () => {
      await using store = await heldUp(500, 40);
      const { load: { slow } } = await measuredOn(store.held, pace, { get: 1 }, 1000);
      assert.ok(slow.operations > 0 && slow.slowest.length > 0, "some are slow");
      assert.ok(slow.slowest.some(({ ns }) => ns >= 39e6), JSON.stringify(slow.slowest));
      assert.equal(
        slow.causes.reduce((sum, { operations }) => sum + operations, 0),
        slow.operations,
      );
      // What the kernel tells of the thread is known, whether it had to wait or not.
      if (Deno.build.os === "linux") {
        assert.notEqual(slow.causes.find(({ cause }) => cause === "runQueue")!.share, null);
        assert.notEqual(slow.causes.find(({ cause }) => cause === "collection")!.share, null);
      }
    },
  );
}
