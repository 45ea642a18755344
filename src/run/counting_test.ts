import assert from "node:assert/strict";
import { inFolder } from "../_testing/folder.ts";
import { readJournal, readResult } from "../result/mod.ts";
import { runsMachineCode, VALGRIND_PLACES } from "../native/mod.ts";
import { isFile } from "../disk/mod.ts";
import { libraryIsThere } from "../store/mod.ts";
import { median } from "../stats/mod.ts";
import { PROFILES } from "../suite/mod.ts";
import { FakeWorld, measuresWell, type Play } from "./_testing/fake_world.ts";
import { TINY_SUITE } from "./_testing/tiny_bench.ts";
import { nullRun } from "./_testing/null_run.ts";
import { bench, resumeBench } from "./bench.ts";
import { COUNTING } from "./counting.ts";
import type { LaneResult } from "./places.ts";
import { runProcess } from "./process.ts";
import type { BenchRequest } from "./request.ts";

const NEVER = new AbortController().signal;

function requestIn(folder: string): BenchRequest {
  return {
    suite: TINY_SUITE,
    filter: "write/20",
    profile: { ...PROFILES.quick!, name: "quick", runs: 2, warmupMs: 100, measureMs: 100 },
    stores: ["level"],
    storeOptions: {},
    other: { storeOptions: { wal: "synced" }, differs: { wal: "synced" } },
    counting: "valgrind-3.0",
    seed: 7,
    directory: `${folder}/out`,
    command: [],
    warnings: [],
    version: "1.2.3",
  };
}

/** Counts as many instructions as it is told, where it is to count. */
const counts = (of: (side: string) => number): Play => (spec, onLine) => {
  if (spec.counts === undefined) return measuresWell(spec, onLine);
  assert.ok(Deno.statSync(spec.counts.prefix.replace(/\/[^/]*$/, "")).isDirectory);
  const instructions = of(spec.database.endsWith("-base") ? "base" : "candidate");
  for (let batch = 0; batch < spec.counts.batches; batch++) {
    onLine({ kind: "sample", iterations: 100, ns: 1000, atNs: batch * 1000, instructions });
  }
  return measuresWell(spec, () => {});
};
const countsOf = ([base, candidate]: LaneResult[]) =>
  [base!, candidate!].map(({ result }) =>
    (result.counts ?? []).map(({ benchmark, run, instructions, operations, error }) => ({
      benchmark,
      run,
      ...(error === undefined ? { instructions, operations } : { error }),
    }))
  );

Deno.test("bench() counts instructions before its runs, both sides by the same keys", () =>
  inFolder(async (folder) => {
    const world = new FakeWorld(counts((side) => side === "base" ? 400 : 500));
    const told: unknown[] = [];
    const counting = (...all: unknown[]) => told.push(all);
    const lanes = await bench(requestIn(folder), { counting }, NEVER, world);
    const count = (run: number, each: number) => ({
      benchmark: "level/write/20",
      run,
      instructions: [each, each, each, each, each],
      operations: 2000,
    });
    assert.deepEqual(countsOf(lanes), [
      [count(0, 400), count(1, 400), count(2, 400)],
      [count(0, 500), count(1, 500), count(2, 500)],
    ]);
    assert.deepEqual(told.slice(0, 2), [
      ["level/write/20", "base", 0, 6],
      ["level/write/20", "candidate", 1, 6],
    ]);
    const kinds = readJournal(`${folder}/out/base/journal.jsonl`).records.map(({ kind }) => kind);
    assert.ok(kinds.lastIndexOf("count") < kinds.indexOf("run-started"));
    const [base, candidate] = world.specs;
    assert.deepEqual(base!.measure!.seed, candidate!.measure!.seed);
    assert.notDeepEqual(world.specs[2]!.measure!.seed, base!.measure!.seed);
    assert.equal(readResult(`${lanes[0]!.directory}/result.json`).counting!.tool, "valgrind-3.0");
    assert.deepEqual(
      [...Deno.readDirSync(`${folder}/out`)].filter(({ name }) => name === "data"),
      [],
    );
  }));

Deno.test("bench() keeps why a count failed, and measures; a resume counts what is missing alone", () =>
  inFolder(async (folder) => {
    const controller = new AbortController();
    let begun = 0;
    const breaks: Play = (spec, onLine) => {
      if (++begun === 2) {
        return { state: "failed", error: `no instruction known in ${spec.database}` };
      }
      if (begun === 4) controller.abort();
      return counts(() => 400)(spec, onLine);
    };
    const first = await bench(requestIn(folder), {}, controller.signal, new FakeWorld(breaks));
    const [base, candidate] = countsOf(first);
    assert.deepEqual(base!.map(({ run }) => run), [0, 1]);
    assert.deepEqual(candidate, [{
      benchmark: "level/write/20",
      run: 0,
      error: "no instruction known in level/write/20",
    }]);
    const world = new FakeWorld(counts(() => 400));
    const directory = `${folder}/out`;
    const lanes = await resumeBench({ directory, command: [], version: "1.2.3" }, {}, NEVER, world);
    assert.equal(world.specs.filter((spec) => spec.counts !== undefined).length, 3);
    assert.deepEqual(countsOf(lanes).map((own) => own.map(({ run }) => run)), [[0, 1, 2], [
      0,
      1,
      2,
    ]]);
    assert.ok(lanes.every(({ result }) => result.complete));
  }));

Deno.test("a bench may run valgrind from where it is looked for", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  const allowed = /--allow-run=(\S+)/.exec(tasks.bench.command)![1]!.split(",");
  assert.deepEqual(allowed.filter((name) => name !== "deno"), [...VALGRIND_PLACES]);
});

/** What a process under callgrind counts in batches of gets, for each get. */
async function countGets(folder: string, process: number): Promise<number[]> {
  const { batches, operations } = COUNTING;
  const counted: number[] = [];
  const outcome = await runProcess(
    {
      ...nullRun({ operation: "get", keys: 1000, valueBytes: 100, elements: 1000 }),
      store: "raw",
      database: `${folder}/db-${process}`,
      counts: { prefix: `${folder}/50%p-${process}`, batches, operations },
    },
    (line) => {
      if (line.kind === "sample") counted.push(line.instructions! / (1000 * line.iterations));
    },
    NEVER,
  );
  assert.equal(outcome.state, "ended", JSON.stringify(outcome));
  return counted;
}

Deno.test({
  name:
    "processes under callgrind count the same in batches of gets, whatever the machine does meanwhile",
  ignore: !runsMachineCode() || !VALGRIND_PLACES.some(isFile) || !libraryIsThere(),
  fn: () =>
    inFolder(async (folder) => {
      const middles: number[] = [];
      for (const process of [0, 1]) {
        const counted = await countGets(folder, process);
        const middle = median(counted);
        const alike = counted.filter((each) => Math.abs(each / middle - 1) < 0.01);
        // In one there may still be something to compile.
        assert.ok(counted.length === 5 && alike.length >= 4, counted.join(", "));
        middles.push(middle);
      }
      const [one, other] = middles as [number, number];
      assert.ok(one > 300 && Math.abs(other / one - 1) < 0.02, middles.join(", "));
    }),
});

Deno.test("a process that is not under valgrind says so instead of counting", async () => {
  const { callgrindWitness } = await import("../native/mod.ts");
  if (!runsMachineCode()) return;
  assert.throws(
    () => callgrindWitness("/nonexistent/prefix"),
    /^Error: Cannot count instructions: this process does not run under valgrind$/,
  );
});
