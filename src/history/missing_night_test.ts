import assert from "node:assert/strict";
import { missingNight, openHistory } from "./mod.ts";
import { nightAt, sampleNight } from "./_testing/sample_night.ts";

const NOW = "2036-01-01T00:00:00.000Z";
const FILES = [{ name: "result.json", content: { text: "{}\n" } }];

/** The second night, on which nothing could be measured. */
const MISSING = missingNight({
  night: nightAt(1),
  node: "node01",
  result: "2026-01-02T023000Z-baseline",
  startedAt: `${nightAt(1)}T02:30:00.000Z`,
  suite: "baseline",
  profile: "nightly",
  reason: "unreachable: the connection is refused",
});

function withHistory(test: (history: ReturnType<typeof openHistory>, directory: string) => void) {
  return () => {
    const directory = Deno.makeTempDirSync({ prefix: "tidemark-history-" });
    try {
      using history = openHistory(directory, { create: true, now: () => NOW });
      test(history, directory);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  };
}

Deno.test(
  "a night without a result is kept with the reason, and adding it again adds nothing",
  withHistory((history, directory) => {
    history.add(sampleNight({ night: nightAt(0) }), FILES);
    const { line } = history.add(MISSING, []);
    assert.equal(line.missing, "unreachable: the connection is refused");
    assert.equal(history.add(MISSING, []).state, "known");
    assert.deepEqual(history.nights(), [nightAt(0), nightAt(1)]);
    const [first, second] = history.series()[0]!.points;
    assert.equal(first!.reason, null);
    assert.deepEqual([second!.value, second!.reason], [null, MISSING.missing]);
    // There is no folder for it, which would have to be thinned in place of a result.
    assert.deepEqual([...Deno.readDirSync(`${directory}/nights`)].length, 1);
    assert.equal(history.thin({ nights: 0, weeks: 0 }).kept, 1);
    history.rebuild();
    assert.equal(history.series()[0]!.points[1]!.reason, MISSING.missing);
  }),
);

Deno.test(
  "a result of the same night counts, whichever came first",
  withHistory((history) => {
    history.add(sampleNight({ night: nightAt(0), benchmarks: ["raw/a", "raw/b"] }), FILES);
    // It was begun before the attempt that gave nothing.
    history.add(sampleNight({ night: nightAt(1), benchmarks: ["raw/a"] }), FILES);
    history.add(MISSING, []);
    const [a, , b] = history.series();
    assert.equal(a!.points[1]!.value, 100);
    assert.equal(b!.benchmark, "raw/b");
    assert.equal(b!.points[1]!.reason, "the night's result does not have it");
    assert.equal(history.record(nightAt(1), "node01")?.missing, undefined);
  }),
);

Deno.test(
  "a node that has never given a result is one of the nodes, and has no series",
  withHistory((history) => {
    history.add(MISSING, []);
    assert.deepEqual(history.nodes(), ["node01"]);
    assert.deepEqual(history.series(), []);
    assert.equal(history.record(nightAt(1), "node01")?.missing, MISSING.missing);
  }),
);
