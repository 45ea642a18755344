import assert from "node:assert/strict";
import { basename } from "node:path";
import { withFolder } from "../_testing/folder.ts";
import { readJournal, readResult, ResultError } from "../result/mod.ts";
import { defineSuite, DUET_PROFILES, type LoadBenchmarkSource, PROFILES } from "../suite/mod.ts";
import { BEGINNING, FakeWorld, MACHINE, measuresWell, type Play } from "./_testing/fake_world.ts";
import { TINY_SUITE } from "./_testing/tiny_bench.ts";
import { bench, clearDatabases, resumeBench } from "./bench.ts";
import { RunError } from "./error.ts";
import type { BenchEvents, LaneRun } from "./events.ts";
import type { LaneResult } from "./places.ts";
import type { BenchRequest } from "./request.ts";
import type { RunSpec } from "./spec.ts";

const suite = TINY_SUITE;
/** Two runs of each benchmark, and one of each over the store that does nothing. */
const PLANNED = 6;
const NEVER = new AbortController().signal;

function requestIn(folder: string, change: Partial<BenchRequest> = {}): BenchRequest {
  return {
    suite,
    profile: { ...PROFILES.quick!, name: "quick", runs: 2, warmupMs: 100, measureMs: 100 },
    stores: ["level"],
    storeOptions: { wal: "off" },
    seed: 7,
    directory: `${folder}/out`,
    command: ["bench", "tiny"],
    warnings: ["The machine is not quiet."],
    version: "1.2.3",
    ...change,
  };
}

/** The same with a candidate that writes a log. */
function mixedIn(folder: string, change: Partial<BenchRequest> = {}): BenchRequest {
  const candidate = { storeOptions: { wal: "synced" }, differs: { wal: "synced" } } as const;
  return requestIn(folder, { other: candidate, ...change });
}

const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
const kinds = (directory: string) =>
  readJournal(`${directory}/journal.jsonl`).records.map(({ kind }) => kind);
/** Which run a process was, by its database, whichever side's. */
const runOf = ({ database }: RunSpec) => basename(database).replace(/-(base|candidate)$/, "");
const usage = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RunError, String(error));
  assert.equal(error.kind, "usage");
  assert.match(error.message, message);
  return true;
};

/** Stops a bench within its so-manieth run, after the first sample. */
function stopsIn(run: number) {
  const controller = new AbortController();
  let begun = 0;
  const play: Play = (spec, onLine) => {
    if (++begun < run) return measuresWell(spec, onLine);
    return measuresWell(spec, (line) => {
      if (!controller.signal.aborted) onLine(line);
      if (line.kind === "sample") controller.abort();
    });
  };
  return { signal: controller.signal, play };
}

Deno.test(
  "bench() writes plan and runs to the journal, and makes the result of it",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    const told: string[] = [];
    const lanes = await bench(
      requestIn(folder),
      {
        planned: (runs) => told.push(`planned ${runs.length}`),
        runStarted: ({ benchmark, run }) => told.push(`${benchmark.id} ${run}`),
        sampled: (_, samples) => told.push(`sample ${samples}`),
        runEnded: (_, { state }) => told.push(state),
      },
      NEVER,
      world,
    );

    assert.equal(lanes.length, 1);
    const { directory, result } = lanes[0]!;
    assert.equal(directory, `${folder}/out`);
    assert.deepEqual(names(directory), ["journal.jsonl", "result.json"], "no database is left");
    assert.deepEqual(readResult(`${directory}/result.json`), result);
    const ofARun = ["run-started", "run-opened", "sample", "sample", "run-ended"];
    assert.deepEqual(kinds(directory), [
      "plan",
      ...Array.from({ length: PLANNED }, () => ofARun).flat(),
      "finished",
    ]);

    assert.equal(result.id, "2026-11-22T010203Z-tiny");
    assert.equal(result.startedAt, BEGINNING);
    // The plan, a beginning and an end of each run, and the end of all: a second each.
    assert.equal(result.endedAt, "2026-11-22T01:02:16.000Z");
    assert.equal(result.complete, true);
    assert.deepEqual(result.command, ["bench", "tiny"]);
    assert.deepEqual(result.environment, MACHINE);
    assert.deepEqual(world.looked, [`${folder}/out/data`]);
    assert.deepEqual(result.warnings, ["The machine is not quiet."]);
    assert.equal(result.interleaved, undefined);
    assert.deepEqual(result.runs.map(({ position }) => position), [0, 1, 2, 3, 4, 5]);
    assert.ok(result.runs.every(({ state }) => state === "ended"));
    const [first] = result.runs;
    assert.equal(first!.samples.length, 2);
    assert.deepEqual(first!.pressure, { load1: 0.5, steal: 0, busyOthers: 0 });
    assert.deepEqual(first!.warmup, { iterations: 3, ns: 300 });
    assert.deepEqual(first!.facts, { estimatedKeys: 10 });

    assert.deepEqual(
      told.filter((text) => text.startsWith("level/")),
      result.runs.filter(({ benchmark }) => benchmark.startsWith("level/"))
        .map(({ benchmark, run }) => `${benchmark} ${run}`),
    );
    assert.equal(told[0], "planned 6");
    assert.deepEqual(told.slice(2, 5), ["sample 1", "sample 2", "ended"]);
  }),
);

Deno.test(
  "bench() tells a run's process what the plan says, and calibration that it takes no options",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    const profile = { ...PROFILES.nightly!, warmupMs: 1000, measureMs: 3000, runs: 1 };
    await bench(requestIn(folder, { profile }), {}, NEVER, world);
    const find = (text: string) => world.specs.find((spec) => runOf(spec).includes(text))!;
    const own = find("run-level-write-20-0");
    assert.equal(own.database, `${folder}/out/data/run-level-write-20-0`);
    assert.deepEqual(own.options, { wal: "off" });
    assert.equal("library" in own, false);
    const { seed, ...measure } = own.measure!;
    assert.deepEqual(measure, {
      kind: "throughput",
      operation: "put",
      order: "sequential",
      keys: 20,
      valueBytes: 16,
      elements: 20,
      sampling: "flat",
      samples: 2,
      warmupMs: 1000,
      measureMs: 3000,
    });
    const calibration = find("run-null-async-write-20-0");
    assert.deepEqual(calibration.options, {});
    assert.equal(calibration.measure!.warmupMs, 50);
    assert.equal(calibration.measure!.measureMs, 200);
    assert.equal(calibration.measure!.seed, seed, "the same keys and values");
  }),
);

Deno.test(
  "bench() goes on after a run that failed, names no path in it, and a resume tries it again",
  withFolder(async (folder) => {
    const fails: Play = (spec, onLine) =>
      runOf(spec) === "run-level-read-one-1"
        ? { state: "failed", error: `Cannot open ${spec.database}/LOG: no space` }
        : measuresWell(spec, onLine);
    const [lane] = await bench(requestIn(folder), {}, NEVER, new FakeWorld(fails));
    const { result } = lane!;
    assert.equal(result.complete, false);
    assert.equal(result.runs.length, PLANNED);
    const failed = result.runs.filter(({ state }) => state === "failed");
    assert.deepEqual(failed.map(({ benchmark, run, error }) => [benchmark, run, error]), [
      ["level/read/one", 1, "Cannot open level/read/one/LOG: no space"],
    ]);
    assert.deepEqual(failed[0]!.pressure, { load1: 0.5, steal: 0, busyOthers: null });
    assert.equal(kinds(`${folder}/out`).at(-1), "finished", "it did all that it had to do");

    const world = new FakeWorld();
    const resumed = { directory: `${folder}/out`, command: [], version: "1.2.3" };
    const [again] = await resumeBench(resumed, {}, NEVER, world);
    assert.deepEqual(world.specs.map(runOf), ["run-level-read-one-1"]);
    assert.equal(again!.result.complete, true);
    assert.equal(again!.result.runs.filter(({ superseded }) => superseded).length, 1);
  }),
);

Deno.test(
  "bench() ends at options that a store refuses, which are the call's to mend",
  withFolder(async (folder) => {
    const refuses: Play = (spec, onLine) =>
      spec.store === "level"
        ? {
          state: "failed",
          error: `Cannot set the options of the database ${spec.database}: no such option`,
          refused: true,
        }
        : measuresWell(spec, onLine);
    const world = new FakeWorld(refuses);
    await assert.rejects(bench(requestIn(folder), {}, NEVER, world), {
      name: "RunError",
      kind: "usage",
      message: "Cannot set the options of level: no such option",
    });
    assert.equal(world.specs.filter(({ store }) => store === "level").length, 1);
    assert.equal(kinds(`${folder}/out`).at(-1), "run-ended");
  }),
);

for (const stopped of [1, 3, PLANNED]) {
  Deno.test(
    `bench() keeps what it measured when it is stopped in run ${stopped}, and resumeBench() goes on`,
    withFolder(async (folder) => {
      const whole = new FakeWorld();
      await bench(requestIn(`${folder}/whole`), {}, NEVER, whole);
      const order = whole.specs.map(runOf);

      Deno.mkdirSync(`${folder}/databases`);
      const request = requestIn(folder, { dataDirectory: `${folder}/databases` });
      const { signal, play } = stopsIn(stopped);
      const world = new FakeWorld(play);
      const [lane] = await bench(request, {}, signal, world);
      assert.deepEqual(world.specs.map(runOf), order.slice(0, stopped));
      assert.equal(lane!.result.complete, false);
      assert.equal(lane!.result.endedAt, null);
      assert.equal(lane!.result.runs.at(-1)!.state, "interrupted");
      assert.equal(lane!.result.runs.at(-1)!.samples.length, 1);
      assert.equal(kinds(request.directory).at(-1), "run-ended");
      assert.deepEqual(names(`${folder}/databases`), [], "the directory is as it was");
      assert.ok(names(request.directory).includes("data-directory.txt"));

      const { directory } = request;
      const resumed = { directory, command: ["bench", "--resume"], version: "1.2.4" };
      const later = new FakeWorld(measuresWell, "2026-11-23T00:00:00.000Z");
      const [again] = await resumeBench(resumed, {}, NEVER, later);
      const { result } = again!;
      assert.deepEqual(later.specs.map(runOf), order.slice(stopped - 1), "in the planned order");
      const place = Deno.realPathSync(`${folder}/databases`);
      assert.ok(later.specs[0]!.database.startsWith(`${place}/run-`), later.specs[0]!.database);
      assert.equal(result.complete, true);
      assert.equal(result.id, lane!.result.id);
      assert.deepEqual(result.sessions, [{
        startedAt: "2026-11-23T00:00:00.000Z",
        tool: { version: "1.2.4", commit: later.commit() },
        command: ["bench", "--resume"],
        environment: MACHINE,
      }]);
      assert.deepEqual(names(directory), ["journal.jsonl", "result.json"], "no path is noted");
      assert.deepEqual(names(`${folder}/databases`), []);
    }),
  );
}

Deno.test(
  "resumeBench() does not go on with another library than the bench began with",
  withFolder(async (folder) => {
    const over = (play: Play, version: string, sha256?: string): Play => (spec, onLine) =>
      play(spec, (line) => {
        if (line.kind !== "run-opened" || spec.store !== "level") return onLine(line);
        const release = sha256 === undefined ? {} : {
          release: {
            name: "system",
            sha256,
            pinned: false,
            source: "the system",
            compiler: null,
            compressions: null,
          },
        };
        onLine({ ...line, store: { ...line.store!, version, ...release } });
      });
    const { signal, play } = stopsIn(4);
    const digest = "a".repeat(64);
    const request = requestIn(folder);
    await bench(request, {}, signal, new FakeWorld(over(play, "7.8.3", digest)));
    const resumed = { directory: request.directory, command: [], version: "1.2.3" };
    for (
      const [other, words] of [
        [
          over(measuresWell, "7.9.2"),
          /^Cannot go on: level began with none 7\.8\.3 \(SHA-256 aaaaaaaaaaaa…\), and is none 7\.9\.2 now; provide the library that it began with, or begin a new bench$/,
        ],
        [
          over(measuresWell, "7.8.3", "b".repeat(64)),
          /and is none 7\.8\.3 \(SHA-256 bbbbbbbbbbbb…\) now/,
        ],
      ] as const
    ) {
      const refused = resumeBench(resumed, {}, NEVER, new FakeWorld(other));
      await assert.rejects(refused, usage(words));
    }
    const began = over(measuresWell, "7.8.3", digest);
    const [again] = await resumeBench(resumed, {}, NEVER, new FakeWorld(began));
    assert.equal(again!.result.complete, true, "with the one that it began with it goes on");
    assert.ok(
      again!.result.runs.every(({ store }) =>
        store?.store !== "level" || store.version === "7.8.3"
      ),
    );
  }),
);

Deno.test(
  "bench() begins no run when it is stopped before the first, and keeps the plan",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    const [lane] = await bench(requestIn(folder), {}, AbortSignal.abort(), world);
    assert.deepEqual(world.specs, []);
    assert.deepEqual(kinds(`${folder}/out`), ["plan"]);
    assert.deepEqual(lane!.result.runs, []);
  }),
);

Deno.test(
  "resumeBench() measures nothing of a bench that is complete, and leaves its journal alone",
  withFolder(async (folder) => {
    for (const request of [requestIn(`${folder}/plain`), mixedIn(`${folder}/mixed`)]) {
      const lanes = await bench(request, {}, NEVER, new FakeWorld());
      const journals = () =>
        lanes.map(({ directory }) => Deno.readTextFileSync(`${directory}/journal.jsonl`));
      const before = journals();
      for (const { directory } of lanes) Deno.removeSync(`${directory}/result.json`);
      const world = new FakeWorld();
      const resumed = { directory: request.directory, command: [], version: "1.2.3" };
      const again = await resumeBench(resumed, {}, NEVER, world);
      assert.deepEqual(world.specs, []);
      assert.deepEqual(journals(), before);
      assert.deepEqual(again, lanes);
      for (const { directory, result } of lanes) {
        assert.deepEqual(readResult(`${directory}/result.json`), result, "it is made again");
      }
    }
  }),
);

Deno.test(
  "bench() measures two lanes in blocks, each into a journal of its own",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    const told: LaneRun[] = [];
    const request = mixedIn(folder);
    const candidate = { ...request.other!, library: `${folder}/librocksdb.so` };
    // It is noted with its links followed, so it has to be there.
    Deno.writeTextFileSync(candidate.library, "");
    const events = { runStarted: (run: LaneRun) => void told.push(run) };
    const lanes = await bench({ ...request, other: candidate }, events, NEVER, world);

    assert.deepEqual(lanes.map(({ role, directory }) => [role, directory]), [
      ["base", `${folder}/out/base`],
      ["candidate", `${folder}/out/candidate`],
    ]);
    assert.deepEqual(names(`${folder}/out`), ["base", "candidate"], "no path is noted");
    for (const { role, directory, result } of lanes) {
      assert.equal(result.id, `2026-11-22T010203Z-tiny-${role}`);
      assert.deepEqual(result.interleaved, {
        session: "2026-11-22T010203Z-tiny",
        role,
        duet: { batchMs: 1.5 },
        differs: { wal: "synced" },
      });
      assert.equal(result.complete, true);
      assert.equal(result.runs.length, PLANNED);
      assert.deepEqual(readResult(`${directory}/result.json`), result);
    }
    const [base, second] = lanes.map(({ result }) => result);
    assert.deepEqual(base!.storeOptions, { wal: "off" });
    assert.deepEqual(second!.storeOptions, { wal: "synced" });

    assert.equal(told.length, 2 * PLANNED);
    assert.deepEqual(told.map(({ position }) => position), [...told.keys()]);
    for (let i = 0; i < told.length; i += 2) {
      const [one, other] = [told[i]!, told[i + 1]!];
      assert.deepEqual([one.benchmark.id, one.run], [other.benchmark.id, other.run]);
      assert.deepEqual([one.role, other.role].sort(), ["base", "candidate"]);
      assert.equal(runOf(world.specs[i]!), runOf(world.specs[i + 1]!));
    }
    assert.equal(new Set(told.map(({ role }, i) => `${i % 2} ${role}`)).size, 4, "either is first");
    for (const [i, { store, options, library }] of world.specs.entries()) {
      const { role } = told[i]!;
      assert.equal(library, role === "candidate" ? candidate.library : undefined);
      if (store !== "level") continue;
      assert.deepEqual(options, { wal: role === "base" ? "off" : "synced" });
    }
  }),
);

Deno.test(
  "resumeBench() measures both runs of a block that was not measured whole, with its library",
  withFolder(async (folder) => {
    const library = `${folder}/librocksdb.so`;
    Deno.writeTextFileSync(library, "");
    const request = mixedIn(folder);
    const candidate = { ...request.other!, library };
    const whole = new FakeWorld();
    await bench({ ...mixedIn(`${folder}/whole`), other: candidate }, {}, NEVER, whole);
    const { signal, play } = stopsIn(4);
    const stopped = await bench({ ...request, other: candidate }, {}, signal, new FakeWorld(play));
    const ended = stopped.map(({ result }) => result.runs.filter((run) => run.state === "ended"));
    assert.deepEqual(
      ended.map(({ length }) => length),
      [1, 1],
      "neither run of a torn block counts",
    );

    const world = new FakeWorld();
    const resumed = { directory: request.directory, command: [], version: "1.2.3" };
    const noted = Deno.readTextFileSync(`${request.directory}/candidate-library.sha256`);
    assert.ok(!noted.includes("/"), "a directory names no file that is loaded");
    const other = `${folder}/other.so`;
    Deno.writeTextFileSync(other, "other");
    const refusals: [library: string | undefined, words: RegExp][] = [
      [undefined, /no directory says what is loaded; add --interleave library=FILE$/],
      [
        other,
        /it is not the library that the bench began with; name that one, or measure anew$/,
      ],
      [`${folder}/none.so`, /^Cannot read .*none\.so: /],
    ];
    for (const [library, message] of refusals) {
      await assert.rejects(() => resumeBench({ ...resumed, library }, {}, NEVER, world), {
        name: "RunError",
        kind: "usage",
        message,
      });
    }
    const lanes = await resumeBench({ ...resumed, library }, {}, NEVER, world);
    assert.deepEqual(
      world.specs.map((spec) => [runOf(spec), spec.library !== undefined]),
      whole.specs.slice(2).map((spec) => [runOf(spec), spec.library !== undefined]),
    );
    assert.ok(lanes.every(({ result }) => result.complete && result.sessions!.length === 1));
    assert.deepEqual(names(request.directory), ["base", "candidate"], "no path is noted");
  }),
);

Deno.test(
  "resumeBench() measures a block anew of which one lane alone has its run",
  withFolder(async (folder) => {
    const request = mixedIn(folder);
    const [base] = await bench(request, {}, NEVER, new FakeWorld());
    // As if the process had been killed within the candidate's last run.
    const journal = `${request.directory}/candidate/journal.jsonl`;
    const lines = Deno.readTextFileSync(journal).split("\n");
    Deno.writeTextFileSync(journal, lines.slice(0, -3).join("\n") + "\n");
    const world = new FakeWorld();
    const resumed = { directory: request.directory, command: [], version: "1.2.3" };
    const [first, second] = await resumeBench(resumed, {}, NEVER, world);
    assert.equal(world.specs.length, 2);
    assert.equal(base!.result.runs.length, PLANNED);
    for (const { result } of [first!, second!]) {
      assert.equal(result.complete, true);
      assert.equal(result.runs.length, PLANNED + 1, "the other attempt stays");
      assert.equal(result.runs.filter(({ superseded }) => superseded).length, 1);
    }
    const starts = [first!, second!].map(({ result }) =>
      result.runs.filter(({ superseded }) => !superseded).map(({ startedAt }) => startedAt)
    );
    assert.deepEqual(starts[0], starts[1], "what counts was measured together");
    assert.ok([first, second].every((lane) => lane!.result.endedAt !== null));
  }),
);

Deno.test(
  "bench() leaves everything as it was when a journal cannot be made",
  withFolder(async (folder) => {
    // A plan that no journal can hold; of two lanes it is the second one's.
    const impossible = { burn: NaN };
    const requests = [
      requestIn(folder, { storeOptions: impossible }),
      mixedIn(folder, { other: { storeOptions: impossible, differs: {} } }),
    ];
    for (const request of requests) {
      const world = new FakeWorld();
      const refused = () => assert.rejects(bench(request, {}, NEVER, world), /Cannot write a plan/);
      await refused();
      assert.deepEqual(names(folder), [], "a directory that it made is gone");
      Deno.mkdirSync(request.directory);
      Deno.mkdirSync(`${folder}/databases`);
      request.dataDirectory = `${folder}/databases`;
      await refused();
      assert.deepEqual(names(folder), ["databases", "out"]);
      assert.deepEqual(names(`${folder}/out`), [], "one that was there is empty again");
      assert.deepEqual(names(`${folder}/databases`), []);
      assert.deepEqual(world.specs, []);
      for (const name of names(folder)) Deno.removeSync(`${folder}/${name}`);
    }
  }),
);

Deno.test(
  "bench() leaves everything as it was when it may not have a directory",
  withFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/mine`);
    Deno.writeTextFileSync(`${folder}/mine/thesis.txt`, "years of work");
    for (const request of [requestIn(folder), mixedIn(folder)]) {
      const reject = (change: Partial<BenchRequest>, message: RegExp) =>
        assert.rejects(
          bench({ ...request, ...change }, {}, NEVER, new FakeWorld()),
          usage(message),
        );
      await reject({ directory: `${folder}/mine` }, /as the result directory: it is not empty/);
      await reject({ dataDirectory: `${folder}/mine` }, /as the data directory: it is not empty/);
      assert.deepEqual(names(folder), ["mine"]);
      assert.deepEqual(names(`${folder}/mine`), ["thesis.txt"]);
    }
  }),
);

/** A load of next to nothing. */
const LOAD: LoadBenchmarkSource = {
  name: "mixed",
  load: { keys: 1000, valueSize: 100, mix: { get: 1 }, clients: 2 },
};

Deno.test(
  "bench() leaves the loads of a suite out of what takes turns, and says so",
  withFolder(async (folder) => {
    const loaded = defineSuite({ ...suite, stores: ["raw"], loads: [LOAD] });
    const request = mixedIn(folder, { suite: loaded, stores: ["raw"] });
    const lanes = await bench(request, {}, NEVER, new FakeWorld());
    for (const { result } of lanes) {
      assert.equal(result.complete, true);
      assert.ok(result.benchmarks.length > 0);
      assert.deepEqual(result.benchmarks.filter(({ name }) => name === LOAD.name), []);
      assert.ok(
        result.warnings.includes(
          "The load raw/mixed is not measured in turns: it has threads of its own.",
        ),
      );
    }
  }),
);

Deno.test(
  "bench() measures a load over a store of one thread in flight, unless the suite leaves it out",
  withFolder(async (folder) => {
    const out = { ...LOAD, name: "threads", without: ["kvstore"] };
    const loaded = defineSuite({
      ...suite,
      benchmarks: [],
      targets: [],
      claims: [],
      stores: ["kvstore"],
      loads: [LOAD, out],
    });
    const request = requestIn(folder, { suite: loaded, stores: ["kvstore"] });
    const [lane] = await bench(request, {}, NEVER, new FakeWorld());
    const { benchmarks, warnings } = lane!.result;
    assert.deepEqual(benchmarks.map(({ id }) => id), ["kvstore/mixed", "null-async/mixed"]);
    const left =
      "The load kvstore/threads is not measured: the suite tiny leaves it out over this store.";
    assert.ok(warnings.includes(left), warnings.join("\n"));
    const etcd = { ...LOAD, name: "swaps", load: { ...LOAD.load, mix: { compareAndSwap: 1 } } };
    const swaps = defineSuite({ ...loaded, loads: [etcd] });
    const [second] = await bench(
      requestIn(`${folder}/3`, { suite: swaps, stores: ["kvstore"] }),
      {},
      NEVER,
      new FakeWorld(),
    );
    assert.deepEqual(second!.result.benchmarks.map(({ id }) => id), ["kvstore/swaps"]);
    await assert.rejects(
      bench(
        requestIn(`${folder}/4`, { suite: swaps, stores: ["raw"] }),
        {},
        NEVER,
        new FakeWorld(),
      ),
      usage(
        /^Cannot measure raw\/swaps: its store serves none of etcd's requests; measure kvstore or/,
      ),
    );
    const alone = defineSuite({ ...loaded, loads: [out] });
    await assert.rejects(
      bench(
        requestIn(`${folder}/2`, { suite: alone, stores: ["kvstore"] }),
        {},
        NEVER,
        new FakeWorld(),
      ),
      usage(/^Cannot measure kvstore\/threads: the suite tiny leaves it out over this store;/),
    );
  }),
);

Deno.test(
  "bench() refuses loads alone that are to take turns, and makes nothing",
  withFolder(async (folder) => {
    const loads = defineSuite({ ...suite, benchmarks: [], targets: [], claims: [], loads: [LOAD] });
    await assert.rejects(
      bench(mixedIn(folder, { suite: loads, stores: ["raw"] }), {}, NEVER, new FakeWorld()),
      usage(/^Cannot measure loads in turns: they have threads of their own and no turns/),
    );
    assert.deepEqual(names(folder), []);
  }),
);

Deno.test(
  "bench() bounds the memory of its runs by one group, as a resume does, and records it",
  withFolder(async (folder) => {
    const { signal, play } = stopsIn(3);
    const world = new FakeWorld(play);
    const memory = { limitBytes: 256e6 };
    const [lane] = await bench(requestIn(folder, { memory }), {}, signal, world);
    assert.deepEqual(lane!.result.memory, memory);
    assert.ok(world.specs.every(({ memoryGroup }) => memoryGroup === "/group"));
    assert.deepEqual(world.limits, [256e6, -256e6], "made once, and removed");
    const again = new FakeWorld();
    const request = { directory: `${folder}/out`, command: [], version: "1" };
    await resumeBench(request, {}, NEVER, again);
    assert.deepEqual(again.limits, [256e6, -256e6]);
    assert.ok(again.specs.length > 0);
    assert.ok(again.specs.every(({ memoryGroup }) => memoryGroup === "/group"));
  }),
);

Deno.test(
  "bench() refuses a bound of memory that cannot be had, and makes nothing",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    world.hasGroups = false;
    await assert.rejects(
      bench(requestIn(folder, { memory: { limitBytes: 256 * 1024 * 1024 } }), {}, NEVER, world),
      usage(/^Cannot limit the memory of runs to 256 MiB: no memory cgroup is mounted$/),
    );
    assert.deepEqual(names(folder), []);
    // What bounds nothing needs no group.
    await bench(requestIn(folder, { memory: { cold: true } }), {}, NEVER, world);
    assert.equal(world.limits.length, 1);
  }),
);

Deno.test(
  "bench() refuses lanes that have not the same benchmarks, and makes nothing",
  withFolder(async (folder) => {
    const candidate = { stores: ["level", "raw"], differs: { store: "raw" } };
    await assert.rejects(
      bench(requestIn(folder, { other: candidate }), {}, NEVER, new FakeWorld()),
      usage(/^Cannot interleave: .* not the same benchmarks, only the candidate has \S+; filter/),
    );
    assert.deepEqual(names(folder), []);
  }),
);

Deno.test(
  "bench() and resumeBench() keep two processes from the same bench",
  withFolder(async (folder) => {
    const directory = `${folder}/out`;
    const resumed = { directory, command: [], version: "1.2.3" };
    const refusals: string[] = [];
    const play: Play = async (spec, onLine) => {
      for (const request of [resumed, { ...resumed, dataDirectory: `${folder}/other` }]) {
        await resumeBench(request, {}, NEVER, new FakeWorld()).catch((error) => {
          usage(/./)(error);
          refusals.push(error.message);
        });
      }
      return measuresWell(spec, onLine);
    };
    const { signal, play: stops } = stopsIn(2);
    let first = true;
    const world = new FakeWorld((spec, onLine) => {
      if (!first) return stops(spec, onLine);
      first = false;
      return play(spec, onLine);
    });
    await bench(requestIn(folder), {}, signal, world);
    assert.equal(refusals.length, 2);
    assert.match(refusals[0]!, /as the data directory: another bench is using it/);
    assert.match(refusals[1]!, /another process is writing it/);
    assert.deepEqual(names(folder), ["out"], "the second claim is undone");
    assert.deepEqual(names(directory), ["journal.jsonl", "result.json"]);
  }),
);

Deno.test(
  "bench() gives files and databases free when measuring throws, so that it can be resumed",
  withFolder(async (folder) => {
    for (const request of [requestIn(`${folder}/plain`), mixedIn(`${folder}/mixed`)]) {
      const breaks: Play = (spec, onLine) => {
        measuresWell(spec, onLine);
        throw new ResultError("Cannot write line 5 of the journal: no space is left");
      };
      await assert.rejects(bench(request, {}, NEVER, new FakeWorld(breaks)), (error) => {
        assert.ok(error instanceof RunError);
        assert.equal(error.kind, "measuring");
        assert.match(error.message, /^Cannot write line 5 of the journal: no space is left$/);
        return true;
      });
      const resumed = { directory: request.directory, command: [], version: "1.2.3" };
      const lanes = await resumeBench(resumed, {}, NEVER, new FakeWorld());
      assert.ok(lanes.every(({ result }) => result.complete));
      assert.ok(!names(request.directory).includes("data"));
    }
  }),
);

Deno.test(
  "bench() says that the measuring failed when a result cannot be written, and keeps the journal",
  withFolder(async (folder) => {
    const inTheWay = `${folder}/out/result.json/folder`;
    const play: Play = (spec, onLine) => {
      Deno.mkdirSync(inTheWay, { recursive: true });
      return measuresWell(spec, onLine);
    };
    await assert.rejects(bench(requestIn(folder), {}, NEVER, new FakeWorld(play)), (error) => {
      assert.ok(error instanceof RunError);
      assert.equal(error.kind, "measuring");
      assert.match(error.message, /^Cannot write the result /);
      return true;
    });
    assert.equal(kinds(`${folder}/out`).at(-1), "finished");
  }),
);

Deno.test(
  "clearDatabases() removes what a killed bench left, and keeps what it measured",
  withFolder(async (folder) => {
    for (const request of [requestIn(`${folder}/plain`), mixedIn(`${folder}/mixed`)]) {
      const { directory } = request;
      const { signal, play } = stopsIn(2);
      const [lane] = await bench(request, {}, signal, new FakeWorld(play));
      // As a process that is killed leaves it.
      const id = lane!.result.interleaved?.session ?? lane!.result.id;
      Deno.mkdirSync(`${directory}/data/run-level-read-one-0`, { recursive: true });
      const mark = JSON.stringify({ tidemark: id, made: true });
      Deno.writeTextFileSync(`${directory}/data/tidemark-data.json`, mark);
      const before = Deno.readTextFileSync(`${lane!.directory}/journal.jsonl`);
      clearDatabases(directory);
      assert.ok(!names(directory).includes("data"));
      assert.equal(Deno.readTextFileSync(`${lane!.directory}/journal.jsonl`), before);
    }
  }),
);

Deno.test(
  "resumeBench() says that there is no bench in a directory",
  withFolder(async (folder) => {
    const resumed = { directory: folder, command: [], version: "1.2.3" };
    await assert.rejects(
      resumeBench(resumed, {}, NEVER, new FakeWorld()),
      (error) => error instanceof ResultError && error.message.includes("journal.jsonl"),
    );
    assert.deepEqual(names(folder), []);
  }),
);

/** Three variants, of which the first plays with each of the others. */
function togetherIn(folder: string): BenchRequest {
  return requestIn(folder, {
    variants: ["off", "buffered", "synced"].map((wal) => ({
      name: `wal=${wal}`,
      options: { wal },
    })),
    storeOptions: {},
    filter: "write",
    together: [["wal=off", "wal=buffered"], ["wal=off", "wal=synced"]],
  });
}

Deno.test(
  "bench() lets variants take turns in their groups, each as many runs as it plays, one after the " +
    "other in the journal",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    const [{ result } = assert.fail()] = await bench(togetherIn(folder), {}, NEVER, world);
    assert.deepEqual(result.turns, {
      batchMs: 1.5,
      groups: [["level@wal=off", "level@wal=buffered"], ["level@wal=off", "level@wal=synced"]],
    });
    assert.equal(result.complete, true);
    const startsOf = (wal: string) =>
      result.runs.filter(({ benchmark }) => benchmark === `level@wal=${wal}/write/20`)
        .map(({ startedAt }) => startedAt).toSorted();
    assert.deepEqual(startsOf("off"), [...startsOf("buffered"), ...startsOf("synced")].toSorted());
    assert.deepEqual([startsOf("off").length, startsOf("buffered").length], [4, 2]);
    assert.ok(
      result.runs.every(({ duet, store }) =>
        (duet !== undefined) === (store!.store !== "null-async")
      ),
    );
    // Those that play together put the same bytes.
    const seeds = new Map<string, Set<number>>();
    for (const { measure, database } of world.specs.filter(({ store }) => store !== "null-async")) {
      const run = result.runs.find(({ benchmark, run }) =>
        database.endsWith(`${benchmark.replaceAll("/", "-")}-${run}`)
      )!;
      seeds.set(run.startedAt, (seeds.get(run.startedAt) ?? new Set()).add(measure!.seed));
    }
    assert.equal(seeds.size, 4);
    assert.ok([...seeds.values()].every(({ size }) => size === 1));
  }),
);

Deno.test(
  "resumeBench() measures a group again of which one failed, and no other",
  withFolder(async (folder) => {
    let failing = true;
    const world = new FakeWorld((spec, onLine) => {
      if (failing && spec.store === "level@wal=synced") {
        return { state: "failed", error: "Cannot put: no space" };
      }
      return measuresWell(spec, onLine);
    });
    const { directory } = togetherIn(folder);
    const [{ result } = assert.fail()] = await bench(togetherIn(folder), {}, NEVER, world);
    assert.equal(result.complete, false);
    const states = (store: string) =>
      result.runs.filter(({ benchmark }) => benchmark.startsWith(store)).map(({ state }) => state)
        .toSorted();
    assert.deepEqual(states("level@wal=synced"), ["failed", "failed"]);
    assert.deepEqual(states("level@wal=off"), ["ended", "ended", "interrupted", "interrupted"]);
    assert.deepEqual(states("level@wal=buffered"), ["ended", "ended"]);
    failing = false;
    const before = world.specs.length;
    const request = { directory, command: ["bench", "--resume"], version: "1.2.3" };
    const [{ result: whole } = assert.fail()] = await resumeBench(request, {}, NEVER, world);
    assert.equal(whole.complete, true);
    assert.deepEqual(
      world.specs.slice(before).map(({ store }) => store).toSorted(),
      ["level@wal=off", "level@wal=off", "level@wal=synced", "level@wal=synced"],
    );
    const count = ({ benchmark }: { benchmark: string }) => benchmark === "level@wal=off/write/20";
    const counting = whole.runs.filter((run) => count(run) && run.superseded !== true);
    assert.deepEqual(counting.map(({ state }) => state), ["ended", "ended", "ended", "ended"]);
  }),
);

Deno.test(
  "bench() tells of other benches on the machine, and its result remembers them",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    const other = { startedAt: "2026-11-21T00:00:00.000Z", endedAt: null };
    world.company = { others: [other], unchecked: null };
    const told: unknown[] = [];
    const events = { company: (company: unknown) => told.push(company) };
    const [lane] = await bench(requestIn(folder), events, NEVER, world);
    assert.deepEqual(told, [world.company]);
    assert.deepEqual(lane!.result.company, world.company);
    const path = `${lane!.directory}/result.json`;
    assert.deepEqual(readResult(path).company, world.company);
  }),
);

/** Two stores that are held against each other, in as many runs as that takes. */
function rivalsIn(folder: string): BenchRequest {
  return requestIn(folder, {
    profile: { ...PROFILES.quick!, name: "quick", runs: 3, warmupMs: 100, measureMs: 100 },
    stores: ["raw", "kvstore"],
  });
}

Deno.test(
  "bench() lets stores take turns when each has been measured, in time of that measuring",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    const [{ result, directory }] = await bench(rivalsIn(folder), {}, NEVER, world) as [LaneResult];
    assert.equal(result.complete, true);
    assert.deepEqual(result.ratioTurns, {
      batchMs: 1.5,
      rounds: 10,
      groups: ["write/20", "read/one"].map((name) => [`raw/${name}`, `kvstore/${name}`]),
    });
    assert.deepEqual(
      result.benchmarks.map(({ store, measureMs }) => `${store} ${measureMs}`),
      [
        ...Array(2).fill("raw 75"),
        ...Array(2).fill("kvstore 75"),
        ...Array(2).fill("null undefined"),
      ],
    );
    const measured = world.specs.filter(({ store }) => store !== "null");
    assert.ok(measured.every(({ measure }) => measure!.measureMs === 75));
    assert.equal(result.ratios!.length, 6);
    assert.ok(result.ratios!.every(({ sides }) => sides.every(({ ns }) => ns.length === 10)));
    const all = kinds(directory);
    all.forEach((kind, place) => {
      if (kind === "ratio") assert.equal(all[place - 1], "run-ended", "of the second, before them");
    });
    // Either store is measured first.
    assert.equal(new Set(result.ratios!.map(({ group }) => group[0]!.split("/")[0])).size, 2);
    assert.deepEqual(names(directory), ["journal.jsonl", "result.json"], "no database is left");
  }),
);

Deno.test(
  "bench() ends where a store refuses its options, of one that takes turns afterwards too",
  withFolder(async (folder) => {
    let played = 0;
    const world = new FakeWorld((spec, onLine) => {
      if (spec.store === "null") return measuresWell(spec, onLine);
      played++;
      return { state: "failed", error: `Cannot set the database ${spec.database}`, refused: true };
    });
    await assert.rejects(
      bench(rivalsIn(folder), {}, NEVER, world),
      (error) =>
        error instanceof RunError && error.kind === "usage" &&
        /^Cannot set (raw|kvstore)$/.test(error.message),
    );
    assert.equal(played, 1);
  }),
);

Deno.test(
  "bench() tells at once of turns that failed, and counts the runs before them",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    world.turns = { state: "failed", error: "It was ended by SIGABRT", side: 1 };
    const told: string[] = [];
    const turnsFailed: BenchEvents["turnsFailed"] = (block, error) =>
      told.push(`${block.length} ${error}`);
    const [{ result }] = await bench(rivalsIn(folder), { turnsFailed }, NEVER, world) as [
      LaneResult,
    ];
    assert.equal(told.length, 6);
    const errors = result.ratios!.map(({ error }) => `2 ${error}`);
    assert.deepEqual(told, errors);
    assert.match(told[0]!, /^2 (raw|kvstore)\/\S+: It was ended by SIGABRT$/);
    assert.ok(result.runs.every(({ state }) => state === "ended"));
    assert.equal(result.complete, false);
  }),
);

/** The same, of which the suite asks more runs for one benchmark. */
function unevenIn(folder: string, change: Partial<BenchRequest> = {}): BenchRequest {
  const benchmarks = suite.benchmarks.map((own) =>
    own.kind === "latency" ? { ...own, runs: 5 } : own
  );
  return { ...rivalsIn(folder), suite: { ...suite, benchmarks }, ...change };
}

/** How many runs of each benchmark have ended and count, without those that calibrate. */
const endedRuns = ({ result }: LaneResult) =>
  Object.fromEntries(
    result.benchmarks.filter(({ store }) => !store.startsWith("null")).map(({ id }) => [
      id,
      result.runs.filter(({ benchmark, state, superseded }) =>
        benchmark === id && state === "ended" && superseded !== true
      ).length,
    ]),
  );
const UNEVEN = {
  "raw/write/20": 3,
  "raw/read/one": 5,
  "kvstore/write/20": 3,
  "kvstore/read/one": 5,
};

Deno.test(
  "bench() gives a benchmark the runs that its suite asks for, with turns after each, and a resume " +
    "keeps them",
  withFolder(async (folder) => {
    const { signal, play } = stopsIn(9);
    const request = unevenIn(folder);
    const [cut] = await bench(request, {}, signal, new FakeWorld(play));
    assert.equal(cut!.result.complete, false);
    const again = { directory: request.directory, command: [], version: "1.2.3" };
    const [resumed] = await resumeBench(again, {}, NEVER, new FakeWorld());
    for (const { result } of [cut!, resumed!]) {
      assert.deepEqual(
        result.benchmarks.map(({ id, runs }) => `${id} ${runs}`),
        [
          ...["raw/write/20 undefined", "raw/read/one 5"],
          ...["kvstore/write/20 undefined", "kvstore/read/one 5"],
          ...["null/write/20 1", "null/read/one 1"],
        ],
      );
    }
    assert.equal(resumed!.result.complete, true);
    assert.deepEqual(endedRuns(resumed!), UNEVEN);
    const played = resumed!.result.ratios!.map(({ group, run }) =>
      `${[...group].sort()[1]} ${run}`
    );
    assert.deepEqual(played.sort(), [
      ...[0, 1, 2, 3, 4].map((run) => `raw/read/one ${run}`),
      ...[0, 1, 2].map((run) => `raw/write/20 ${run}`),
    ]);
  }),
);

Deno.test(
  "bench() has as many runs of all where the call says how many, in a look, and in turns",
  withFolder(async (folder) => {
    const { profile } = rivalsIn(folder);
    const inPlace = (name: string, change: Partial<BenchRequest>) =>
      bench(
        unevenIn(folder, { directory: `${folder}/${name}`, ...change }),
        {},
        NEVER,
        new FakeWorld(),
      );
    const all = (runs: number) => Object.fromEntries(Object.keys(UNEVEN).map((id) => [id, runs]));
    const [said] = await inPlace("said", { sameRuns: true });
    assert.deepEqual(endedRuns(said!), all(3));
    const [look] = await inPlace("look", { profile: { ...profile, runs: 1 } });
    assert.deepEqual(endedRuns(look!), all(1));
    const candidate = { storeOptions: { wal: "synced" }, differs: { wal: "synced" } } as const;
    for (const side of await inPlace("turns", { other: candidate })) {
      assert.deepEqual(endedRuns(side), all(3));
    }
    // Beside a control everything else is as it is without one.
    const control = { options: { wal: "synced" }, differs: { wal: "synced" } } as const;
    const [beside] = await inPlace("control", { control });
    const pairs = DUET_PROFILES[profile.name]!.runs;
    assert.deepEqual(endedRuns(beside!), {
      ...UNEVEN,
      ...Object.fromEntries(
        Object.keys(UNEVEN).flatMap((id) =>
          ["@tonight/", "@control/"].map((part) => [id.replace("/", part), pairs])
        ),
      ),
    });
    const { variants, together } = togetherIn(folder);
    const [groups] = await inPlace("groups", {
      variants,
      together,
      stores: ["level"],
      storeOptions: {},
      filter: "read",
    });
    assert.deepEqual(endedRuns(groups!), {
      "level@wal=off/read/one": 6,
      "level@wal=buffered/read/one": 3,
      "level@wal=synced/read/one": 3,
    });
  }),
);

Deno.test(
  "bench() plays no turns with too few runs for a ratio, nor of one store alone",
  withFolder(async (folder) => {
    const { profile } = rivalsIn(folder);
    const few = { ...rivalsIn(folder), profile: { ...profile, runs: 2 } };
    const [fewer] = await bench(few, {}, NEVER, new FakeWorld());
    const one = { ...rivalsIn(folder), stores: ["kvstore"], directory: `${folder}/one` };
    const [alone] = await bench(one, {}, NEVER, new FakeWorld());
    for (const { result } of [fewer!, alone!]) {
      assert.deepEqual([result.ratioTurns, result.ratios], [undefined, undefined]);
      assert.ok(result.benchmarks.every(({ measureMs }) => measureMs === undefined));
    }
  }),
);

Deno.test(
  "resumeBench() measures a block again whose turns are missing, and keeps those that were played",
  withFolder(async (folder) => {
    // The third block's second run is where it is stopped.
    const { signal, play } = stopsIn(6);
    const request = rivalsIn(folder);
    const [first] = await bench(request, {}, signal, new FakeWorld(play));
    const before = first!.result.ratios ?? [];
    assert.equal(first!.result.complete, false);
    const { directory } = request;
    const again = { directory, command: [], version: "1.2.3" };
    const [resumed] = await resumeBench(again, {}, NEVER, new FakeWorld());
    const { result } = resumed!;
    assert.equal(result.complete, true);
    assert.equal(result.ratios!.length, 6);
    assert.deepEqual(result.ratios!.slice(0, before.length), before);
    const twice = result.runs.filter(({ superseded }) => superseded);
    assert.ok(twice.length >= 1 && twice.length <= 2, `${twice.length} runs of one block`);
  }),
);

Deno.test(
  "bench() is not complete where turns failed, says why, and resumeBench() plays them again",
  withFolder(async (folder) => {
    const world = new FakeWorld();
    world.turns = { state: "failed", error: "the disk is full", side: 1 };
    const request = rivalsIn(folder);
    const [failed] = await bench(request, {}, NEVER, world);
    assert.equal(failed!.result.complete, false);
    assert.ok(failed!.result.runs.every(({ state }) => state === "ended"));
    for (const { state, error, group, sides } of failed!.result.ratios!) {
      assert.deepEqual([state, error, sides], ["failed", `${group[1]}: the disk is full`, []]);
    }
    const { directory } = request;
    const again = { directory, command: [], version: "1.2.3" };
    const [resumed] = await resumeBench(again, {}, NEVER, new FakeWorld());
    assert.equal(resumed!.result.complete, true);
    assert.ok(resumed!.result.ratios!.every(({ state }) => state === "ended"));
  }),
);
