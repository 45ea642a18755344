import assert from "node:assert/strict";
import { parseBenchmarkSh } from "./benchmark_sh.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";

const { text } = fixture("report.tsv");

Deno.test("parseBenchmarkSh() reads a rate and stated latencies of each row", () => {
  const { toolVersion, benchmarks } = parseBenchmarkSh(fixture("report.tsv"));
  assert.equal(toolVersion, "7.8.3");
  assert.deepEqual(benchmarks.map(({ name }) => name), [
    "fillseq.wal_disabled.v100",
    "fillseq.wal_disabled.v100/latency",
    "overwrite.t2.s0",
    "overwrite.t2.s0/latency",
    "readrandom.t2",
    "readrandom.t2/latency",
  ]);
  const [fillseq, , overwrite, latency] = benchmarks;
  assert.deepEqual(fillseq?.samples, [{ iterations: 84783, ns: 1e9, atNs: null }]);
  assert.deepEqual(fillseq.workload, {
    operation: "put",
    order: "sequential",
    clients: 1,
    valueBytes: 100,
  });
  assert.deepEqual(overwrite?.workload, { operation: "put", clients: 2 });
  assert.deepEqual(latency?.stated, {
    mean: 14800,
    p50: 12300,
    p99: 44000,
    p999: 107000,
    p9999: 4400000,
    max: 8785000,
  });
});

Deno.test("parseBenchmarkSh() takes rows of one test for samples, without their percentiles", () => {
  const row = text.split("\n").at(-2)!;
  const { benchmarks } = parseBenchmarkSh(textFile(`${text}${row.replace("651476", "640000")}\n`));
  const [rates, times] = benchmarks.slice(-2);
  assert.deepEqual(rates?.samples.map(({ iterations }) => iterations), [651476, 640000]);
  assert.equal(times?.stated, undefined);
});

const BAD: [name: string, text: string, message: RegExp][] = [
  [
    "columns of another version",
    text.replace("\tblob_sz", ""),
    /column 4 is "c_wgb" in place of blob_sz/,
  ],
  [
    "too few columns",
    text.replace(/\tdate\tversion\tjob_id/, ""),
    /column 25 is missing in place of date/,
  ],
  ["a column too many", text.replace("\tjob_id", "\tjob_id\tgithash\tcolour"), /another version/],
  [
    "a row that is cut off",
    text.trimEnd().slice(0, -30),
    /the row has \d+ fields and the header 27/,
  ],
  ["no row", text.split("\n").slice(0, 6).join("\n"), /it has no row; name the report\.tsv/],
  ["no rate", text.replace("84783", ""), /line 7: ops_sec of fillseq\.wal_disabled\.v100 is ""/],
  ["NaN", text.replace("\t11.8\t", "\tNaN\t"), /usec_op of .* is "NaN"/],
  ["falling percentiles", text.replace("\t9.6\t", "\t9600\t"), /p99 of .* below the percentile/],
  ["a test without a name", text.replace("readrandom.t2", ""), /a test cannot have the name ""/],
];
Deno.test.each(BAD)(
  "parseBenchmarkSh() says what and where when it meets %s",
  (_name, text, message) => {
    assert.throws(() => parseBenchmarkSh(textFile(text)), { name: "ResultError", message });
  },
);
