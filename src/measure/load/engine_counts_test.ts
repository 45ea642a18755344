import assert from "node:assert/strict";
import type { SyncStore } from "../../store/mod.ts";
import { countedBetween, engineCounts } from "./engine_counts.ts";

/** A store that knows these properties. */
function telling(properties: Record<string, string>): SyncStore {
  return { api: "sync", property: (name: string) => properties[name] } as unknown as SyncStore;
}

Deno.test("engineCounts() has what a plug-in tells by the interface's names, in our units", () => {
  const before = engineCounts(telling({ "tidemark.walBytes": "10", "tidemark.stallNs": "5000" }));
  assert.equal(before.walBytes, 10);
  assert.equal(before.stallMicros, 5);
  assert.equal(before.flushedBytes, undefined);
  const after = engineCounts(telling({
    "tidemark.walBytes": "40",
    "tidemark.stallNs": "9000",
    "tidemark.flushBytes": "7",
  }));
  const { walBytes, stallMicros, flushedBytes } = countedBetween(before, after);
  // What was not told before has no difference.
  assert.deepEqual([walBytes, stallMicros, flushedBytes], [30, 4, undefined]);
});
