import assert from "node:assert/strict";
import type { BenchmarkRecord, ProfileRecord } from "../result/mod.ts";
import type { ShapeName } from "../workload/mod.ts";
import type { RunOutcome } from "./process.ts";
import type { RunSpec } from "./spec.ts";
import { beginsWith, treeRuns, Trees } from "./trees.ts";

/** A load of a store, which begins with so many keys. */
function load(id: string, keys = 1000, shape: ShapeName = "settled"): BenchmarkRecord {
  const [store, name] = id.split("/") as [string, string];
  const spec = {
    keys,
    filled: true,
    keyForm: "numbered",
    valueSize: { kind: "fixed", size: 100 },
    compressibility: 0.5,
    groups: [{ mix: { [name]: 1 } }],
  };
  return { id, store, name, workload: { shape, load: spec } } as unknown as BenchmarkRecord;
}

const profile = { runs: 1 } as ProfileRecord;
const ENDED = { state: "ended" } as RunOutcome;
const FAILED = { state: "failed", error: "Cannot load" } as const;

const specOf = (database: string, { workload }: BenchmarkRecord) =>
  ({
    store: "raw",
    database,
    options: {},
    load: { load: workload.load, shape: workload.shape, seed: 5 },
  }) as unknown as RunSpec;

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-trees-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("treeRuns() counts the runs that begin with the same, whatever they do then", () => {
  const benchmarks = [load("raw/get"), load("raw/update"), load("raw/other", 2000)];
  assert.deepEqual([...treeRuns({ benchmarks, profile }).values()], [2, 1]);
  assert.deepEqual([...treeRuns({ benchmarks, profile: { ...profile, runs: 5 } }).values()], [
    10,
    5,
  ]);
});

Deno.test("beginsWith() takes a checkpoint where there is one, and says why there is none", () => {
  assert.equal(beginsWith(load("raw/get"), 2), "checkpoint");
  assert.equal(beginsWith(load("raw/get", 9, "indebted"), 2), "checkpoint");
  assert.equal(beginsWith(load("raw/get"), 1), "own");
  assert.equal(beginsWith(load("raw/get", 9, "ingested"), 2), "inMemory");
  assert.equal(beginsWith(load("plugin/get"), 2), "noCheckpoint");
  assert.equal(beginsWith(load("null/get"), 2), "own");
});

Deno.test("Trees loads once what several runs begin with, and links it for each", () =>
  inFolder(async (folder) => {
    const benchmarks = [load("raw/get"), load("raw/update")];
    const trees = new Trees([{ benchmarks, profile }], (name) => `${folder}/tree-${name}`);
    const loads: RunSpec[] = [];
    const loading = (spec: RunSpec) => {
      loads.push(spec);
      Deno.mkdirSync(spec.keep!);
      Deno.mkdirSync(spec.database);
      Deno.writeTextFileSync(`${spec.keep}/000007.sst`, "entries");
      Deno.writeTextFileSync(`${spec.keep}/MANIFEST-000005`, "manifest");
      return Promise.resolve(ENDED);
    };
    for (const [run, benchmark] of benchmarks.entries()) {
      const database = `${folder}/run-${run}`;
      const ready = await trees.prepare(benchmark, specOf(database, benchmark), 1, loading);
      assert.equal((ready as RunSpec).load!.begins, "checkpoint");
      assert.equal((ready as RunSpec).load!.seed, 5, "what a run draws is its own");
      // What the engine goes on writing to is the run's own, what it only reads is there once.
      Deno.writeTextFileSync(`${database}/MANIFEST-000005`, `written by ${run}`);
      assert.equal(Deno.statSync(`${database}/000007.sst`).nlink, run + 2);
    }
    assert.equal(loads.length, 1);
    assert.equal(Deno.readTextFileSync(`${loads[0]!.keep}/MANIFEST-000005`), "manifest");
    assert.throws(() => Deno.statSync(loads[0]!.database), Deno.errors.NotFound);
  }));

Deno.test("Trees tells how a load failed, without a path, and loads again for the next run", () =>
  inFolder(async (folder) => {
    const benchmark = load("raw/get");
    const trees = new Trees([{ benchmarks: [benchmark], profile }], (n) => `${folder}/${n}`, true);
    let loads = 0;
    const failing = ({ database }: RunSpec) => {
      loads++;
      // As a killed one has left it.
      Deno.mkdirSync(database);
      return Promise.resolve({ ...FAILED, error: `Cannot load the database ${database}: full` });
    };
    for (const run of [1, 2]) {
      const spec = specOf(`${folder}/run-${run}`, benchmark);
      assert.deepEqual(await trees.prepare(benchmark, spec, 1, failing), {
        state: "failed",
        error: "Cannot load the database raw/get: full",
      });
    }
    assert.equal(loads, 2);
  }));

Deno.test("Trees leaves a run that is alone to load by itself", async () => {
  const benchmark = load("raw/get");
  const trees = new Trees([{ benchmarks: [benchmark], profile }], () => "/nonexistent");
  const spec = specOf("/nonexistent/database", benchmark);
  const never = () => Promise.reject(new Error("nothing is to be loaded"));
  assert.deepEqual(await trees.prepare(benchmark, spec, 1, never), {
    ...spec,
    load: { ...spec.load, begins: "own" },
  });
});
