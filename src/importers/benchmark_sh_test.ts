import assert from "node:assert/strict";
import { parseBenchmarkSh } from "./benchmark_sh.ts";
import type { Imported } from "./imported.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";

const { text } = fixture("report.tsv");

Deno.test("parseBenchmarkSh() reads a rate and stated latencies of each row", () => {
  const [{ toolVersion, benchmarks }] = parseBenchmarkSh(fixture("report.tsv")) as [Imported];
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

Deno.test("parseBenchmarkSh() takes rows of one test for runs, each with its percentiles", () => {
  const row = text.split("\n").at(-2)!;
  const outputs = parseBenchmarkSh(textFile(`${text}${row.replace("651476", "640000")}\n`));
  assert.equal(outputs.length, 2);
  const [first, second] = outputs.map(({ benchmarks }) => benchmarks.slice(-2));
  assert.deepEqual(first![0]!.samples.map(({ iterations }) => iterations), [651476]);
  assert.deepEqual(second![0]!.samples.map(({ iterations }) => iterations), [640000]);
  assert.equal(second!.length, outputs[1]!.benchmarks.length, "the other tests have one row");
  assert.ok(first![1]!.stated?.p99 !== undefined);
  assert.deepEqual(first![1]!.stated, second![1]!.stated);
});

const HEADER = text.split("\n").find((line) => line.startsWith("ops_sec"))!;
/** A row of readrandom by its rate, its tree's size and its date. */
const rowOf = (rate: number, size: string, date: string) => {
  const cells =
    "x\t40.0\t1GB\t0GB\t0.0\tNA\t0.0\t0\t0\t0\t0\t80.0\t60.0\t300\t500\t900\t4000\t60\t0.0\t0\t0.5\t0.1\t1.0\treadrandom.t16\td\t9.0.0"
      .split("\t");
  [cells[0], cells[2], cells[24]] = [`${rate}`, size, date];
  return [...cells, ...HEADER.split("\t").slice(cells.length).map(() => "")].join("\t");
};

Deno.test("parseBenchmarkSh() takes each row's date, and says that it has no zone", () => {
  const [first, second] = parseBenchmarkSh(textFile([
    HEADER,
    rowOf(200000, "1GB", "2024-03-01T08:00:00"),
    rowOf(100000, "1GB", "2024-03-02T08:00:00"),
  ].join("\n")));
  assert.equal(first!.startedAt?.toISOString(), "2024-03-01T08:00:00.000Z");
  assert.equal(second!.startedAt?.toISOString(), "2024-03-02T08:00:00.000Z");
  assert.ok(first!.warnings.some((warning) => /without a time zone/.test(warning)));
});

Deno.test("parseBenchmarkSh() warns where one test's trees are of other sizes", () => {
  const warned = (sizes: string[]) =>
    parseBenchmarkSh(textFile([HEADER, ...sizes.map((size) => rowOf(1000, size, ""))].join("\n")))
      .flatMap(({ warnings }) => warnings).find((warning) => warning.includes("LSM trees"));
  assert.equal(
    warned(["50GB", "1GB"]),
    "Rows of readrandom.t16 are of LSM trees of 1GB to 50GB, as if they were one.",
  );
  assert.equal(warned(["800MB", "1GB", "1.5GB"]), undefined);
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
  ["no row", text.split("\n").slice(0, 6).join("\n"), /it has no row; name the report\.tsv/],
];
Deno.test.each(BAD)(
  "parseBenchmarkSh() says what and where when it meets %s",
  (_name, text, message) => {
    assert.throws(() => parseBenchmarkSh(textFile(text)), { name: "ResultError", message });
  },
);

Deno.test("parseBenchmarkSh() leaves a row whose rate is printed as 0 out, and has the others", () => {
  const { text } = fixture("report.tsv");
  const outputs = parseBenchmarkSh(textFile(text.replace("84783", "0"), "report.tsv"));
  assert.ok(
    outputs[0]!.warnings.includes(
      "fillseq.wal_disabled.v100 in line 7 is left out: its rate is printed as 0.",
    ),
  );
  assert.ok(outputs[0]!.benchmarks.every(({ name }) => !name.startsWith("fillseq")));
  assert.ok(outputs[0]!.benchmarks.length > 0);
});

/** What the fixture has. */
const KEPT = [
  "fillseq.wal_disabled.v100",
  "fillseq.wal_disabled.v100/latency",
  "overwrite.t2.s0",
  "overwrite.t2.s0/latency",
  "readrandom.t2",
  "readrandom.t2/latency",
];
const DAMAGED: [name: string, text: string, note: RegExp, kept: string[]][] = [
  [
    "a row that is cut off",
    text.trimEnd().slice(0, -30),
    /the row has \d+ fields and the header 27/,
    KEPT.slice(0, 4),
  ],
  [
    "no rate",
    text.replace("84783", ""),
    /line 7: ops_sec of fillseq\.wal_disabled\.v100 is ""/,
    KEPT.slice(2),
  ],
  ["a rate of no time", text.replace("84783", "1e-320"), /must be above zero/, KEPT.slice(2)],
  ["a rate of no machine", text.replace("84783", "1e30"), /a machine can reach/, KEPT.slice(2)],
  ["NaN", text.replace("\t11.8\t", "\tNaN\t"), /usec_op of .* is "NaN"/, KEPT.slice(2)],
  [
    "falling percentiles",
    text.replace("\t9.6\t", "\t9600\t"),
    /p99 of .* below the percentile/,
    KEPT.slice(2),
  ],
  [
    "a test without a name",
    text.replace("readrandom.t2", ""),
    /a test cannot have the name ""/,
    KEPT.slice(0, 4),
  ],
];
Deno.test.each(DAMAGED)(
  "parseBenchmarkSh() leaves out what cannot be read, and says it, when it meets %s",
  (_name, text, note, kept) => {
    const { benchmarks, warnings } = parseBenchmarkSh(textFile(text))[0]!;
    assert.deepEqual(benchmarks.map(({ name }) => name), kept);
    assert.ok(
      warnings.some((warning) => warning.startsWith("Left out of ") && note.test(warning)),
      warnings.join("\n"),
    );
  },
);

Deno.test("parseBenchmarkSh() names a test that benchmark.sh says failed", () => {
  const own = fixture("report.tsv").text.trimEnd();
  const row = `failed${"\t".repeat(23)}overwrite.t16.s0\t2024-03-01T08:00:00\t7.8.3`;
  const { benchmarks, warnings } = parseBenchmarkSh(textFile(`${own}\n${row}\n`))[0]!;
  const before = parseBenchmarkSh(textFile(own))[0]!;
  assert.deepEqual(benchmarks, before.benchmarks);
  const line = own.split("\n").length + 1;
  assert.ok(
    warnings.includes(
      `Failed, as benchmark.sh says, and left out: overwrite.t16.s0 (line ${line}).`,
    ),
    warnings.join("\n"),
  );
});

Deno.test("parseBenchmarkSh() leaves out what stands before the columns, and says it", () => {
  const own = fixture("report.tsv").text;
  const [{ benchmarks, warnings }] = parseBenchmarkSh(textFile(`$ cat report.tsv\n${own}`)) as [
    ReturnType<typeof parseBenchmarkSh>[number],
  ];
  assert.deepEqual(benchmarks, parseBenchmarkSh(textFile(own))[0]!.benchmarks);
  assert.ok(
    warnings.includes("Left out of output.txt: line 1: no row of a report.tsv."),
    warnings.join("\n"),
  );
});

Deno.test("parseBenchmarkSh() uses dates as RocksDB 7.3 wrote them, days without a zero before them", () => {
  const { text } = fixture("report.tsv");
  const dates = [...text.matchAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/g)];
  assert.ok(dates.length > 0);
  const outputs = parseBenchmarkSh(
    textFile(text.replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/g, "2022-06-2T05:11:54")),
  );
  assert.equal(outputs[0]?.startedAt?.toISOString(), "2022-06-02T05:11:54.000Z");
});
