import assert from "node:assert/strict";
import { sampleRecords } from "./_testing/sample_journal.ts";
import { copyOf } from "./copies.ts";
import { resultFromJournal } from "./from_journal.ts";
import { parseResult } from "./read.ts";
import type { RunRecord, SampleRecord } from "./schema.ts";

const result = resultFromJournal({ path: "j", records: sampleRecords, torn: false, end: 0 });
const times = (...ns: number[]): SampleRecord[] =>
  ns.map((ns, i) => ({ iterations: 10, ns, atNs: i * 1e6 }));
const run = (run: number, samples: SampleRecord[]): RunRecord => ({
  ...result.runs[0]!,
  run,
  samples,
});

Deno.test("copyOf() finds the run that is there twice", () => {
  const runs = [run(0, times(1, 2, 3)), run(1, times(3, 2, 1)), run(0, times(4, 5, 6))];
  assert.equal(copyOf({ runs }), 'run 0 of "raw/put/100" is there twice; keep one of them');
  assert.equal(copyOf({ runs: [{ ...runs[0]!, superseded: true }, ...runs.slice(1)] }), undefined);
});

Deno.test("copyOf() finds a run's samples under another number, whenever they began", () => {
  const later = times(1, 2, 3).map((sample) => ({ ...sample, atNs: sample.atNs! + 5 }));
  assert.equal(
    copyOf({ runs: [run(0, times(1, 2, 3)), run(4, later)] }),
    'runs 0 and 4 of "raw/put/100" have the same samples; keep one of them',
  );
  assert.equal(copyOf({ runs: [run(0, times(1, 2, 3)), run(1, times(1, 2, 4))] }), undefined);
  const other = { ...run(0, times(1, 2, 3)), benchmark: "kvstore/put/100" };
  assert.equal(copyOf({ runs: [run(0, times(1, 2, 3)), other] }), undefined);
});

Deno.test("copyOf() takes few samples that are the same for a tool's rounding", () => {
  assert.equal(copyOf({ runs: [run(0, times(1000)), run(1, times(1000))] }), undefined);
});

/** Twelve times as a clock tells them, none of which is another run's. */
const measured = (seed: number) =>
  times(...Array.from({ length: 12 }, (_, i) => 4_000_000 + (seed * 7919 + i * 104_729) % 99_991));

/** A run that is another one in disguise. */
const DISGUISES: [what: string, disguise: (samples: SampleRecord[]) => SampleRecord[]][] = [
  [
    "in another order",
    (samples) =>
      samples.toReversed().map(({ iterations, ns }, i) => ({ iterations, ns, atNs: i * 1e6 })),
  ],
  [
    "of twice the iterations in twice the time",
    (samples) => samples.map((sample) => ({ ...sample, iterations: 20, ns: 2 * sample.ns })),
  ],
  ["without one sample", (samples) => samples.slice(1)],
  ["with a sample of its own", (samples) => [...samples, { iterations: 10, ns: 7, atNs: 1e9 }]],
  ["without times of day", (samples) => samples.map((sample) => ({ ...sample, atNs: null }))],
];

for (const [what, disguise] of DISGUISES) {
  Deno.test(`copyOf() knows a run's samples again ${what}`, () => {
    const runs = [run(0, measured(1)), run(1, measured(2)), run(2, disguise(measured(1)))];
    assert.equal(
      copyOf({ runs }),
      'runs 0 and 2 of "raw/put/100" have the same samples; keep one of them',
    );
    assert.equal(copyOf({ runs: runs.slice(0, 2) }), undefined);
  });
}

Deno.test("copyOf() finds samples that a run has twice, one after the other or all over again", () => {
  const one = measured(1);
  const inPairs = one.flatMap((sample) => [sample, sample]);
  assert.match(copyOf({ runs: [run(0, inPairs)] })!, /^run 0 of "raw\/put\/100" has a sample that/);
  const timeless = (samples: SampleRecord[]) => samples.map((each) => ({ ...each, atNs: null }));
  for (const doubled of [inPairs, [...one, ...one]]) {
    assert.equal(
      copyOf({ runs: [run(0, timeless(doubled))] }),
      'run 0 of "raw/put/100" has every sample 2 times; keep each sample once',
    );
  }
  // As a tool rounds.
  const rounded = timeless(times(...Array.from({ length: 30 }, (_, i) => 1000 + i % 4)));
  assert.equal(copyOf({ runs: [run(0, rounded), run(1, rounded.slice(1))] }), undefined);
});

Deno.test("copyOf() finds one histogram in two runs", () => {
  const latency = { unit: "ns" as const, count: 1000, histogram: "HISTFAAA" };
  const runs = [1, 2].map((number) => ({ ...run(number, measured(number)), latency }));
  assert.match(copyOf({ runs })!, /^runs 1 and 2 of "raw\/put\/100" have the same histogram; /);
  const few = runs.map((run) => ({ ...run, latency: { ...latency, count: 20 } }));
  assert.equal(copyOf({ runs: few }), undefined);
});

Deno.test("parseResult() refuses what is there twice, and values that no clock gives, with the place", () => {
  const refusal = (changed: object) => {
    try {
      parseResult(JSON.stringify({ ...result, ...changed }), "r.json");
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
  const runs = [run(0, times(1, 2, 3)), run(1, times(1, 2, 3))];
  assert.match(refusal({ runs })!, /^Cannot read the result r\.json: runs 0 and 1 of "raw\/put/);
  assert.match(
    refusal({ benchmarks: [...result.benchmarks, result.benchmarks[0]] })!,
    /^Cannot read the result r\.json: benchmarks: have each benchmark's id once; make it again/,
  );
  assert.match(
    refusal({ runs: [run(0, times(1e308))] })!,
    /^Cannot read the result r\.json: runs\.0\.samples\.0\.ns: give a time that a clock can measure/,
  );
  assert.match(refusal({ startedAt: "x" })!, /: startedAt: give a time in UTC such as 2026-01-02T/);
  assert.equal(refusal({}), undefined);
});
