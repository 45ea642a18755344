import assert from "node:assert/strict";
import { parseDbBench } from "./db_bench.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";

Deno.test("parseDbBench() reads rates, repeats and the head when db_bench 7.8.3 wrote them", () => {
  const { toolVersion, environment, benchmarks, warnings } = parseDbBench(fixture("db_bench.txt"));
  assert.equal(toolVersion, "7.8.3");
  assert.deepEqual(environment, { logicalCpus: 2, cpuModel: "AMD EPYC" });
  assert.deepEqual(
    benchmarks.map(({ name, kind, samples }) => [name, kind, samples.length]),
    [["fillseq", "throughput", 1], ["readrandom", "throughput", 3], [
      "readwhilewriting",
      "throughput",
      1,
    ]],
  );
  const [fillseq, readrandom, mixed] = benchmarks;
  // 5000 operations at 84783 ops/sec, cut off: finer than the 0.059 s beside it.
  assert.deepEqual(fillseq?.samples, [{ iterations: 5000, ns: 5000 / 84783.5 * 1e9, atNs: null }]);
  assert.deepEqual(fillseq.workload, {
    operation: "put",
    keys: 5000,
    keyBytes: 16,
    valueBytes: 100,
    order: "sequential",
  });
  assert.equal(readrandom?.workload.operation, "get");
  assert.equal(readrandom.workload.order, undefined, "its keys are random");
  assert.equal(mixed?.workload.operation, null, "reads beside writes are no one operation");
  assert.deepEqual(fillseq.store, {
    engine: "RocksDB",
    version: "7.8.3",
    library: "db_bench",
    api: "sync",
    durability: null,
    network: false,
    options: { compression: "NoCompression" },
  });
  assert.match(warnings[0]!, /Assertions are enabled/);
});

Deno.test("parseDbBench() has a latency benchmark with what was stated when there is a histogram", () => {
  const { benchmarks } = parseDbBench(fixture("db_bench_histogram.txt"));
  assert.deepEqual(benchmarks.map(({ name }) => name), [
    "fillrandom",
    "fillrandom/latency",
    "readrandom",
    "readrandom/latency",
  ]);
  const latency = benchmarks[1]!;
  assert.deepEqual(latency.stated, {
    count: 10000,
    mean: 23549.5,
    min: 5000,
    max: 13283000,
    p50: 8090,
    p75: 9330,
    p99: 40020,
    p999: 4400000,
    p9999: 12633330,
  });
  assert.equal(latency.samples[0]!.ns / latency.samples[0]!.iterations, 23549.5);
  assert.equal(latency.latency, undefined, "a table of coarse buckets is no histogram");
});

Deno.test("parseDbBench() takes a second at the rate when the version prints no count", () => {
  const text = "overwrite    :       7.939 micros/op 125963 ops/sec;   50.5 MB/s\n";
  const [benchmark] = parseDbBench(textFile(text)).benchmarks;
  assert.deepEqual(benchmark?.samples, [{ iterations: 125963, ns: 1e9, atNs: null }]);
  assert.equal(benchmark.store, undefined, "no version was printed");
});

const LINE = "fillseq      :       6.730 micros/op 148524 ops/sec 0.135 seconds 20000 operations;";
const BAD: [name: string, text: string, message: RegExp][] = [
  ["no benchmark", "hello\n", /it has no db_bench benchmark; name the text/],
  ["NaN", LINE.replace("148524", "nan"), /line 1: the rate of fillseq is "nan", and must be zero/],
  ["a negative time", LINE.replace("6.730", "-6.730"), /the time of fillseq is "-6\.730"/],
  ["no time", LINE.replace("0.135", "0.000"), /the duration of fillseq is "0\.000"/],
  ["no operation", LINE.replace("20000", "0"), /fillseq did no operation/],
  ["figures of two lines", LINE.replace("20000", "90000"), /contradict each other/],
  ["a torn line", LINE.slice(0, 40), /line 1: the line of a benchmark is cut off/],
  ["a torn histogram", `${LINE}\nCount: 5 Average: 1.0  StdDev: 1\n`, /line 2: a histogram has no/],
  [
    "falling percentiles",
    `${LINE}\nCount: 5 Average: 1.0  StdDev: 1\nPercentiles: P50: 3 P99: 2\n`,
    /line 3: its percentiles fall/,
  ],
  ["a name that is not seen", LINE.replace("fillseq", "fill\u202eseq"), /"fill\\u202eseq" has/],
];
Deno.test.each(BAD)(
  "parseDbBench() says what and where when it meets %s",
  (_name, text, message) => {
    assert.throws(() => parseDbBench(textFile(text)), { name: "ResultError", message });
  },
);
