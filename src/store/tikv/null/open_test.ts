import assert from "node:assert/strict";
import { Slice } from "../../slice.ts";
import { openNullTikv } from "./open.ts";

const slice = (text: string) => Slice.from(new TextEncoder().encode(text));

Deno.test("the server that does nothing speaks as PD and as TiKV, by commands that go together", {
  timeout: 60_000,
}, async () => {
  const store = await openNullTikv("null");
  const into = new Slice(100_000);
  assert.equal(await store.get(slice("a"), into), 0);
  await store.put(slice("a"), slice("first"));
  assert.equal(await store.get(slice("b"), into), 5);
  // Longer than a frame of HTTP/2, so that a message of the stream comes in several.
  const large = new Uint8Array(70_000).fill(7);
  const batch = store.batch();
  batch.put(slice("c"), Slice.from(large));
  batch.delete(slice("d"));
  await store.write(batch);
  assert.equal(await store.get(slice("c"), into), 70_000);
  assert.ok(into.view().every((byte) => byte === 7));
  await store.put(slice("a"), slice("x"));
  await store.delete(slice("a"));
  for (const reverse of [false, true]) {
    const cursor = store.cursor({ reverse });
    for (let i = 0; i < 500; i++) assert.ok(await cursor.next());
    await cursor.close();
  }
  const lookups = store.property("tikv.lookups");
  await Promise.all(Array.from({ length: 200 }, () => store.get(slice("a"), new Slice(1))));
  // One region, one server, nothing to look up again.
  assert.equal(store.property("tikv.lookups"), lookups);
  assert.equal(store.property("tikv.retries"), "0");
  await store.flush();
  await store.close();
});
