import assert from "node:assert/strict";
import { isThere } from "../../disk/mod.ts";
import { pretendVariable } from "../../_testing/environment.ts";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { Slice } from "../slice.ts";
import { freePort, soon, startServer } from "./_testing/server.ts";
import { connectEtcd } from "./client.ts";
import { ETCD, openEtcd } from "./mod.ts";
import { etcdTarget } from "./options.ts";
import { PASSWORD_VARIABLE, USER_VARIABLE } from "./variables.ts";
import type { EtcdStore } from "./store.ts";
import { grantLease, revokeLease, watchRange } from "./watch.ts";
import { ProtoWriter } from "../grpc/mod.ts";
import { METHOD } from "./messages.ts";

const missing = ETCD.missing({});
const ignore = missing !== undefined;
const named = (name: string) => missing === undefined ? name : `${name} (${missing})`;
const text = (text: string) => new TextEncoder().encode(text);

async function open(endpoints: string, options: StoreOptions = {}): Promise<EtcdStore> {
  return await openEtcd("bench", { endpoints, deadlineMs: 3000, ...options });
}

/** The error that opening ends with. */
async function refusal(endpoints: string, options?: StoreOptions): Promise<StoreError> {
  const error = await open(endpoints, options).then((store) => store.close(), (error) => error);
  assert.ok(error instanceof StoreError, `${error}`);
  assert.ok(!error.message.includes("\n"));
  return error;
}

Deno.test("open() says in one line why servers cannot be used", { timeout: 120_000 }, async () => {
  const nobody = await refusal(`127.0.0.1:${freePort()}`);
  assert.match(
    nobody.message,
    /^Cannot open the database bench: nothing listens at 127.0.0.1:\d+; /,
  );
  await using web = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("no etcd", { status: 404 }),
  );
  const { port } = web.addr;
  const http = await refusal(`127.0.0.1:${port}`);
  assert.match(http.message, /is no etcd|no gRPC server|speaks no HTTP\/2|without a word/);
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const at = `127.0.0.1:${(silent.addr as Deno.NetAddr).port}`;
  assert.match((await refusal(at, { deadlineMs: 300 })).message, /within 0.3 s/);
  silent.close();
  const file = await refusal(`127.0.0.1:${port}`, { caFile: "/no/such/ca.pem" });
  assert.deepEqual([file.kind, /its file \/no\/such\/ca.pem cannot be read/.test(file.message)], [
    "usage",
    true,
  ]);
  const plain = await refusal(`https://127.0.0.1:${port}`);
  assert.match(plain.message, /speaks no TLS; leave caFile out/);
});

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("open() uses servers that are named, and leaves nothing there"),
  },
  async () => {
    await using server = await startServer();
    const store = await soon(() => open(server.endpoint));
    const other = await open(server.endpoint);
    await store.put(Slice.fromText("a"), Slice.fromText("1"));
    assert.equal(await other.get(Slice.fromText("a"), new Slice(1)), -1);
    assert.equal(await store.get(Slice.fromText("a"), new Slice(1)), 1);
    const cursor = store.cursor();
    assert.equal(await cursor.next(), true);
    assert.equal(cursor.keyLength, 1);
    assert.equal(await cursor.next(), false);
    const { options } = store.describe();
    assert.deepEqual([options["servers"], options["role"]], ["named", "leader"]);
    await store.close();
    const keys = await connectEtcd(etcdTarget({ endpoints: server.endpoint }));
    let bytes = 0;
    const all = new ProtoWriter().bytes(1, Uint8Array.of(0)).bytes(2, Uint8Array.of(0)).flag(
      9,
      true,
    );
    await keys.call(METHOD.range, all.view, (answer) => {
      for (let field = answer.next(); field !== 0; field = answer.next()) {
        if (field === 4) bytes = answer.number();
        else answer.skip();
      }
    });
    assert.equal(bytes, 0);
    keys.close();
    await other.close();
  },
);

Deno.test(
  { ignore, timeout: 120_000, name: named("watchRange() sees changes, and a lease's end") },
  async () => {
    await using server = await startServer();
    const client = await soon(() => connectEtcd(etcdTarget({ endpoints: server.endpoint })));
    const seen: string[] = [];
    const all = Promise.withResolvers<void>();
    const watch = await watchRange(client, { from: text("a"), to: text("b") }, (changes) => {
      const decoder = new TextDecoder();
      for (const { kind, key, value } of changes) {
        seen.push(`${kind} ${decoder.decode(key)} ${decoder.decode(value)}`);
      }
      if (seen.length === 3) all.resolve();
    });
    const put = (key: string, lease = 0n) =>
      client.call(
        METHOD.put,
        new ProtoWriter().text(1, key).text(2, "v").number(3, lease).view,
        () => {},
      );
    const lease = await grantLease(client, 600);
    await put("a1");
    await put("c");
    await put("a2", lease);
    await revokeLease(client, lease);
    await all.promise;
    assert.deepEqual(seen, ["put a1 v", "put a2 v", "delete a2 "]);
    watch.ended.catch(() => {});
    watch.cancel();
    client.close();
  },
);

Deno.test(
  { ignore, timeout: 120_000, name: named("open() says who calls, and that it was not believed") },
  async () => {
    await using server = await startServer();
    const client = await soon(() => connectEtcd(etcdTarget({ endpoints: server.endpoint })));
    const auth = (method: string, message: ProtoWriter) =>
      client.call(`/etcdserverpb.Auth/${method}`, message.view, () => {});
    await auth("UserAdd", new ProtoWriter().text(1, "root").text(2, "secret"));
    await auth("UserGrantRole", new ProtoWriter().text(1, "root").text(2, "root"));
    await auth("AuthEnable", new ProtoWriter());
    client.close();
    const asked = await openEtcd("bench", { endpoints: server.endpoint }).catch((error) => error);
    // What etcd tells anybody is enough to open it in some versions; nobody may write.
    const said = asked instanceof StoreError
      ? asked
      : await asked.put(Slice.fromText("a"), Slice.fromText("1")).catch((error: unknown) => error);
    if (!(asked instanceof StoreError)) await asked.close().catch(() => {});
    assert.match(`${said}`, /set TIDEMARK_ETCD_USER and TIDEMARK_ETCD_PASSWORD/);
    using _user = pretendVariable(USER_VARIABLE, "root");
    {
      using _wrong = pretendVariable(PASSWORD_VARIABLE, "guess");
      const error = await refusal(server.endpoint);
      assert.match(error.message, /takes neither the user nor the password/);
      assert.ok(!error.message.includes("guess"));
    }
    using _right = pretendVariable(PASSWORD_VARIABLE, "secret");
    const store = await open(server.endpoint);
    await store.put(Slice.fromText("a"), Slice.fromText("1"));
    assert.ok(!JSON.stringify(store.describe()).includes("secret"));
    await store.close();
  },
);

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("open() refuses members of two clusters, and a role none has"),
  },
  async () => {
    await using one = await startServer();
    await using two = await startServer(["--initial-cluster-token=other"]);
    for (const { endpoint } of [one, two]) await soon(async () => (await open(endpoint)).close());
    const mixed = await refusal(`${one.endpoint}+${two.endpoint}`);
    assert.match(mixed.message, /are of different clusters; name the members of one/);
    assert.equal(mixed.kind, "usage");
    assert.match((await refusal(one.endpoint, { role: "follower" })).message, /has no follower/);
  },
);

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("put() says that the server is full, and that it may be read"),
  },
  async () => {
    await using server = await startServer(["--quota-backend-bytes=1000000"]);
    const store = await soon(() => open(server.endpoint));
    const value = new Slice(100_000);
    const key = new Slice(1);
    const failed = await (async () => {
      for (let i = 0; i < 100; i++) {
        key.bytes[0] = i + 1;
        await store.put(key, value);
      }
    })().catch((error) => error);
    assert.ok(failed instanceof StoreError, `${failed}`);
    assert.match(
      failed.message,
      /^Cannot put in the database bench: etcd has no space left .*NOSPACE/,
    );
    key.bytes[0] = 1;
    assert.equal(await store.get(key, new Slice(1)), value.length);
    await store.close();
  },
);

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("put() goes on with the next leader, and says when there is none"),
  },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "tidemark-etcd-" });
    const store = await openEtcd(`${folder}/database`, { nodes: 3 });
    try {
      const { pids } = store;
      assert.equal(pids.length, 3);
      await store.put(Slice.fromText("a"), Slice.fromText("1"));
      const led = store.client.endpoint;
      Deno.kill(pids[store.indexOf(led)]!, "SIGKILL");
      await store.put(Slice.fromText("a"), Slice.fromText("2"));
      assert.notDeepEqual(store.client.endpoint, led);
      assert.ok(Number(store.property("etcd.retries")) > 0);
      assert.equal(await store.get(Slice.fromText("a"), new Slice(1)), 1);
    } finally {
      await store.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("open() leaves no server behind when it cannot be opened"),
  },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "tidemark-etcd-" });
    try {
      await Deno.mkdir(`${folder}/database/member1/member`, { recursive: true });
      await Deno.writeTextFile(`${folder}/database/member1/member/snap`, "no folder");
      const error = await openEtcd(`${folder}/database`).catch((error) => error);
      assert.ok(error instanceof StoreError, `${error}`);
      assert.match(error.message, /^Cannot open the database .*: etcd ended: /);
      assert.ok(isThere(`${folder}/database/lock`));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test(
  {
    ignore,
    timeout: 120_000,
    name: named("its servers end with the process that opened them, killed or not"),
  },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "tidemark-etcd-" });
    const script = `
      import { openEtcd } from ${JSON.stringify(new URL("./mod.ts", import.meta.url).href)};
      const store = await openEtcd(Deno.args[0], { nodes: 3 });
      console.log(JSON.stringify(store.pids));
      setInterval(() => {}, 1000);
    `;
    await Deno.writeTextFile(`${folder}/open.ts`, script);
    const config = `--config=${new URL("../../../deno.json", import.meta.url).pathname}`;
    const run = ["run", "-A", "--no-check", "--cached-only", config];
    const child = new Deno.Command(Deno.execPath(), {
      args: [...run, `${folder}/open.ts`, `${folder}/database`],
      stdout: "piped",
      stderr: "null",
      stdin: "null",
    }).spawn();
    const reader = child.stdout.getReader();
    try {
      const { value } = await reader.read();
      const pids: number[] = JSON.parse(new TextDecoder().decode(value));
      const alive = () => pids.filter(answers);
      assert.equal(alive().length, 3);
      child.kill("SIGKILL");
      await soon(() => {
        assert.deepEqual(alive(), []);
        return Promise.resolve();
      });
    } finally {
      await reader.cancel();
      await child.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** Whether a process takes a signal. */
function answers(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}
