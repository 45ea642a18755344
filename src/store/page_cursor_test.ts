import assert from "node:assert/strict";
import { PageCursor } from "./page_cursor.ts";

/** A walk over so many entries of 10 bytes, and what was asked for. */
function walk(entries: number, most?: number): { cursor: PageCursor; limits: number[] } {
  const limits: number[] = [];
  let given = 0;
  const cursor = new PageCursor({
    isEmpty: false,
    prefix: 0,
    most,
    fetch(limit) {
      limits.push(limit);
      const length = Math.min(limit, entries - given);
      given += length;
      const entry = { key: new Uint8Array(4), value: new Uint8Array(6) };
      return Promise.resolve({
        entries: new Array(length).fill(entry),
        more: given < entries,
      });
    },
    onClose() {},
  });
  return { cursor, limits };
}

async function read(cursor: PageCursor, most: number): Promise<number> {
  let count = 0;
  while (count < most && await cursor.next()) count++;
  return count;
}

Deno.test("PageCursor asks for no more entries than are meant to be read", async () => {
  for (const [most, asked] of [[1, [1]], [100, [100]], [1000, [128, 872]]] as const) {
    const { cursor, limits } = walk(20_000, most);
    assert.equal(await read(cursor, most), most);
    assert.deepEqual(limits, asked);
  }
});

Deno.test("PageCursor goes on beyond what was meant, to the end", async () => {
  const { cursor, limits } = walk(20_000, 10);
  assert.equal(await read(cursor, Infinity), 20_000);
  assert.deepEqual(limits.slice(0, 2), [10, 10_000]);
});

Deno.test("PageCursor asks for large pages where nobody says how much is meant", async () => {
  const { cursor, limits } = walk(20_000);
  assert.equal(await read(cursor, 200), 200);
  assert.deepEqual(limits, [128, 10_000]);
});
