import assert from "node:assert/strict";
import { parseAsv } from "./asv.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";

/** A file of form 2 with one benchmark's row. */
function file(row: unknown, more: object = {}) {
  return textFile(JSON.stringify({
    commit_hash: "3425bba3",
    env_name: "virtualenv-py3.11",
    params: { os: "Linux", arch: "x86_64", cpu: "Example", num_cpu: "2" },
    result_columns: [
      "result",
      "params",
      "version",
      "started_at",
      "duration",
      "stats_number",
      "samples",
    ],
    results: { "store.time_get": row },
    version: 2,
    ...more,
  }));
}

/** Each benchmark with its samples: calls, and ns for one. */
const samplesOf = (output: ReturnType<typeof parseAsv>) =>
  output.benchmarks.map(({ name, samples }) => [
    name,
    samples.map(({ iterations, ns }) => [iterations, Math.round(ns / iterations)]),
  ]);

Deno.test("parseAsv() takes the samples of each combination, the last parameter changing first", () => {
  const output = parseAsv(file([
    [1e-6, 2e-6, 3e-6, 4e-6],
    [["10", "20"], ["'a'", "'b'"]],
    "v",
    1_700_000_000_000,
    1.5,
    [20, 20, 20, 5],
    [[0.5e-6, 1.5e-6], [2e-6], [3e-6], [4e-6]],
  ]));
  // 0.5e-6 s is 500 ns.
  assert.deepEqual(samplesOf(output), [
    ["store.time_get(10, 'a')", [[20, 500], [20, 1500]]],
    ["store.time_get(10, 'b')", [[20, 2000]]],
    ["store.time_get(20, 'a')", [[20, 3000]]],
    ["store.time_get(20, 'b')", [[5, 4000]]],
  ]);
  assert.deepEqual(
    [output.startedAt?.getTime(), output.endedAt?.getTime()],
    [1_700_000_000_000, 1_700_000_001_500],
  );
  assert.deepEqual(output.subject, { commit: "3425bba3", environment: "virtualenv-py3.11" });
  assert.deepEqual(output.environment, {
    os: "linux",
    arch: "x86_64",
    cpuModel: "Example",
    logicalCpus: 2,
  });
});

Deno.test("parseAsv() says that without samples a time is a median", () => {
  const output = parseAsv(file([[1.5e-6], []]));
  assert.deepEqual(samplesOf(output), [["store.time_get", [[1, 1500]]]]);
  assert.deepEqual(output.warnings, [
    "The samples of store.time_get are not in the file, only their median, which stands for the mean " +
    "and has no interval; asv run --record-samples keeps them.",
  ]);
});

Deno.test("parseAsv() tells what failed from what was skipped, in a real file", () => {
  const output = parseAsv(fixture("asv.json"));
  assert.deepEqual(output.benchmarks.map(({ name, samples }) => [name, samples.length]), [
    ["store.TimeStore.time_get(10, 'dict')", 8],
    ["store.TimeStore.time_get(1000, 'dict')", 8],
    ["store.TimeStore.time_scan(10, 'dict')", 8],
    ["store.TimeStore.time_scan(10, 'list')", 8],
    ["store.TimeStore.time_scan(1000, 'dict')", 8],
    ["store.time_put", 10],
  ]);
  assert.deepEqual(output.warnings, [
    "Failed, and left out: store.TimeStore.time_get(10, 'list').",
    "Skipped, and left out: store.TimeStore.time_get(1000, 'list') and " +
    "store.TimeStore.time_scan(1000, 'list').",
    "No times, and left out: store.peakmem_store and store.track_size.",
  ]);
});

Deno.test("parseAsv() reads form 1: values alone, and objects with parameters", () => {
  const output = parseAsv(fixture("asv_1.json"));
  assert.deepEqual(samplesOf(output), [
    ["store.time_get", [[1, 150_000]]],
    ["store.time_scan(1, 'dict')", [[10, 900_000], [10, 1_200_000]]],
    ["store.time_scan(1, 'list')", [[1, 2_000_000]]],
    ["store.time_scan(2, 'list')", [[5, 4_000_000], [5, 5_000_000]]],
  ]);
  assert.deepEqual(output.warnings.slice(0, 3), [
    "Failed, and left out: store.time_broken and store.time_scan(2, 'dict').",
    "Skipped, and left out: store.time_elsewhere.",
    "No times, and left out: store.mem_index.",
  ]);
  // The commit is of 2013; it was measured on 1 January 2019, until 30 s after midnight.
  assert.equal(output.startedAt?.toISOString(), "2019-01-01T00:00:00.000Z");
  assert.equal(output.endedAt?.toISOString(), "2019-01-01T00:00:30.000Z");
});

Deno.test("parseAsv() does not take the commit's date for when it was measured", () => {
  assert.equal(parseAsv(file([[1e-6], []], { date: 1_600_000_000_000 })).startedAt, null);
});

const BAD: [name: string, file: ReturnType<typeof textFile>, message: RegExp][] = [
  [
    "a combination too few",
    file([[1, 2, 3], [["1", "2"], ["3", "4"]]]),
    /"store\.time_get" has 3 values for 2 × 2 parameters; take the file as asv wrote it$/,
  ],
  ["a negative time", file([[-1], []]), /a time of "results\.store\.time_get\.0" is "-1"/],
  ["a time of 0", file([[0], []]), /is "0", and must be above zero; measure again$/],
  ["a text for a time", file([["1"], []]), /"results\.store\.time_get\.result\.0" is not what asv/],
  ["samples of no call", file([[1], [], "", 1, 1, [0], [[1]]]), /has samples of no call/],
  [
    "no columns",
    file([[1], []], { result_columns: undefined }),
    /does not say what its columns are/,
  ],
  ["a later form", file([[1], []], { version: 3 }), /it is of asv's form 3, and 1 and 2 are known/],
  ["only failures", file([[null], []]), /Failed, and left out: store\.time_get; name the results/],
  ["no benchmark", file(1, { results: {} }), /it has no benchmark; name the results/],
  [
    "a parameter with an escape",
    file([[1], [["\u001b[2J"]]]),
    /cannot have the name "store\.time_get\(\\u001b\[2J\)"/,
  ],
];
Deno.test.each(BAD)("parseAsv() says what and where when it meets %s", (_name, file, message) => {
  assert.throws(() => parseAsv(file), { name: "ResultError", message });
});

Deno.test("parseAsv() leaves values and benchmarks out that cannot be read, and has the others", () => {
  const output = parseAsv(file([[1e-6, -1], [["1", "2"]]], {
    results: {
      "store.time_get": [[1e-6, -1], [["1", "2"]]],
      "store.time_put": [["1"], []],
      "store.time_scan": [[1, 2, 3], [["1", "2"]]],
    },
  }));
  assert.deepEqual(samplesOf(output), [["store.time_get(1)", [[1, 1000]]]]);
  assert.ok(output.warnings.includes(
    'Left out of output.txt: a time of "results.store.time_get.1" is "-1", and must be zero or more; ' +
      "and so are 2 more.",
  ));
});
