import assert from "node:assert/strict";
import type { StageRow } from "./night_file.ts";
import { allDone, runStages, type Stage } from "./stages.ts";

/** A stage that does what its name says. */
function stage(name: string, needs: string[] = []): Stage {
  return {
    name,
    needs,
    run() {
      if (name.startsWith("fails")) throw new Error("no room");
      return { message: `${name} ran`, partly: name.startsWith("partly") };
    },
  };
}

async function rowsOf(stages: Stage[], signal = new AbortController().signal) {
  let now = 0;
  return await runStages(stages, {
    signal,
    tell: (error) => (error as Error).message,
    now: () => now += 500,
  });
}

const words = (rows: StageRow[]) =>
  rows.map(({ name, state, message }) => `${name}: ${state}, ${message}`);

Deno.test("runStages() runs in order, and says what each did and how long it took", async () => {
  const rows = await rowsOf([stage("bench"), stage("history", ["bench"]), stage("site")]);
  assert.deepEqual(words(rows), [
    "bench: done, bench ran",
    "history: done, history ran",
    "site: done, site ran",
  ]);
  assert.deepEqual(rows.map(({ seconds }) => seconds), [0.5, 0.5, 0.5]);
  assert.ok(allDone(rows));
});

Deno.test("runStages() goes on after a failed stage with those that do not need it", async () => {
  const rows = await rowsOf([
    stage("partly bench"),
    stage("fails: history", ["partly bench"]),
    stage("judge", ["fails: history"]),
    stage("site", ["judge"]),
    stage("publish"),
  ]);
  assert.deepEqual(words(rows), [
    "partly bench: partly, partly bench ran",
    "fails: history: failed, no room",
    "judge: skipped, it needs what fails: history did not give",
    "site: skipped, it needs what judge did not give",
    "publish: done, publish ran",
  ]);
  assert.equal(allDone(rows), false);
});

Deno.test("runStages() begins no stage after an interruption", async () => {
  const controller = new AbortController();
  const interrupted: Stage = {
    name: "bench",
    needs: [],
    run() {
      controller.abort();
      return { message: "ended early", partly: true };
    },
  };
  const rows = await rowsOf([interrupted, stage("history")], controller.signal);
  assert.deepEqual(words(rows), [
    "bench: partly, ended early",
    "history: skipped, the night was interrupted",
  ]);
});
