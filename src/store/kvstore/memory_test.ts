/**
 * Memory under overwrites: a thousand keys, compacted every 100,000 writes. The ordinary test looks
 * at the index; with `TIDEMARK_LONG=1` ten million writes (`TIDEMARK_LONG_WRITES`) go through a
 * database, and the process's resident memory must not grow.
 */
import assert from "node:assert/strict";
import { run } from "../../_testing/child.ts";
import { libraryIsThere } from "../raw/mod.ts";
import { KeptRevisions } from "./kept_revisions.ts";
import { KeyIndex } from "./key_index.ts";

const LONG = Deno.env.get("TIDEMARK_LONG") === "1";
const WRITES = Number(Deno.env.get("TIDEMARK_LONG_WRITES") ?? 10_000_000);
const KEYS = 1000;
const BETWEEN = 100_000;

Deno.test("KeyIndex takes no more memory after ten rounds of overwrites than after one", {
  timeout: 300_000,
}, () => {
  const index = new KeyIndex();
  const keys = Array.from({ length: KEYS }, (_, i) => new TextEncoder().encode(`key${i}`));
  let main = 1;
  const round = () => {
    for (let i = 0; i < BETWEEN; i++) {
      const key = keys[i % KEYS]!;
      main++;
      index.put(index.find(key, key.length), key, key.length, main, 0, 2, main, 0);
    }
    const peak = index.memoryBytes;
    index.compact(main, new KeptRevisions());
    return { peak, after: index.memoryBytes };
  };
  const first = round();
  let last = first;
  for (let i = 1; i < 10; i++) last = round();
  assert.ok(last.peak <= first.peak * 1.01, `${first.peak} → ${last.peak}`);
  assert.ok(last.after <= first.after, `${first.after} → ${last.after}`);
});

Deno.test({
  name: `KvStoreSync takes no more memory after ${WRITES} overwrites than after half of them`,
  ignore: !LONG || !libraryIsThere(),
  timeout: 2 * 3600_000,
  fn: async () => {
    const path = await Deno.makeTempDir();
    const writer = new URL("./_testing/memory_writer.ts", import.meta.url).pathname;
    // V8 lets its young generation grow for minutes, which is not what is asked here.
    const deno = ["run", "--quiet", "--allow-all", "--v8-flags=--max-semi-space-size=8"];
    const { out, code, err } = await run(
      Deno.execPath(),
      [...deno, writer, path, String(WRITES)],
      { seconds: 2 * 3600 },
    );
    await Deno.remove(path, { recursive: true });
    assert.equal(code, 0, err);
    const resident = out.trim().split("\n").map(Number);
    // The runtime's heap and the allocator find their size in the first few million writes.
    const tenth = Math.ceil(resident.length / 10);
    const early = Math.max(...resident.slice(4 * tenth, 5 * tenth));
    const late = Math.max(...resident.slice(-tenth));
    console.log(`resident: ${Math.round(early / 2 ** 20)} → ${Math.round(late / 2 ** 20)} MiB`);
    assert.ok(late < early * 1.1, `${early} → ${late} bytes`);
  },
});
