import assert from "node:assert/strict";
import { decodeHistogram } from "../result/mod.ts";
import { assemble } from "./import_result.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parsePytestBenchmark } from "./pytest_benchmark.ts";

/** Two rounds of ten calls, 1 µs and 3 µs a call, but for what is said. */
function file(stats: object = {}, more: object = {}, row: object = {}) {
  return textFile(JSON.stringify({
    machine_info: { machine: "x86_64", system: "Linux", cpu: { brand_raw: "Example", count: 8 } },
    commit_info: { id: "0123456789abcdef", dirty: false },
    benchmarks: [{
      fullname: "test_a.py::test_get",
      options: { timer: "perf_counter" },
      stats: {
        min: 1e-6,
        max: 3e-6,
        mean: 2e-6,
        rounds: 2,
        iterations: 10,
        data: [1e-6, 3e-6],
        ...stats,
      },
      ...row,
    }],
    datetime: "2026-01-02T03:04:05.678+01:00",
    version: "5.3.1",
    ...more,
  }));
}

Deno.test("parsePytestBenchmark() takes each round for a sample of its calls", () => {
  const [output] = parsePytestBenchmark(file());
  // 1e-6 s a call is 1,000 ns, and 10 calls are 10,000 ns.
  assert.deepEqual(
    output?.benchmarks[0]?.samples.map(({ iterations, ns }) => [
      iterations,
      Math.round(ns),
    ]),
    [[10, 10_000], [10, 30_000]],
  );
  assert.deepEqual(
    [output?.toolVersion, output?.environment, output?.endedAt?.toISOString()],
    [
      "5.3.1",
      { os: "linux", arch: "x86_64", cpuModel: "Example", logicalCpus: 8 },
      // 03:04:05 one hour east of Greenwich.
      "2026-01-02T02:04:05.000Z",
    ],
  );
});

Deno.test("parsePytestBenchmark() has latencies of single calls where a round is one", () => {
  const latency = (stats: object) => parsePytestBenchmark(file(stats))[0]!.benchmarks[0]!.latency;
  assert.equal(latency({}), undefined);
  const histogram = decodeHistogram(latency({ iterations: 1 })!.histogram);
  assert.deepEqual([histogram.totalCount, histogram.getValueAtPercentile(1)], [2, 1000]);
});

Deno.test("parsePytestBenchmark() names a test by its file, its function and its parameters", () => {
  const names = (name: string) =>
    parsePytestBenchmark(fixture(name)).flatMap(({ benchmarks }) =>
      benchmarks.map(({ name }) => name)
    );
  const expected = ["test_put[10]", "test_put[1000]", "test_get"].map((test) =>
    `test_store.py::${test}`
  );
  assert.deepEqual(names("pytest_benchmark.json"), expected);
  assert.deepEqual(names("pytest_benchmark_sums.json"), expected);
});

Deno.test("parsePytestBenchmark() has one mean with the rounds and without them", () => {
  const mean = (text: ReturnType<typeof file>) => {
    const { samples } = parsePytestBenchmark(text)[0]!.benchmarks[0]!;
    const sum = (key: "ns" | "iterations") => samples.reduce((all, sample) => all + sample[key], 0);
    return Math.round(sum("ns") / sum("iterations"));
  };
  // (1 µs + 3 µs) / 2.
  assert.equal(mean(file()), 2000);
  assert.equal(mean(file({ data: undefined })), 2000);
  const [output] = parsePytestBenchmark(file({ data: undefined, median: 2e-6 }));
  assert.deepEqual(output?.benchmarks[0]?.properties, {
    "pytest_benchmark.rounds": 2,
    "pytest_benchmark.min_s": 1e-6,
    "pytest_benchmark.max_s": 3e-6,
    "pytest_benchmark.median_s": 2e-6,
  });
  assert.ok(
    output?.warnings.some((warning) => warning.startsWith("Only the mean of the rounds is in")),
  );
});

Deno.test("parsePytestBenchmark() says what the file tells of its times", () => {
  const warnings = (...args: Parameters<typeof file>) =>
    parsePytestBenchmark(file(...args))[0]!.warnings;
  assert.ok(
    warnings({}, { datetime: "2026-01-02T03:04:05.1" }).includes(
      "pytest-benchmark prints its date without a time zone: it is taken for UTC.",
    ),
  );
  assert.ok(
    warnings({}, {}, { options: { timer: "process_time" } }).includes(
      "Timed by the processor's time and not by the clock: test_a.py::test_get.",
    ),
  );
  assert.ok(
    warnings({}, { commit_info: { id: "0123456", dirty: true } }).includes(
      "The tree had changes that were not committed.",
    ),
  );
});

Deno.test("assemble() refuses files of two commits as runs of one thing", () => {
  const outputs = ["0123456789", "aaaaaaaaaa"].flatMap((id) =>
    parsePytestBenchmark(file({ mean: 2e-6 + (id < "a" ? 0 : 1e-16) }, { commit_info: { id } }))
  );
  outputs[1]!.benchmarks[0]!.samples[0]!.ns++;
  assert.throws(() => assemble("pytest-benchmark", outputs, { version: "0", command: [] }), {
    name: "ResultError",
    message:
      'Cannot import output.txt: its commit is "aaaaaaaaaa", and "0123456789" in the output ' +
      "before; import each alone, and compare them",
  });
});

const BAD: [name: string, file: ReturnType<typeof textFile>, message: RegExp][] = [
  [
    "a mean of other rounds",
    file({ mean: 2.5e-6 }),
    /"benchmarks\.0\.stats\.mean" is not the mean of/,
  ],
  ["a round too few", file({ rounds: 3 }), /has 3 rounds of 10 calls and 2 times/],
  ["no call", file({ iterations: 0 }), /has 2 rounds of 0 calls/],
  ["half a call", file({ iterations: 0.5 }), /stats\.iterations is "0\.5", and must be a whole/],
  [
    "a mean beyond its bounds",
    file({ data: undefined, mean: 4e-6 }),
    /is not the mean of its rounds/,
  ],
  [
    "NaN",
    textFile(file().text.replace('"mean":0.000002', '"mean":NaN')),
    /"benchmarks\.0\.stats\.mean"/,
  ],
  [
    "rounds of 0",
    file({ min: 0, data: [0, 4e-6] }),
    /a round of 0 is shorter than the clock can tell/,
  ],
  [
    "no test",
    file({}, { benchmarks: [] }),
    /it has no benchmark; .* tests that failed, so mend them$/,
  ],
  ["a name with an escape", file({}, {}, { fullname: "\u001b[2J" }), /a test cannot have the name/],
];
Deno.test.each(BAD)(
  "parsePytestBenchmark() says what and where when it meets %s",
  (_name, file, message) => {
    assert.throws(() => parsePytestBenchmark(file), { name: "ResultError", message });
  },
);

Deno.test("parsePytestBenchmark() leaves a test out that cannot be read, and has the others", () => {
  const json = JSON.parse(file().text);
  const [row] = json.benchmarks;
  json.benchmarks.push({ ...row, fullname: "b", stats: { ...row.stats, mean: null } }, 7);
  const [output] = parsePytestBenchmark(textFile(JSON.stringify(json)));
  assert.deepEqual(output?.benchmarks.map(({ name }) => name), ["test_a.py::test_get"]);
  assert.ok(
    output?.warnings.includes(
      'Left out of output.txt: "benchmarks.1.stats.mean" is not what pytest-benchmark 3 or later ' +
        "writes; and so is 1 more.",
    ),
  );
});
