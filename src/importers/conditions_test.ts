import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseText, type TextFormatName } from "./format.ts";
import { assemble } from "./import_result.ts";

const OPTIONS = { version: "0.0.0", command: [] };

/** Takes a file and the same with something changed for two runs. */
function runsOf(format: TextFormatName, text: string, changed: string) {
  assert.notEqual(changed, text, "nothing was changed");
  const outputs = [text, changed].flatMap((each) => parseText(format, textFile(each), "us"));
  return assemble(format, outputs, OPTIONS);
}

/** A change of a real output: what is replaced by what, and the key that the refusal names. */
type Change = [from: string | RegExp, to: string, key: string];

const CONDITIONS: [format: TextFormatName, fixture: string, changes: Change[]][] = [
  ["google-benchmark", "google_benchmark_1.9.json", [
    ['"host_name": "node01"', '"host_name": "node02"', "host_name"],
    ['"library_build_type": "release"', '"library_build_type": "debug"', "library_build_type"],
    ['"library_version": "1.9.5"', '"library_version": "1.8.0"', "library_version"],
    ['"mhz_per_cpu": 2445', '"mhz_per_cpu": 3200', "mhz_per_cpu"],
    ['"num_cpus": 2', '"num_cpus": 64', "num_cpus"],
    ['"size": 33554432', '"size": 16777216', "caches"],
    ['"cpu_scaling_enabled": false', '"cpu_scaling_enabled": true', "cpu_scaling_enabled"],
    ['"executable": "gb/p.py"', '"executable": "other/p.py"', "executable"],
    // What a caller added to the context.
    ['"num_cpus": 2,', '"num_cpus": 2, "commit": "bbbb",', "commit"],
  ]],
  ["pytest-benchmark", "pytest_benchmark.json", [
    ['"node": "node01"', '"node": "node02"', "machine_info.node"],
    ['"python_version": "3.11.7"', '"python_version": "3.13.1"', "machine_info.python_version"],
    ['"release": "6.1.0"', '"release": "6.12.0"', "machine_info.release"],
    ['"brand_raw": "AMD EPYC"', '"brand_raw": "Another"', "cpuModel"],
    ['"disable_gc": false', '"disable_gc": true', "options.disable_gc"],
  ]],
  ["asv", "asv.json", [
    ['"machine": "node01"', '"machine": "node02"', "machine"],
    ['"cpu": "Example 3000"', '"cpu": "Example 4000"', "cpuModel"],
    ["248167ef9f", "148167ef9f", "version of the benchmark"],
  ]],
  ["fio", "fio.json", [
    [/"bs" : "4k"|"bs": "4k"/, '"bs": "64k"', "bs"],
    [/"fsync" : "16"|"fsync": "16"/, '"fsync": "1"', "fsync"],
    ['"fio-3.33"', '"fio-3.41"', "version of fio"],
  ]],
  ["k6", "k6_new.json", [
    [/"script": *"[^"]*"/, '"script": "other.js"', "script"],
    ["1.8.1", "1.7.0", "version of k6"],
  ]],
  ["ycsb", "ycsb.txt", [
    ["workloads/workloada", "workloads/workloadc", "-P"],
    ["-threads 4", "-threads 4 -p recordcount=1000", "recordcount"],
    ["rocksdb.RocksDBClient", "BasicDB", "-db"],
    ["-threads 4", "-threads 8", "clients"],
    ["0.17.0", "0.15.0", "version of YCSB"],
  ]],
  ["go-ycsb", "go_ycsb.txt", [
    ['"recordcount"="10000"', '"recordcount"="1000000"', "recordcount"],
    ['"workload"="core"', '"workload"="core"\n"readproportion"="0.95"', "readproportion"],
  ]],
  ["db_bench", "db_bench.txt", [
    ["Memtablerep: SkipListFactory", "Memtablerep: VectorRepFactory", "Memtablerep"],
    ["Write rate: 0 bytes", "Write rate: 1000000 bytes", "Write rate"],
    ["(50 bytes after compression)", "(25 bytes after compression)", "Values"],
    ["2 * AMD EPYC", "64 * AMD EPYC", "logicalCpus"],
    [/WARNING: Assertions.*\n/, "", "WARNING"],
  ]],
];

for (const [format, name, changes] of CONDITIONS) {
  const { text } = fixture(name);
  for (const [from, to, key] of changes) {
    Deno.test(`importResult() refuses runs of ${format} that differ in ${key}, and names it`, () => {
      assert.throws(() => runsOf(format, text, text.replace(from, to)), {
        name: "ResultError",
        message: new RegExp(
          `"?${key.replaceAll(".", "\\.")}"? is .*in the output before; import each alone`,
        ),
      });
    });
  }
}

const OUTCOMES: [format: TextFormatName, fixture: string, from: string | RegExp, to: string][] = [
  ["google-benchmark", "google_benchmark_1.9.json", '"mhz_per_cpu": 2445', '"mhz_per_cpu": 2450'],
  ["google-benchmark", "google_benchmark_1.9.json", "3.88721,4.23438", "0.1,0.2"],
  ["google-benchmark", "google_benchmark_1.9.json", "14:57:14", "15:57:14"],
  ["pytest-benchmark", "pytest_benchmark.json", '"min_rounds": 5', '"min_rounds": 9'],
  ["fio", "fio.json", /"size" ?:/, '"directory": "/data/b", "size":'],
  ["ycsb", "ycsb.txt", "rocksdb.dir=data", "rocksdb.dir=other"],
  ["go-ycsb", "go_ycsb.txt", '"workload"="core"', '"workload"="core"\n"rocksdb.dir"="/data/2"'],
  ["db_bench", "db_bench.txt", /DB path: .*/, "DB path: [/data/2]"],
];

Deno.test.each(OUTCOMES)(
  "importResult() takes outputs of %s for runs that differ in what is new each time (%s)",
  (format, name, from, to) => {
    const { text } = fixture(name);
    runsOf(format, text, text.replace(from, to));
  },
);

Deno.test("parseText() takes several db_benches in one file for runs, each under its own head", () => {
  const { text } = fixture("db_bench.txt");
  const again = text.replaceAll("84783", "84784").replaceAll("299186", "299187");
  const { runs, benchmarks, warnings } = assemble(
    "db_bench",
    parseText("db_bench", textFile(text + again)),
    OPTIONS,
  );
  assert.deepEqual(benchmarks.map(({ name, samples }) => [name, samples]), [
    ["fillseq", 1],
    ["readrandom", 3],
    ["readwhilewriting", 1],
  ]);
  assert.ok(runs.length > benchmarks.length);
  assert.ok(warnings.some((warning) => /has the outputs of 2 processes/.test(warning)));
  const other = again.replaceAll("Values:     100 bytes", "Values:     1000 bytes");
  assert.throws(
    () => assemble("db_bench", parseText("db_bench", textFile(text + other)), OPTIONS),
    /"valueBytes" is "1000" for "fillseq", and "100" in the output before/,
  );
  // A line is named by its place in the file.
  const line = (text + again).split("\n").findIndex((each) => each.includes("84784")) + 1;
  const damaged = textFile(text + again.replace("84784 ops/sec", "x ops/sec"));
  const named = assemble("db_bench", parseText("db_bench", damaged), OPTIONS).warnings;
  assert.match(named.join("\n"), new RegExp(`line ${line}: the rate of fillseq`));
});

Deno.test("parseText() takes HDR logs one after the other in one file each under its own head", () => {
  const { text } = fixture("READ.hdr");
  const update = text.replace("Logging for: READ", "Logging for: UPDATE");
  const both = assemble("hdr", parseText("hdr", textFile(text + update)), OPTIONS);
  assert.deepEqual(both.benchmarks.map(({ name, runs }) => [name, runs]), [
    ["READ", 1],
    ["UPDATE", 1],
  ]);
  const lines = text.split("\n");
  const [head, first, second] = [[0, 4], [4, 9], [9]].map((range) => lines.slice(...range));
  const log = [...head!, ...first!, ...head!, ...second!].join("\n");
  const again = assemble("hdr", parseText("hdr", textFile(log)), OPTIONS);
  assert.deepEqual(again.benchmarks.map(({ name, runs }) => [name, runs]), [["READ", 2]]);
});
