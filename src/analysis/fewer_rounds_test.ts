import assert from "node:assert/strict";
import type { Result } from "../result/mod.ts";
import { sampleLadderInTurns } from "./ladder/_testing/sample_ladder.ts";
import { judgeLadder } from "./ladder/ladder.ts";
import { analyse } from "./mod.ts";

const THREE = ["8.0.0", "9.0.0", "10.0.0"];

/** Rungs that took turns in 30 rounds each, as planned. */
function played(names: readonly string[]): Result {
  const rungs = names.map((name) => ({ name, factor: 1 }));
  const result = sampleLadderInTurns(rungs, 4, { groups: [names] });
  const benchmarks = result.benchmarks.map((benchmark) =>
    benchmark.store === "null" ? benchmark : { ...benchmark, samples: 30 }
  );
  return { ...result, benchmarks };
}

/** The benchmark that is cut short. */
const CUT = "write_throughput/10000";

/** Leaves the first of several blocks of a benchmark with five rounds of two seconds. */
function cut(result: Result): Result {
  const own = result.runs.filter(({ benchmark }) => benchmark.endsWith(`/${CUT}`));
  const first = own.map(({ startedAt }) => startedAt).toSorted()[0];
  assert.ok(own.length > 0);
  return {
    ...result,
    runs: result.runs.map((run) =>
      run.startedAt === first && own.includes(run)
        ? { ...run, samples: run.samples.slice(0, 5).map((sample) => ({ ...sample, ns: 2e9 })) }
        : run
    ),
  };
}

Deno.test("judgeLadder() says where slow batches left fewer rounds than planned, by groups", () => {
  const told = (result: Result) =>
    judgeLadder(result).remarks.filter(({ id }) => id === "fewer-rounds");
  assert.deepEqual(told(played(THREE)), [], "played to the end");
  const [remark, ...more] = told(cut(played(THREE)));
  assert.deepEqual(more, [], "of no other benchmark");
  assert.deepEqual([remark!.topic, remark!.about], ["measurement", [CUT]]);
  assert.equal(
    remark!.text,
    `In 1 of 4 groups of processes of ${CUT} the releases took turns in as few as 5 of 30 planned ` +
      "rounds: a batch was to take 1.500 ms, and took 2.000 s in the middle, 2.000 s on average and " +
      "2.000 s at most.",
  );
  const { turns: _, ...apart } = cut(played(THREE));
  assert.deepEqual(told(apart), [], "they had their time to themselves");
});

Deno.test("analyse() says where slow batches left fewer rounds with a control than planned", () => {
  const parts = ["tonight", "control"] as const;
  const withControl = (result: Result): Result => ({
    ...result,
    control: { differs: { release: "9.10.0" } },
    benchmarks: result.benchmarks.map((benchmark) => {
      const part = parts.find((name) => benchmark.store === `raw@${name}`);
      return part === undefined ? benchmark : { ...benchmark, part };
    }),
  });
  const told = (result: Result) =>
    analyse(result, { resamples: 100 }).findings.filter(({ id }) => id === "fewer-rounds");
  assert.deepEqual(told(withControl(played(parts))), [], "played to the end");
  const [remark, ...more] = told(withControl(cut(played(parts))));
  assert.deepEqual([remark!.about, more], [[`raw/${CUT}`], []]);
  assert.match(
    remark!.text,
    /^In 1 of 4 pairs of processes of raw\/\S+ tonight's and the control's took turns in as few as 5 of 30 /,
  );
});
