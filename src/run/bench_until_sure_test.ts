import assert from "node:assert/strict";
import { inFolder } from "../_testing/folder.ts";
import { readJournal, type Result } from "../result/mod.ts";
import { FakeWorld, measuresWell, type Play } from "./_testing/fake_world.ts";
import { TINY_SUITE } from "./_testing/tiny_bench.ts";
import { bench, resumeBench } from "./bench.ts";
import type { BenchRequest, ResumeRequest } from "./request.ts";
import type { Look } from "./until_sure.ts";

const TIMEOUT = { timeout: 60_000 };
const NEVER = new AbortController().signal;

/** A bench of three runs whose reads are open until there are so many of them. */
function requestIn(folder: string, enough: number, atMostMs = 3_600_000): BenchRequest {
  return {
    suite: TINY_SUITE,
    profile: { name: "quick", runs: 3, warmupMs: 1, measureMs: 1 },
    stores: ["level"],
    storeOptions: {},
    seed: 7,
    directory: `${folder}/out`,
    command: ["bench", "tiny"],
    warnings: [],
    version: "1.2.3",
    untilSure: { atMostMs, look: openBelow(enough) },
  };
}

/** What goes on with it. */
function againOf({ directory, command, version }: BenchRequest, enough: number): ResumeRequest {
  return { directory, command, version, look: openBelow(enough) };
}

function openBelow(enough: number): Look {
  return ([lane]) => {
    const ended = lane!.result.runs.filter(({ benchmark, state, superseded }) =>
      benchmark === "level/read/one" && state === "ended" && !superseded
    );
    return ended.length < enough
      ? { open: ["level/read/one p50"], benchmarks: ["level/read/one"] }
      : { open: [], benchmarks: [] };
  };
}

/** What was measured in a result, without what the time of the measuring is in. */
function measured({ benchmarks, runs, untilSure }: Result) {
  return {
    benchmarks,
    looks: untilSure?.looks?.map(({ at: _, ...look }) => look),
    runs: runs.filter(({ superseded }) => !superseded)
      .map(({ benchmark, run, position, state }) => ({ benchmark, run, position, state }))
      .toSorted((a, b) => a.position - b.position),
  };
}

Deno.test("bench() adds runs of what is open until nothing is", TIMEOUT, async () => {
  await inFolder(async (folder) => {
    const told: string[] = [];
    const [lane] = await bench(
      requestIn(folder, 10),
      {
        planned: (runs) => told.push(`${runs.length} runs`),
        looked: ({ open, ended }, looks) => told.push(`look ${looks}: ${open} ${ended}`),
      },
      NEVER,
      new FakeWorld(),
    );
    const { result } = lane!;
    assert.deepEqual(told, [
      "8 runs",
      "look 1: level/read/one p50 undefined",
      "3 runs",
      "look 2: level/read/one p50 undefined",
      "6 runs",
      "look 3:  sure",
    ]);
    const records = result.benchmarks.map(({ id, runs, added }) => ({ id, runs, added }));
    assert.deepEqual(records.slice(0, 2), [
      { id: "level/write/20", runs: undefined, added: undefined },
      { id: "level/read/one", runs: 12, added: 9 },
    ]);
    assert.equal(result.complete, true);
    assert.equal(result.untilSure?.atMostMs, 3_600_000);
    const { runs } = measured(result);
    assert.deepEqual(runs.map(({ position }) => position), [...runs.keys()], "each has its place");
    const numbers = runs.filter(({ benchmark }) => benchmark === "level/read/one")
      .map(({ run }) => run);
    assert.deepEqual(numbers.toSorted((a, b) => a - b), [...Array(12).keys()]);
  });
});

Deno.test("bench() adds nothing that does not fit into its time", TIMEOUT, async () => {
  await inFolder(async (folder) => {
    // The planned runs take more than that already.
    const [lane] = await bench(requestIn(folder, 10, 5000), {}, NEVER, new FakeWorld());
    const { looks } = lane!.result.untilSure!;
    assert.deepEqual(looks!.map(({ more, ended }) => ({ more, ended })), [
      { more: [], ended: "time" },
    ]);
    assert.equal(lane!.result.complete, true, "what was planned is there");
  });
});

/** Ends the bench in its so-manieth run. */
function endsIn(run: number, end: () => void): Play {
  let begun = 0;
  return (spec, onLine) => {
    if (++begun === run) end();
    return measuresWell(spec, onLine);
  };
}

Deno.test(
  "resumeBench() goes on until it is sure, wherever the bench was ended, as it would have gone on",
  TIMEOUT,
  async () => {
    const whole = await inFolder(async (folder) => {
      const [lane] = await bench(requestIn(folder, 10), {}, NEVER, new FakeWorld());
      return measured(lane!.result);
    });
    assert.equal(whole.runs.length, 17);
    for (let run = 1; run <= whole.runs.length; run++) {
      await inFolder(async (folder) => {
        const request = requestIn(folder, 10);
        const controller = new AbortController();
        const world = new FakeWorld(endsIn(run, () => controller.abort()));
        await bench(request, {}, controller.signal, world);
        const again = againOf(request, 10);
        const [lane] = await resumeBench(again, {}, NEVER, new FakeWorld());
        assert.deepEqual(measured(lane!.result), whole, `ended in run ${run}`);
        assert.equal(lane!.result.complete, true);
      });
    }
  },
);

Deno.test(
  "resumeBench() goes on from any line at which a killed process left its journal",
  TIMEOUT,
  async () => {
    await inFolder(async (folder) => {
      const request = requestIn(folder, 5);
      const [lane] = await bench(request, {}, NEVER, new FakeWorld());
      const whole = measured(lane!.result);
      const path = `${request.directory}/journal.jsonl`;
      const lines = Deno.readTextFileSync(path).trimEnd().split("\n");
      const kinds = readJournal(path).records.map(({ kind }) => kind);
      // After each look, before it, and where only the last line is missing.
      const places = kinds.flatMap((kind, i) => kind === "look" ? [i, i + 1] : []);
      for (const place of [...places, lines.length - 1]) {
        Deno.writeTextFileSync(path, lines.slice(0, place).join("\n") + "\n");
        const again = againOf(request, 5);
        const [resumed] = await resumeBench(again, {}, NEVER, new FakeWorld());
        assert.deepEqual(measured(resumed!.result), whole, `cut at line ${place}`);
        assert.equal(resumed!.result.complete, true);
      }
    });
  },
);

Deno.test(
  "resumeBench() looks again where runs had failed, of which the last look could ask nothing",
  TIMEOUT,
  async () => {
    await inFolder(async (folder) => {
      const below = openBelow(10);
      const look: Look = (lanes) =>
        lanes[0]!.result.runs.some(({ state, superseded }) => state === "failed" && !superseded)
          ? { open: [], benchmarks: [] }
          : below(lanes);
      const request = { ...requestIn(folder, 10), untilSure: { atMostMs: 3_600_000, look } };
      const fails: Play = (spec, onLine) =>
        spec.measure?.kind === "latency"
          ? { state: "failed", error: "No space" }
          : measuresWell(spec, onLine);
      const [failed] = await bench(request, {}, NEVER, new FakeWorld(fails));
      assert.deepEqual(failed!.result.untilSure!.looks ?? [], [], "none is the last one");
      const again = { ...againOf(request, 10), look };
      const [lane] = await resumeBench(again, {}, NEVER, new FakeWorld());
      assert.equal(below([lane!]).open.length, 0, "it has the runs that it needs");
      assert.equal(lane!.result.complete, true);
      const { looks } = lane!.result.untilSure!;
      assert.equal(looks!.at(-1)!.ended, "sure");
      const [whole] = await resumeBench(again, {}, NEVER, new FakeWorld());
      assert.deepEqual(whole!.result.untilSure!.looks, looks, "what is whole is looked at no more");
    });
  },
);

Deno.test("a duet's sides get the same looks and runs", TIMEOUT, async () => {
  await inFolder(async (folder) => {
    const look: Look = (lanes) => {
      const [ended] = lanes.map(({ result }) =>
        result.runs.filter(({ benchmark }) => benchmark === "level/read/one").length
      );
      return ended! < 6
        ? { open: ["level/read/one p50"], benchmarks: ["level/read/one"] }
        : { open: [], benchmarks: [] };
    };
    const lanes = await bench(
      {
        ...requestIn(folder, 6),
        other: { differs: {} },
        untilSure: { atMostMs: 3_600_000, look },
      },
      {},
      NEVER,
      new FakeWorld(),
    );
    for (const { result } of lanes) {
      assert.deepEqual(result.untilSure!.looks!.map(({ more }) => more), [
        [{ benchmark: "level/read/one", runs: 6 }],
        [],
      ]);
      assert.equal(result.complete, true);
    }
    const [base, candidate] = lanes.map(({ result }) =>
      result.runs.filter(({ benchmark, run }) => benchmark === "level/read/one" && run >= 3)
    );
    assert.equal(base!.length, 3);
    assert.deepEqual(
      base!.map(({ run, startedAt }) => [run, startedAt]),
      candidate!.map(({ run, startedAt }) => [run, startedAt]),
      "they took turns",
    );
  });
});
