import assert from "node:assert/strict";
import type { NightNote } from "../../result/mod.ts";
import { Random } from "../../stats/mod.ts";
import { judgeHistory } from "./judge.ts";
import { madeUpSeries, nightAt } from "./_testing/made_up.ts";

/** Sixty nights whose level goes up at some of them. */
function series(levelAt: (t: number) => number) {
  const random = new Random(5);
  return madeUpSeries(
    Array.from({ length: 60 }, (_, t) => 1000 * levelAt(t) * (1 + 0.01 * random.normal())),
  );
}

function note(parts: Partial<NightNote>): NightNote {
  return {
    schema: "tidemark.night-note",
    version: 1,
    night: nightAt(50),
    node: "node01",
    benchmark: "raw/read_latency/single_read",
    metric: "mean",
    text: "checksums are on",
    addedAt: "2026-01-01T00:00:00.000Z",
    ...parts,
  };
}

const ACCEPTS = { direction: "regressed", change: 0.1, ofRatio: false } as const;

const judged = (levelAt: (t: number) => number, ...notes: NightNote[]) =>
  judgeHistory([series(levelAt)], { notes }).series[0]!;

Deno.test("an accepted shift is no news, and stands among the shifts with what was said", () => {
  const shifted = (t: number) => t >= 50 ? 1.1 : 1;
  assert.equal(judged(shifted).verdict, "regressed");
  const { verdict, news, shifts } = judged(shifted, note({ accepts: ACCEPTS }));
  assert.deepEqual([verdict, news], ["too few nights", null]);
  assert.deepEqual(shifts.map(({ accepted }) => accepted), ["checksums are on"]);
});

Deno.test("what accepts another shift accepts not this one", () => {
  const shifted = (t: number) => t >= 50 ? 1.1 : 1;
  for (
    const other of [
      note({ accepts: ACCEPTS, node: "node02" }),
      note({ accepts: ACCEPTS, metric: "p99" }),
      note({ accepts: ACCEPTS, night: nightAt(40) }),
      note({ accepts: { ...ACCEPTS, direction: "improved" } }),
      note({ accepts: { ...ACCEPTS, change: 0.03 } }),
      note({ accepts: { ...ACCEPTS, ofRatio: true } }),
      note({}),
    ]
  ) {
    assert.equal(judged(shifted, other).verdict, "regressed", JSON.stringify(other));
  }
});

Deno.test("a shift after an accepted one is news, by itself", () => {
  const twice = (t: number) => t >= 55 ? 1.3 : t >= 46 ? 1.1 : 1;
  const { news, verdict } = judged(twice, note({ accepts: ACCEPTS, night: nightAt(46) }));
  assert.equal(verdict, "regressed");
  assert.equal(news!.night, nightAt(55));
  assert.ok(Math.abs(news!.change - 0.18) < 0.03, String(news!.change));
});

Deno.test("notes of a series are told with it: of every node, of its own, and of no other", () => {
  const { notes } = judged(
    () => 1,
    note({ night: nightAt(3), text: "b", node: null, benchmark: null, metric: null }),
    note({ night: nightAt(1), text: "a" }),
    note({ night: nightAt(2), text: "c", benchmark: "raw/scan" }),
  );
  assert.deepEqual(notes, [{ night: nightAt(1), text: "a" }, { night: nightAt(3), text: "b" }]);
});
