import assert from "node:assert/strict";
import { decodeHistogram, parseResult } from "../result/mod.ts";
import { FORMATS } from "./format.ts";
import { FIXTURES, withProcesses } from "./_testing/fixtures.ts";
import { assemble, type ImportOptions, importResult } from "./import_result.ts";
import type { Imported } from "./imported.ts";

const OPTIONS: ImportOptions = { version: "0.1.0", command: ["import"] };
const OUTPUTS: [format: string, name: string][] = [
  ["criterion", "criterion"],
  ["db_bench", "db_bench.txt"],
  ["db_bench", "db_bench_histogram.txt"],
  ["benchmark.sh", "report.tsv"],
  ["ycsb", "ycsb.txt"],
  ["go-ycsb", "go_ycsb.txt"],
  ["hdr", "READ.hdr"],
  ["go", "go_benchmark.txt"],
  ["google-benchmark", "google_benchmark.json"],
  ["google-benchmark", "google_benchmark_1.9.json"],
  ["google-benchmark", "google_benchmark_aggregates.json"],
  ["hyperfine", "hyperfine.json"],
  ["hyperfine", "hyperfine_failed.json"],
  ["pytest-benchmark", "pytest_benchmark.json"],
  ["pytest-benchmark", "pytest_benchmark_3.json"],
  ["pytest-benchmark", "pytest_benchmark_sums.json"],
  ["asv", "asv.json"],
  ["asv", "asv_1.json"],
  ["asv", "asv_medians.json"],
  ["fio", "fio.json"],
  ["fio", "fio_threads.json"],
  ["fio", "fio_clients.json"],
  ["fio", "fio_failed.json"],
  ["k6", "k6_export.json"],
  ["k6", "k6_handle.json"],
  ["k6", "k6_new.json"],
];

Deno.test.each(OUTPUTS)(
  "importResult() makes a result that can be read back of %s (%s)",
  (format, name) => {
    const result = importResult([`${FIXTURES}/${name}`], OPTIONS);
    assert.deepEqual(parseResult(JSON.stringify(result), "result.json"), result);
    assert.equal(result.imported?.format, format);
    assert.ok((FORMATS as readonly string[]).includes(format));
    assert.deepEqual(result.imported.files, [name]);
    assert.ok(result.complete);
    // What no output has is said, and not made up.
    const { environment } = result;
    assert.deepEqual(
      [environment.kernel, environment.memoryBytes, environment.host, environment.runtime],
      [null, null, null, null],
    );
    for (const run of result.runs) {
      assert.deepEqual([run.clock, run.warmup, run.pressure], [null, null, null]);
      assert.equal(
        run.latency === null,
        !["hdr", "hyperfine"].includes(format) &&
          !(name === "fio_threads.json" && run.benchmark.endsWith("/clat")),
      );
    }
    assert.ok(!JSON.stringify(result).includes(FIXTURES), "the way to a file may name a user");
  },
);

Deno.test("importResult() takes files of one form for runs", () => {
  withProcesses("db_bench.txt", 3, "84783", (paths) => {
    const result = importResult(paths, { ...OPTIONS, store: "rocks" });
    assert.equal(result.profile.runs, 3);
    assert.deepEqual(result.benchmarks.map(({ id, runs }) => [id, runs]), [
      ["rocks/fillseq", 3],
      // Its three samples are the same in all files, and would make a result that cannot be read.
      ["rocks/readrandom", 1],
      ["rocks/readwhilewriting", 3],
    ]);
    assert.deepEqual(
      result.runs.filter(({ benchmark }) => benchmark === "rocks/fillseq").map(({ run }) => run),
      [0, 1, 2],
    );
    assert.deepEqual(parseResult(JSON.stringify(result), "result.json"), result);
  });
});

Deno.test("importResult() makes percentiles of several runs from the buckets that db_bench prints", () => {
  withProcesses("db_bench_histogram.txt", 3, "23.5495", (paths) => {
    const { runs, warnings } = importResult(paths, OPTIONS);
    const own = runs.filter(({ benchmark }) => benchmark === "db_bench/fillrandom/latency");
    assert.equal(own.length, 3);
    for (const { latency, stated } of own) {
      assert.equal(stated, undefined);
      const histogram = decodeHistogram(latency!.histogram);
      assert.equal(histogram.totalCount, 10_000);
      // db_bench's own are 8.09, 9.33, 40.02 and 12633.33 µs.
      for (const [percentile, micros] of [[50, 8.09], [75, 9.33], [99, 40.02], [99.99, 12633]]) {
        const ns = histogram.getValueAtPercentile(percentile!);
        assert.ok(Math.abs(ns / micros! / 1e3 - 1) < 0.01, `p${percentile}: ${ns}`);
      }
      assert.equal(histogram.maxValue > 13_280_000 && histogram.maxValue < 13_300_000, true);
    }
    assert.equal(warnings.filter((warning) => /made of the runs' buckets/.test(warning)).length, 1);
    // What one run stated stands as it was stated.
    const one = importResult([paths[0]!], OPTIONS);
    const said = (about: RegExp) => one.warnings.filter((warning) => about.test(warning)).length;
    assert.equal(
      said(/^The tool printed percentiles with the buckets that they are of: those of/),
      1,
    );
    assert.equal(said(/without their histogram/), 0, "which it printed");
    const [alone] = one.runs
      .filter(({ benchmark }) => benchmark === "db_bench/fillrandom/latency");
    assert.equal(alone!.latency, null);
    assert.equal(alone!.stated!.p99, 40_020);
  });
});

Deno.test("importResult() counts what is the same again once, and says so", () => {
  withProcesses("db_bench.txt", 2, "84783", ([first, second]) => {
    const copy = `${FIXTURES}/db_bench.txt`;
    const { profile, warnings } = importResult([copy, first!, copy, second!], OPTIONS);
    assert.equal(profile.runs, 3);
    assert.ok(warnings.includes(
      "What db_bench.txt holds is what db_bench.txt holds already: it is counted once.",
    ));
  });
});

Deno.test("importResult() counts a benchmark once whose samples are in two outputs", () => {
  const outputs = [1, 2].map((last): Imported => ({
    tool: "a tool",
    toolVersion: null,
    files: [`${last}.json`],
    startedAt: null,
    endedAt: null,
    modified: null,
    environment: {},
    benchmarks: ["same", "other"].map((name) => ({
      name,
      kind: "latency",
      sampling: "flat",
      elements: 1,
      workload: {},
      samples: [5, 6, name === "same" ? 7 : last].map((ns) => ({ iterations: 1, ns, atNs: null })),
    })),
    warnings: [],
  }));
  const result = assemble("hyperfine", outputs, OPTIONS);
  assert.deepEqual(parseResult(JSON.stringify(result), "result.json"), result);
  assert.deepEqual(result.benchmarks.map(({ name, runs }) => [name, runs]), [
    ["same", 1],
    ["other", 2],
  ]);
  assert.ok(result.warnings.includes(
    "What 2.json says of same is what 1.json says already: it is counted once.",
  ));
});

/** Imports outputs that are written to files in this order. */
function importTexts(texts: readonly string[], ending: string) {
  const folder = Deno.makeTempDirSync();
  try {
    const paths = texts.map((text, index) => {
      const path = `${folder}/${index}${ending}`;
      Deno.writeTextFileSync(path, text);
      return path;
    });
    return importResult(paths, OPTIONS);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("importResult() takes no outputs under other conditions for runs of one benchmark", () => {
  const go = (commit: string, ns: number) =>
    `goos: linux\npkg: x\ncommit: ${commit}\nBenchmarkGet-4 10000 ${ns} ns/op\n`;
  assert.throws(() => importTexts([go("aaaa", 1000), go("bbbb", 3000)], ".txt"), {
    name: "ResultError",
    message:
      /1\.txt: "commit" is "bbbb" for .*Get-4.*, and "aaaa" in the output before; import each/,
  });
  // The same figures under another one are no copy.
  assert.throws(() => importTexts([go("aaaa", 1000), go("bbbb", 1000)], ".txt"), /"commit" is/);
  const without = go("", 3000).replace(/commit.*\n/, "");
  assert.throws(() => importTexts([go("aaaa", 1000), without], ".txt"), /is "not said" for/);
  assert.equal(importTexts([go("aaaa", 1000), go("aaaa", 3000)], ".txt").runs.length, 2);
  const dbBench = ({ version = "10.4.2", bytes = 100, micros = 40 } = {}) =>
    `RocksDB:    version ${version}\nValues:     ${bytes} bytes each (50 bytes after compression)\n` +
    `readrandom   :      ${micros}.000 micros/op ${1e6 / micros} ops/sec;    2.8 MB/s\n`;
  const [first, slower] = [dbBench(), dbBench({ micros: 50 })];
  assert.equal(importTexts([first, slower], ".txt").runs.length, 2);
  const changes: [text: string, message: RegExp][] = [
    [dbBench({ version: "8.1", micros: 50 }), /"version" is "8\.1" for .*, and "10\.4\.2" in the/],
    [dbBench({ bytes: 400, micros: 50 }), /"valueBytes" is "400" for .*, and "100" in the/],
  ];
  for (const [text, message] of changes) {
    assert.throws(() => importTexts([first, text], ".txt"), message);
  }
  const other = go("bbbb", 3000).replace("Get", "Put");
  assert.equal(importTexts([go("aaaa", 1000), other], ".txt").benchmarks.length, 2);
});

Deno.test("importResult() takes no median and no mean for runs of one benchmark", () => {
  const asv = (samples: number[][] | null) =>
    JSON.stringify({
      commit_hash: "3425bba3",
      env_name: "virtualenv",
      params: {},
      result_columns: ["result", "params", "samples"],
      results: { "store.time_get": [[2e-6], [], samples] },
      version: 2,
    });
  assert.throws(() => importTexts([asv([[1e-6, 2e-6, 6e-6]]), asv(null)], ".json"), {
    name: "ResultError",
    message:
      /1\.json: the time of "store\.time_get" is a median, and a mean in the output before; import/,
  });
  assert.equal(importTexts([asv(null)], ".json").benchmarks[0]!.estimator, "median");
});

Deno.test("importResult() names results of other content by other ids, whatever their files' times", () => {
  withProcesses("db_bench.txt", 2, "84783", (paths) => {
    const [a, b] = paths.map((path) => {
      Deno.utimeSync(path, 1e9, 1e9);
      return importResult([path], OPTIONS).id;
    });
    assert.notEqual(a, b);
    assert.equal(importResult([paths[0]!], OPTIONS).id, a);
  });
});

Deno.test("importResult() takes baselines of a criterion tree for runs", () => {
  const result = importResult([`${FIXTURES}/criterion`], {
    ...OPTIONS,
    baselines: ["new", "second", "third"],
    operations: new Map([["write_throughput/10000", "put"]]),
  });
  const benchmark = result.benchmarks.find(({ name }) => name === "write_throughput/10000");
  assert.equal(benchmark?.runs, 3);
  assert.equal(benchmark.workload.operation, "put");
  assert.equal(result.benchmarks.find(({ name }) => name.startsWith("copy"))?.runs, 1);
});

Deno.test("importResult() refuses a file of another form beside the first", () => {
  assert.throws(
    () => importResult([`${FIXTURES}/db_bench.txt`, `${FIXTURES}/ycsb.txt`], OPTIONS),
    { name: "ResultError", message: /ycsb\.txt: it is ycsb, and the files before it are db_bench/ },
  );
});

/** Runs a test with a file that holds a text. */
function withFile(
  name: string,
  text: string | Uint8Array<ArrayBuffer>,
  test: (path: string) => void,
) {
  const directory = Deno.makeTempDirSync();
  try {
    const path = `${directory}/${name}`;
    Deno.writeFileSync(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
    test(path);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const UNREADABLE: [
  name: string,
  file: string,
  text: string | Uint8Array<ArrayBuffer>,
  message: RegExp,
][] = [
  [
    "no known form",
    "a.txt",
    "hello\n",
    /it is of no form that is known; there is criterion, db_bench,/,
  ],
  ["an empty file", "a.txt", "", /it is empty; name what the tool printed/],
  ["bytes that are no text", "a.bin", Uint8Array.of(0xff, 0xfe, 0x00), /it is not text in UTF-8/],
  ["JSON of no known form", "a.json", '{"a":1}', /it is of no form that is known/],
  [
    "JSON that is cut off",
    "a.json",
    '{"fio version":"fio-3.33","jobs":[',
    /it is no whole JSON; let its tool come to its end, and name all of it$/,
  ],
  ["one file of criterion's", "sample.json", "{}", /one file of criterion's; name its target/],
  [
    "two forms in one file",
    "a.txt",
    "BenchmarkX 1 2 ns/op\n[OVERALL], RunTime(ms), 1\n",
    /it may be ycsb or go; say which with --format/,
  ],
];
Deno.test.each(UNREADABLE)(
  "importResult() says what it is when it meets %s",
  (_name, file, text, message) => {
    withFile(file, text, (path) => {
      assert.throws(() => importResult([path], OPTIONS), { name: "ResultError", message });
    });
  },
);

Deno.test("importResult() refuses 2 GB before it reads them", () => {
  withFile("big.txt", "", (path) => {
    // A sparse file takes no room on the disk.
    Deno.truncateSync(path, 2 * 1024 ** 3);
    assert.throws(() => importResult([path], OPTIONS), {
      name: "ResultError",
      message: /it has 2048 MB, and no tool's summary is above 64 MB/,
    });
  });
});

Deno.test("importResult() refuses a device, which has no end", () => {
  assert.throws(() => importResult(["/dev/zero"], OPTIONS), { message: /not a regular file/ });
});

Deno.test("importResult() tells a hostile path in one line", () => {
  assert.throws(() => importResult(["no\nsuch\u001b[31mfile"], OPTIONS), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^Cannot import no\\u000asuch\\u001b\[31mfile: there is no such/);
    return true;
  });
});
