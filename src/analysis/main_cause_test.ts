import assert from "node:assert/strict";
import type { SlowCause } from "../result/mod.ts";
import { mainCause } from "./main_cause.ts";
import type { SlowAnalysis } from "./model.ts";

/** Causes with their shares, which went on for so much of the time. */
function causes(
  ...all: [cause: SlowCause, share: number, anyway: number | null][]
): SlowAnalysis["causes"] {
  return all.map(([cause, share, anyway]) => ({
    ...{ cause, share, anyway },
    ...{ operations: 0, held: null, odds: null },
  }));
}

const uncounted = () => null;

Deno.test("mainCause() takes what overlaps for what is beyond chance, and the rest as it is", () => {
  const all = causes(["compaction", 0.7, 0.6], ["fsync", 0.2, null], ["unknown", 0.1, null]);
  const main = mainCause(all, uncounted)!;
  assert.equal(main.cause, "compaction");
  assert.ok(Math.abs(main.beyond - 0.25) < 1e-12, `${main.beyond}`);
  assert.equal(main.chance, 0.6);
  // A compaction that goes on all the more explains less than the sync.
  assert.deepEqual(
    mainCause(causes(["compaction", 0.7, 0.69], ["fsync", 0.3, null]), uncounted),
    { cause: "fsync", share: 0.3, chance: null, beyond: 0.3 },
  );
});

Deno.test("mainCause() takes what is measured of an operation itself as it is, however often it goes on", () => {
  // Some client's thread waited for a processor nearly always; these operations did for most of their time.
  const waited = causes(["runQueue", 0.87, 0.97], ["unknown", 0.13, null]);
  assert.deepEqual(
    mainCause(waited, () => 0.97),
    { cause: "runQueue", share: 0.87, chance: null, beyond: 0.87 },
  );
});

Deno.test("mainCause() takes a collection for what merely overlaps where a thread has several operations", () => {
  const all = causes(["collection", 0.7, 0.6], ["fsync", 0.3, null]);
  assert.equal(mainCause(all, uncounted)!.cause, "collection");
  assert.equal(mainCause(all, uncounted)!.chance, null);
  // It was beside 60 % of all: a quarter of the slow ones is beyond that.
  assert.equal(mainCause(all, uncounted, true)!.cause, "fsync");
  const alone = mainCause(causes(["collection", 0.7, 0.6]), uncounted, true)!;
  assert.equal(alone.chance, 0.6);
  assert.ok(Math.abs(alone.beyond - 0.25) < 1e-12);
});

Deno.test("mainCause() holds a cause against the other operations where they are counted, not the time", () => {
  // Stops take most of the time, and hardly any operation ends meanwhile.
  const all = causes(["stall", 0.9, 0.95], ["unknown", 0.1, null]);
  assert.equal(mainCause(all, uncounted)!.cause, "unknown");
  assert.equal(mainCause(all, () => 0.05)!.cause, "stall");
});

Deno.test("mainCause() names none where nothing is beyond chance, and what is not known where it is most", () => {
  assert.equal(mainCause(causes(["flush", 0.2, 0.2], ["compaction", 0.8, 1]), uncounted), null);
  // Of what nobody knows how often it goes on, nothing is beyond chance.
  assert.equal(mainCause(causes(["flush", 1, null]), uncounted), null);
  assert.equal(mainCause([], uncounted), null);
  const most = causes(["flush", 0.3, 0.1], ["unknown", 0.7, null]);
  assert.equal(mainCause(most, uncounted)!.cause, "unknown");
});
