import assert from "node:assert/strict";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { TIKV } from "./kind.ts";
import { requireTikvOptions, tikvTarget } from "./options.ts";

Deno.test("requireTikvOptions() refuses what TiKV cannot be asked for, by name", () => {
  const refused: [StoreOptions, RegExp][] = [
    [{ wal: "off" }, /with wal=off: tikv syncs its log before it answers; set wal=synced/],
    [{ compression: "none" }, /with compression: it is an option of RocksDB/],
    [{ endpoints: "a:1" }, /with endpoints: it is an option of etcd; leave it out/],
    [{ consistency: "linearizable" }, /with consistency: it is an option of etcd/],
    [{ keyspace: "1" }, /with keyspace=1: only version 2 has any; set api=2/],
    [{ api: 2, keyspace: "16777216" }, /with keyspace=16777216: ids go up to 16777215/],
    [{ certFile: "c.pem" }, /with certFile: it goes with keyFile; set both/],
    [{ pd: "localhost" }, /Cannot use the endpoint "localhost": write HOST:PORT/],
    [{ pd: "a:1", stores: "b:2" }, /Cannot use the machine "b:2": write its name or address/],
  ];
  for (const [options, expected] of refused) {
    assert.throws(() => requireTikvOptions(options), (error) => {
      assert.ok(error instanceof StoreError && error.kind === "usage");
      assert.match(error.message, expected);
      return true;
    });
  }
  requireTikvOptions({ pd: "a:1", api: 2, keyspace: "accounts", wal: "synced" });
});

Deno.test("tikvTarget() takes a keyspace by its id or its name", () => {
  const keyspace = (keyspace: string) => tikvTarget({ pd: "a:1", api: 2, keyspace }).keyspace;
  assert.deepEqual([keyspace("7"), keyspace("seven")], [7, "seven"]);
  assert.equal(tikvTarget({ pd: "https://a:1" }).tls !== undefined, true);
});

Deno.test("missing() asks for PD, and reach() is its machines and those that are named", () => {
  assert.match(TIKV.missing({}) ?? "", /name the PD of a running one by --set pd=HOST:PORT/);
  assert.equal(TIKV.missing({ pd: "a:1" }), undefined);
  assert.throws(
    () => TIKV.require({}),
    /Cannot open the store tikv: There is no TiKV that is started for a run: name the PD/,
  );
  TIKV.require({ pd: "a:1" });
  const reach = TIKV.reach!({
    pd: "10.0.0.1:2379+[fe80::1]:2379+10.0.0.1:2",
    stores: "b+[fe80::2]",
  });
  assert.deepEqual(reach, {
    hosts: ["10.0.0.1", "[fe80::1]", "b", "[fe80::2]"],
    programs: [],
    running: true,
  });
});
