import assert from "node:assert/strict";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { Slice } from "../slice.ts";
import { type DoubleOptions, startDouble, type TikvDouble } from "./_testing/double.ts";
import { keyPrefix } from "./keys.ts";
import { openTikv, type TikvStore } from "./store.ts";

const KEEP = "t/";
const bytes = (text: string) => new TextEncoder().encode(text);

/** A key of the store as the servers have it. */
function whole(key: string, api: 1 | 2 = 1): Uint8Array {
  return Uint8Array.from([...keyPrefix(api, 0), ...bytes(KEEP + key)]);
}

/** A store over a double, both of which end with the test. */
async function withDouble(
  body: (store: TikvStore, double: TikvDouble) => Promise<void>,
  { double: start, ...options }: StoreOptions & { double?: DoubleOptions } = {},
): Promise<void> {
  await using double = await startDouble({ ...start, api: options.api ?? 1 });
  const store = await openTikv("bench", { pd: double.pd, deadlineMs: 5000, ...options }, KEEP);
  try {
    await body(store, double);
  } finally {
    await store.close();
  }
}

const put = (store: TikvStore, key: string, value: string) =>
  store.put(Slice.fromText(key), Slice.fromText(value));

async function get(store: TikvStore, key: string): Promise<string | undefined> {
  const into = new Slice(100);
  return await store.get(Slice.fromText(key), into) < 0
    ? undefined
    : new TextDecoder().decode(into.view());
}

async function keysOf(store: TikvStore, reverse = false): Promise<string[]> {
  const cursor = store.cursor({ reverse });
  const keys: string[] = [];
  const key = new Slice(100);
  while (await cursor.next()) {
    cursor.readKey(key);
    keys.push(new TextDecoder().decode(key.view()));
  }
  await cursor.close();
  return keys;
}

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

/** What the store counts of itself. */
const counted = (store: TikvStore, name: "retries" | "lookups") =>
  Number(store.property(`tikv.${name}`));

for (const api of [1, 2] as const) {
  const splits = ["d", "h", "p"].map((key) => whole(key, api));

  Deno.test(`operations of API ${api} find the regions, and walks go through all`, async () => {
    await withDouble(async (store, double) => {
      for (const letter of LETTERS) await put(store, letter, letter.toUpperCase());
      for (const letter of LETTERS) assert.equal(await get(store, letter), letter.toUpperCase());
      assert.deepEqual(await keysOf(store), LETTERS);
      assert.deepEqual(await keysOf(store, true), LETTERS.toReversed());
      const batch = store.batch();
      for (const letter of LETTERS) {
        if (letter < "k") batch.delete(Slice.fromText(letter));
        else batch.put(Slice.fromText(letter), Slice.fromText("new"));
      }
      await store.write(batch);
      assert.deepEqual(await keysOf(store), LETTERS.slice(10));
      assert.equal(await get(store, "k"), "new");
      assert.equal(await get(store, "a"), undefined);
      // One question was enough, and nothing was asked twice.
      assert.deepEqual([counted(store, "lookups"), counted(store, "retries")], [1, 0]);
      assert.equal(double.counts["KeyNotInRegion"], undefined);
    }, { api, double: { splits } });
  });

  Deno.test(`operations of API ${api} go on through splits and moves, and are counted`, async () => {
    await withDouble(async (store, double) => {
      for (const letter of LETTERS) await put(store, letter, "1");
      double.split(whole("g", api));
      double.split(whole("t", api));
      assert.deepEqual(await keysOf(store), LETTERS);
      assert.ok(double.counts["EpochNotMatch"]! > 0);
      double.moveLeader(whole("a", api), 2);
      assert.equal(await get(store, "a"), "1");
      assert.equal(double.counts["NotLeader"], 1);
      double.moveLeader(whole("z", api), 1, false);
      assert.equal(await get(store, "z"), "1");
      assert.ok(double.counts["NotLeader without a hint"]! > 0);
      assert.equal(
        counted(store, "retries"),
        double.counts["EpochNotMatch"]! + double.counts["NotLeader"]! +
          double.counts["NotLeader without a hint"]!,
      );
      double.split(whole("c", api));
      const batch = store.batch();
      for (const letter of LETTERS) batch.put(Slice.fromText(letter), Slice.fromText("2"));
      await store.write(batch);
      for (const letter of LETTERS) assert.equal(await get(store, letter), "2");
      assert.deepEqual(await keysOf(store, true), LETTERS.toReversed());
    }, { api, double: { splits } });
  });
}

Deno.test("operations that begin together go together, as many as may, and each gets its own answer", async () => {
  await withDouble(async (store, double) => {
    await put(store, "first", "1");
    const keys = Array.from({ length: 300 }, (_, i) => `key${i}`);
    const before = double.counts["BatchCommands"]!;
    await Promise.all(keys.map((key, i) => i % 3 === 0 ? undefined : put(store, key, `value${i}`)));
    // 200 of them, at most 128 in a message.
    assert.equal(double.counts["BatchCommands"]! - before, 2);
    const values = await Promise.all(keys.map((key) => get(store, key)));
    assert.deepEqual(values, keys.map((_, i) => i % 3 === 0 ? undefined : `value${i}`));
    double.split(whole("key2"));
    double.moveLeader(whole("key1"), 3);
    const again = await Promise.all(keys.map((key) => get(store, key)));
    assert.deepEqual(again, values);
    assert.ok(counted(store, "retries") > 100);
  });
});

Deno.test("operations go one by one where servers take no commands together", async () => {
  await withDouble(async (store, double) => {
    await Promise.all(LETTERS.map((letter) => put(store, letter, letter)));
    assert.deepEqual(await keysOf(store), LETTERS);
    assert.equal(double.counts["BatchCommands"], undefined);
    assert.equal(double.counts["RawPut"], LETTERS.length);
    assert.equal(counted(store, "retries"), 0);
  }, { double: { batches: false } });
});

Deno.test("operations that are in flight as their server dies are done by the next leader", async () => {
  await withDouble(async (store, double) => {
    await put(store, "a", "1");
    double.slow(1, 200);
    const puts = LETTERS.map((letter) => put(store, letter, `${letter}2`));
    setTimeout(() => void double.kill(1), 50);
    await Promise.all(puts);
    for (const letter of LETTERS) assert.equal(await get(store, letter), `${letter}2`);
    assert.ok(counted(store, "retries") >= LETTERS.length);
  });
});

Deno.test("operations wait for a busy server as long as it asks, and count it", async () => {
  await withDouble(async (store, double) => {
    await put(store, "a", "1");
    double.busy(1, 2, 60);
    const startedAt = performance.now();
    assert.equal(await get(store, "a"), "1");
    assert.ok(performance.now() - startedAt >= 120);
    assert.equal(counted(store, "retries"), 2);
    double.busy(1, 1, 6000);
    const refused = await get(store, "a").catch((error) => error);
    assert.ok(refused instanceof StoreError, `${refused}`);
    assert.equal(
      refused.message,
      "Cannot get from the database bench: the server is busy (the double was told to be), and it " +
        "has 5 s in all",
    );
  });
});

Deno.test("operations go on with the next leader when a server dies", async () => {
  await withDouble(async (store, double) => {
    await put(store, "a", "1");
    await double.kill(1);
    assert.equal(await get(store, "a"), "1");
    await put(store, "b", "2");
    assert.ok(counted(store, "retries") > 0);
    await double.revive(1);
    double.moveLeader(whole("a"), 1);
    assert.deepEqual(await keysOf(store), ["a", "b"]);
  });
});

Deno.test("operations go on when another member of PD leads", async () => {
  await withDouble(async (store, double) => {
    await put(store, "a", "1");
    double.leadPd(0);
    double.moveLeader(whole("a"), 2, false);
    assert.equal(await get(store, "a"), "1");
    double.leadPd(-1);
    double.moveLeader(whole("a"), 3, false);
    setTimeout(() => double.leadPd(1), 50);
    assert.equal(await get(store, "a"), "1");
  });
});

Deno.test("operations end at their deadline, and others go on", async () => {
  await withDouble(async (store, double) => {
    await put(store, "a", "1");
    double.slow(1, 600);
    const late = await get(store, "a").catch((error) => error);
    assert.ok(late instanceof StoreError, `${late}`);
    assert.match(
      late.message,
      /^Cannot get from the database bench: .*did not answer within 0.3 s/,
    );
    double.slow(1, 0);
    assert.equal(await get(store, "a"), "1");
  }, { deadlineMs: 300 });
});

Deno.test("describe() says that it is a double, and nothing is left behind", async () => {
  await using double = await startDouble({ stores: 1, members: 1 });
  const store = await openTikv("bench", { pd: double.pd });
  await put(store, "a", "1");
  const { engine, version, durability, network, options } = store.describe();
  assert.deepEqual({ engine, version, durability, network, double: options["double"] }, {
    engine: "a double of TiKV",
    version: "0.0.0-double",
    durability: "none",
    network: true,
    double: true,
  });
  assert.equal(double.size, 1);
  const other = await openTikv("bench", { pd: double.pd });
  assert.equal(await get(other, "a"), undefined);
  await other.close();
  assert.equal(double.size, 1);
  await store.close();
  assert.equal(double.size, 0);
});

/** The error that opening ends with. */
async function refusal(pd: string, options: StoreOptions = {}): Promise<StoreError> {
  const error = await openTikv("bench", { pd, deadlineMs: 1000, ...options })
    .then((store) => store.close(), (error) => error);
  assert.ok(error instanceof StoreError, `${error}`);
  assert.ok(!error.message.includes("\n"));
  return error;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

Deno.test("open() says in one line why a cluster cannot be used", async () => {
  const nobody = await refusal(`127.0.0.1:${freePort()}`);
  assert.match(
    nobody.message,
    /^Cannot open the database bench: nothing listens at 127.0.0.1:\d+; start PD there, or /,
  );
  await using web = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("no PD", { status: 404 }),
  );
  const { port } = web.addr;
  const http = await refusal(`127.0.0.1:${port}`);
  assert.match(http.message, /is no PD|no gRPC server|speaks no HTTP\/2|without a word/);
  const plain = await refusal(`https://127.0.0.1:${port}`);
  assert.match(plain.message, /speaks no TLS; leave caFile out/);
  const file = await refusal(`127.0.0.1:${port}`, { caFile: "/no/such/ca.pem" });
  assert.equal(file.kind, "usage");
  assert.match(file.message, /its file \/no\/such\/ca.pem cannot be read/);
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const at = `127.0.0.1:${(silent.addr as Deno.NetAddr).port}`;
  assert.match((await refusal(at, { deadlineMs: 300 })).message, /within 0.3 s/);
  silent.close();
  await using double = await startDouble({ stores: 1, members: 2 });
  double.leadPd(-1);
  assert.match((await refusal(double.pd)).message, /PD has no leader: too few of its members run/);
  double.leadPd(1);
  const [, second] = double.pd.split("+");
  // Any member is enough, and one that does not answer is passed over.
  await (await openTikv("bench", { pd: `127.0.0.1:${freePort()}+${second}` })).close();
  const none = await refusal(double.pd, { api: 2, keyspace: "nobody" });
  assert.equal(none.kind, "usage");
  assert.match(none.message, /it has no keyspace "nobody" \(keyspace nobody does not exist\)/);
  const api = await openTikv("bench", { pd: double.pd, api: 2 }, KEEP);
  const wrong = await put(api, "a", "1").catch((error) => error);
  assert.match(
    `${wrong}`,
    /Cannot put in the database bench: Api version in request does not match/,
  );
  await api.close();
});

Deno.test("open() says that servers are none of TiKV", async () => {
  await using double = await startDouble({ stores: 0, members: 1 });
  assert.match((await refusal(double.pd)).message, /PD knows no server of TiKV; start one/);
});

Deno.test("a keyspace is found by its name, and keys of others are not seen", async () => {
  await using double = await startDouble({ api: 2 });
  const options = { pd: double.pd, api: 2 } as const;
  const named = await openTikv("bench", { ...options, keyspace: "double" }, KEEP);
  const numbered = await openTikv("bench", { ...options, keyspace: "7" }, KEEP);
  const other = await openTikv("bench", options, KEEP);
  await put(named, "a", "1");
  assert.equal(await get(numbered, "a"), "1");
  assert.equal(await get(other, "a"), undefined);
  for (const store of [named, numbered, other]) await store.close();
});
