import assert from "node:assert/strict";
import { BisectJournal, type BisectLine, type BisectPlan } from "./journal.ts";

const PLAN: BisectPlan = {
  kind: "plan",
  schema: "tidemark.bisect",
  version: 1,
  commits: ["a", "b", "c"],
  command: "make",
  plugin: null,
  suite: "baseline",
  benchmark: "write_throughput/10000",
  error: 0.05,
  seed: 1,
};

Deno.test("BisectJournal goes on after the last whole line, for the same call alone", () => {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-journal-" });
  const path = `${folder}/bisect.jsonl`;
  const logs = [0.1, 0.2];
  const measured: BisectLine = { kind: "measured", base: 0, candidate: 2, logs, why: "x" };
  const skipped: BisectLine = { kind: "skipped", commit: 1, reason: "the command ended with 2" };
  try {
    {
      using journal = BisectJournal.begin(folder, PLAN);
      journal.add(measured);
      assert.throws(() => BisectJournal.resume(folder, PLAN), /another process is at it/);
    }
    Deno.writeTextFileSync(path, '{"kind":"skip', { append: true });
    {
      // The seed is drawn anew in each call, and decides nothing that was measured.
      using journal = BisectJournal.resume(folder, { ...PLAN, seed: 2 });
      assert.deepEqual(journal.lines, [measured]);
      journal.add(skipped);
    }
    using journal = BisectJournal.resume(folder, PLAN);
    assert.deepEqual(journal.lines, [measured, skipped]);
    assert.throws(
      () => BisectJournal.resume(folder, { ...PLAN, command: "make all" }),
      /it was begun with another --run; give the same call again/,
    );
    assert.throws(() => BisectJournal.begin(folder, PLAN), /Cannot write .*bisect\.jsonl/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("BisectJournal says in which line a journal is damaged", () => {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-journal-" });
  try {
    for (
      const line of [
        "nothing",
        '{"kind":"skipped","commit":3,"reason":"beyond the last"}',
        '{"kind":"measured","base":2,"candidate":1,"logs":[0],"why":"backwards"}',
        '{"kind":"measured","base":0,"candidate":1,"logs":[],"why":"empty"}',
      ]
    ) {
      Deno.writeTextFileSync(`${folder}/bisect.jsonl`, `${JSON.stringify(PLAN)}\n${line}\n`);
      assert.throws(() => BisectJournal.resume(folder, PLAN), /line 2 is damaged/, line);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
