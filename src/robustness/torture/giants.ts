/** Results and histories that are far larger than those of any night. */
import assert from "node:assert/strict";
import { run } from "../../cli/e2e/_testing/tidemark.ts";
import { openHistory } from "../../history/mod.ts";
import { nightAt, sampleNight } from "../../history/_testing/sample_night.ts";
import { linesOf, smallResult } from "../samples.ts";
import type { TortureStep } from "./step.ts";

/** A result with very many benchmarks, each with its runs. */
export const manyBenchmarks: TortureStep = {
  name: "many-benchmarks",
  what: "1e5 benchmarks in a result",
  seconds: { quick: 15, full: 300 },
  async run({ form, folder: cwd, count }) {
    const many = form === "quick" ? 1000 : 100_000;
    const result = smallResult();
    const [benchmark] = result.benchmarks;
    const [first] = result.runs;
    result.suite = { ...result.suite, targets: [], claims: [], figures: [] };
    result.profile = { ...result.profile, runs: 1 };
    result.benchmarks = Array.from({ length: many }, (_, at) => ({
      ...benchmark!,
      id: `raw/write/${at}`,
      name: `write/${at}`,
    }));
    result.runs = result.benchmarks.map(({ id }, position) => ({
      ...first!,
      benchmark: id,
      position,
      // Each has times of its own.
      samples: first!.samples.slice(0, 2).map((sample, at) => ({
        ...sample,
        ns: sample.ns + position * 2 + at,
      })),
    }));
    Deno.writeTextFileSync(`${cwd}/result.json`, JSON.stringify(result));
    const start = performance.now();
    const { code, out, err } = await run("export", ["result.json", "--format", "samples-csv"], {
      cwd,
    });
    assert.equal(code, 0, err);
    assert.ok(out.split("\r\n").length > 2 * many);
    count("benchmarks exported", many);
    count("seconds for the export", Math.round((performance.now() - start) / 1000));
    const compared = await run("compare", ["result.json", "result.json", "--json"], { cwd });
    assert.ok([0, 2].includes(compared.code), compared.err);
    assert.doesNotMatch(compared.err, /fault of Tidemark/);
    count("seconds for the comparison", Math.round((performance.now() - start) / 1000));
  },
};

/** Ten years of nights. */
export const tenYears: TortureStep = {
  name: "ten-years",
  what: "ten years of nights",
  seconds: { quick: 15, full: 300 },
  async run({ form, folder: cwd, count }) {
    const nights = form === "quick" ? 365 : 3650;
    const directory = `${cwd}/history`;
    openHistory(directory, { create: true }).close();
    Deno.mkdirSync(`${directory}/nodes`);
    const benchmarks = Array.from({ length: 5 }, (_, at) => `raw/write/${at}`);
    const lines = Array.from({ length: nights }, (_, day) => {
      // Ending today.
      const record = sampleNight({ night: nightAt(day - 3650), value: 100 + day % 7, benchmarks });
      const { night, node, result } = record;
      const folder = `nights/${night}/${node}/${result}`;
      return { ...record, addedAt: `${night}T02:00:00.000Z`, folder, files: [] };
    });
    Deno.writeTextFileSync(`${directory}/nodes/node01.jsonl`, linesOf(lines));
    for (const args of [["rebuild"], ["show"], ["site", "--out", "site"], ["thin"]]) {
      const start = performance.now();
      const { code, err } = await run("history", [...args, "--history", "history"], { cwd });
      assert.ok([0, 1].includes(code), err);
      count(`seconds for history ${args[0]}`, Math.round((performance.now() - start) / 1000));
    }
    count("nights", nights);
    using history = openHistory(directory);
    assert.equal(history.records().length, nights);
  },
};
