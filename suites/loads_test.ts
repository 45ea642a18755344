import assert from "node:assert/strict";
import type { Suite } from "../src/mod.ts";
import clients from "./clients.ts";
import dbbench from "./dbbench.ts";
import etcdApi from "./etcd-api.ts";
import large from "./large.ts";
import mixed from "./mixed.ts";
import rate from "./rate.ts";
import soak from "./soak.ts";
import tails from "./tails.ts";
import ycsb from "./ycsb.ts";

const SUITES = { clients, dbbench, "etcd-api": etcdApi, large, mixed, rate, soak, tails, ycsb };

/** The counted clients of a suite's loads. */
function countedOf(suite: Suite) {
  return suite.loads!.map(({ name, load }) => ({
    name,
    ...load.groups.find(({ counted }) => counted)!,
  }));
}

Deno.test("suites of loads have their files' names, and a quick one takes no more than two minutes", () => {
  for (const [name, suite] of Object.entries(SUITES)) {
    assert.equal(suite.name, name);
    // A load of a second takes some five with its process and its keys; one with its time that time.
    const seconds = suite.loads!.reduce((sum, load) => sum + (load.seconds ?? 1) + 5, 0);
    assert.ok(seconds <= 120, `${name}: ${seconds} s`);
  }
});

Deno.test("ycsb has YCSB's shares and distributions, in YCSB's order", () => {
  const found = countedOf(ycsb).map((
    { name, mix, keyDistribution: { kind } },
  ) => [name, mix, kind]);
  assert.deepEqual(found, [
    ["ycsb/a", { get: 0.5, update: 0.5 }, "scrambledZipfian"],
    ["ycsb/b", { get: 0.95, update: 0.05 }, "scrambledZipfian"],
    ["ycsb/c", { get: 1 }, "scrambledZipfian"],
    ["ycsb/f", { get: 0.5, readModifyWrite: 0.5 }, "scrambledZipfian"],
    ["ycsb/d", { get: 0.95, insert: 0.05 }, "latest"],
    ["ycsb/e", { scan: 0.95, insert: 0.05 }, "scrambledZipfian"],
  ]);
  for (const { load } of ycsb.loads!) {
    assert.deepEqual([load.keyForm, load.valueSize], ["hashed", { kind: "fixed", size: 1000 }]);
  }
});

Deno.test("mixed has both mixes over both distributions, by one client and by two", () => {
  const found = countedOf(mixed).map(({ mix, keyDistribution, clients }) =>
    `${mix.get} ${keyDistribution.kind} ${clients}`
  );
  assert.equal(new Set(found).size, 8);
});

Deno.test("clients has one to eight of them", () => {
  const found = countedOf(clients).map(({ clients }) => clients);
  assert.deepEqual(found, [1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8]);
});

Deno.test("dbbench begins empty where db_bench does, and its writer beside is not counted", () => {
  const empty = dbbench.loads!.filter(({ load }) => !load.filled).map(({ name }) => name);
  assert.deepEqual(empty, ["fillseq", "fillrandom"]);
  const { load } = dbbench.loads!.find(({ name }) => name === "readwhilewriting")!;
  assert.deepEqual(load.groups.map(({ counted, mix }) => [counted, mix]), [
    [true, { get: 1 }],
    [false, { update: 1 }],
  ]);
});

Deno.test("rate, tails and soak have schedules, and the others none", () => {
  for (const [name, suite] of Object.entries(SUITES)) {
    const open = countedOf(suite).every(({ pace }) => pace.loop === "open");
    assert.equal(open, ["rate", "tails", "soak"].includes(name), name);
  }
});

Deno.test("large has a million keys", () => {
  assert.ok(large.loads!.every(({ load }) => load.keys === 1_000_000));
});

Deno.test("etcd-api has each of etcd's operations, and the updates with and without compaction", () => {
  const mixes = countedOf(etcdApi).flatMap(({ mix }) => Object.keys(mix));
  const operations = ["compareAndSwap", "readOld", "watch", "expireLease", "compactHistory"];
  assert.deepEqual(operations.filter((name) => !mixes.includes(name)), []);
  const [alone, compacting] = ["updates/8", "updates-compacting/8"].map((name) =>
    etcdApi.loads!.find((load) => load.name === name)!.load.groups
  );
  assert.deepEqual(compacting!.filter(({ counted }) => counted), alone);
  assert.deepEqual(compacting!.at(-1)!.mix, { compactHistory: 1 });
});
