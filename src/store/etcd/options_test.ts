import assert from "node:assert/strict";
import { pretendVariable } from "../../_testing/environment.ts";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { storeKind } from "../catalog.ts";
import { libraryIsThere } from "../raw/library.ts";
import { ETCD } from "./mod.ts";
import { cableOf, etcdTarget, requireEtcdOptions } from "./options.ts";

Deno.test("requireEtcdOptions() refuses what etcd cannot be asked for, by name", () => {
  const refused: [StoreOptions, RegExp][] = [
    [{ wal: "off" }, /with wal=off: etcd syncs its log/],
    [{ wal: "buffered" }, /with wal=buffered/],
    [{ compression: "none" }, /with compression: it is an option of RocksDB/],
    [{ release: "10.4.2" }, /with release/],
    [{ endpoints: "a:1", nodes: 3 }, /with nodes=3: the servers are named by endpoints/],
    [{ role: "follower" }, /with role=follower: one node has none; set nodes=3/],
    [{ certFile: "c.pem" }, /with certFile: it goes with keyFile; set both/],
    [{ keyFile: "k.pem" }, /with keyFile: it goes with certFile; set both/],
    [
      { endpoints: "a:1", delayMs: 1 },
      /with delayMs: a cable is emulated between servers that are/,
    ],
    [{ endpoints: "a:1", loss: 0 }, /with loss: a cable is emulated/],
    [{ nodes: 3, delayMs: 1, jitterMs: 2 }, /with jitterMs=2: it is at most delayMs/],
    [{ caFile: "ca.pem" }, /with caFile: servers that are started for a run speak no TLS/],
    [{ certFile: "c.pem", keyFile: "k.pem", nodes: 3 }, /with certFile: servers that are started/],
    [{ endpoints: "localhost" }, /Cannot use the endpoint "localhost": write HOST:PORT/],
  ];
  for (const [options, expected] of refused) {
    assert.throws(() => requireEtcdOptions(options), (error) => {
      assert.ok(error instanceof StoreError && error.kind === "usage");
      assert.match(error.message, expected);
      return true;
    });
  }
  for (const options of [{}, { wal: "synced" }, { nodes: 3, role: "follower" }] as const) {
    requireEtcdOptions(options);
  }
});

Deno.test("require() refuses servers that cannot be started since their program is not there", () => {
  using _named = pretendVariable("TIDEMARK_ETCD", "/no/such/etcd");
  const said = "TIDEMARK_ETCD names /no/such/etcd, and no program is there: name another one, or " +
    "unset it";
  assert.equal(ETCD.missing({ nodes: 3 }), said);
  assert.throws(() => ETCD.require({ nodes: 3 }), {
    name: "StoreError",
    kind: "usage",
    message: `Cannot open the store etcd: ${said}`,
  });
  // Those that run already need none.
  assert.equal(ETCD.missing({ endpoints: "a:1" }), undefined);
  ETCD.require({ endpoints: "a:1" });
});

Deno.test("etcdTarget() speaks TLS where a file or an endpoint asks for it", () => {
  assert.equal(etcdTarget({ endpoints: "a:1" }).tls, undefined);
  assert.ok(etcdTarget({ endpoints: "https://a:1" }).tls !== undefined);
  assert.equal(etcdTarget({ endpoints: "a:1", caFile: "ca.pem" }).tls?.caFile, "ca.pem");
});

Deno.test("reach() is the servers that are named, and nothing else", () => {
  assert.deepEqual(ETCD.reach!({ endpoints: "10.0.0.1:2379+[fe80::1]:1" }), {
    hosts: ["10.0.0.1:2379", "[fe80::1]:1"],
    programs: [],
    running: true,
  });
  const own = ETCD.reach!({ nodes: 3 });
  assert.deepEqual(own.hosts, ["127.0.0.1"]);
  assert.ok(own.programs.every((path) => path.startsWith("/")));
  const apart = ETCD.reach!({ nodes: 3, delayMs: 5 });
  assert.deepEqual(apart.hosts, ["198.18.0.0/15"]);
  assert.ok(apart.programs.includes(Deno.execPath()));
});

Deno.test("cableOf() is a cable where any of its options is given, also without a delay", () => {
  assert.equal(cableOf({ nodes: 3 }), undefined);
  assert.deepEqual(cableOf({ delayMs: 0 }), { delayMs: 0, jitterMs: 0, loss: 0 });
  assert.deepEqual(cableOf({ delayMs: 5, loss: 0.01 }), { delayMs: 5, jitterMs: 0, loss: 0.01 });
});

Deno.test("require() refuses options of servers for a store that is none", () => {
  const kinds = libraryIsThere() ? ["raw", "kvstore", "plugin"] : ["plugin"];
  for (const name of kinds) {
    assert.throws(() => storeKind(name).require({ nodes: 3 }), {
      name: "StoreError",
      message: /^Cannot set nodes of a store without servers: .*--store etcd/,
    });
  }
});
