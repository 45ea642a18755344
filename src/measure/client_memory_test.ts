import assert from "node:assert/strict";
import { connectEtcd } from "../store/etcd/client.ts";
import { ETCD } from "../store/etcd/mod.ts";
import { etcdTarget } from "../store/etcd/options.ts";
import { soon, startServer } from "../store/etcd/_testing/server.ts";
import { startDouble } from "../store/tikv/_testing/double.ts";
import { MOST_BYTES, OurProcess } from "./_testing/our_process.ts";

const missing = ETCD.missing({});

/** What a process that does a client's operations holds at most, bytes. */
async function mostOf(bench: string, args: string[], kinds: string[]): Promise<number> {
  const process = new OurProcess(import.meta.resolve(bench), ["ours", ...args]);
  try {
    for (const kind of kinds) {
      const { operations } = await process.turn(kind, 64, 1);
      assert.ok(operations > 64, `${kind}: ${operations}`);
    }
    return process.mostBytes;
  } finally {
    await process.end();
  }
}

Deno.test({
  ignore: missing !== undefined,
  timeout: 120_000,
  name: "the client of etcd holds at most 200 MiB with 64 operations in flight" +
    (missing === undefined ? "" : ` (${missing})`),
}, async () => {
  await using server = await startServer();
  const { endpoint } = server;
  await soon(async () => (await connectEtcd(etcdTarget({ endpoints: endpoint }))).close());
  const bytes = await mostOf("./etcd_bench.ts", [endpoint], ["put", "range"]);
  assert.ok(bytes <= MOST_BYTES, `${bytes / 2 ** 20} MiB`);
});

Deno.test("the client of TiKV holds at most 200 MiB with 64 operations in flight", {
  timeout: 120_000,
}, async () => {
  await using double = await startDouble();
  const bytes = await mostOf("./tikv_bench.ts", [double.pd, "1"], ["put", "get"]);
  assert.ok(bytes <= MOST_BYTES, `${bytes / 2 ** 20} MiB`);
});
