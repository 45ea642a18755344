import assert from "node:assert/strict";
import { Slice } from "../../slice.ts";
import { openNullEtcd } from "./open.ts";

const slice = (text: string) => Slice.from(new TextEncoder().encode(text));

Deno.test("the server that does nothing takes writes and gives the last value for any key", {
  timeout: 60_000,
}, async () => {
  const store = await openNullEtcd("null");
  const into = new Slice(100_000);
  await store.put(slice("a"), slice("first"));
  assert.equal(await store.get(slice("b"), into), 5);
  const large = new Uint8Array(70_000).fill(7);
  const batch = store.batch();
  batch.put(slice("c"), Slice.from(large));
  await store.write(batch);
  assert.equal(await store.get(slice("c"), into), 70_000);
  assert.ok(into.view().every((byte) => byte === 7));
  await store.put(slice("a"), slice("x"));
  const cursor = store.cursor();
  for (let i = 0; i < 500; i++) assert.ok(await cursor.next());
  await cursor.close();
  await Promise.all(Array.from({ length: 200 }, () => store.get(slice("a"), new Slice(1))));
  await store.flush();
  await store.close();
});
