import assert from "node:assert/strict";
import { parseDbBench, parseDbBenches } from "./db_bench.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";

Deno.test("parseDbBench() says of sums over runs whose own lines are not there that they are left out", () => {
  const sum = "readrandom [AVG 3 runs] : 100000 (± 1200) ops/sec;   11.1 (± 0.1) MB/sec\n" +
    "readrandom [MEDIAN 3 runs] : 99900 ops/sec;   11.0 MB/sec\n";
  const run = (name: string) =>
    `${name} : 4.500 micros/op 222222 ops/sec 4.500 seconds 1000000 operations;   24.6 MB/s\n`;
  const told = (text: string) =>
    parseDbBench(textFile(text)).warnings.filter((warning) => warning.includes("left out"));
  assert.deepEqual(told(run("fillrandom") + sum), [
    "The mean and the median of the runs of readrandom are left out: their own lines are not here.",
  ]);
  assert.deepEqual(told(run("readrandom") + run("readrandom") + sum), []);
});

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
  assert.deepEqual(fillseq?.samples, [{ iterations: 5000, ns: 5000 / 84783 * 1e9, atNs: null }]);
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

/** What the benchmarks of a text come to: names with operations a second, or the mean in ns. */
function valuesOf(text: string): Record<string, number> {
  const { benchmarks } = parseDbBench(textFile(text));
  return Object.fromEntries(benchmarks.map(({ name, kind, samples }) => {
    const iterations = samples.reduce((sum, sample) => sum + sample.iterations, 0);
    const ns = samples.reduce((sum, sample) => sum + sample.ns, 0);
    return [name, kind === "latency" ? ns / iterations : iterations / ns * 1e9];
  }));
}

Deno.test("parseDbBench() takes only what stands under Microseconds for a benchmark's latencies", () => {
  const line = "readrandom   :      40.000 micros/op 25000 ops/sec 0.400 seconds 10000 operations;";
  const levels = [
    "** File Read Latency Histogram By Level [default] **",
    "** Level 0 read latency histogram (micros):",
    "Count: 500 Average: 3.0000  StdDev: 1.00",
    "Min: 1  Median: 2.5000  Max: 9",
    "Percentiles: P50: 2.50 P75: 3.50 P99: 8.00 P99.9: 9.00 P99.99: 9.00",
  ];
  const own = [
    "Microseconds per read:",
    "Count: 10000 Average: 40.0000  StdDev: 1.00",
    "Min: 1  Median: 30.0000  Max: 99",
    "Percentiles: P50: 30.00 P75: 35.00 P99: 80.00 P99.9: 90.00 P99.99: 99.00",
  ];
  assert.deepEqual(valuesOf([line, ...levels].join("\n")), { readrandom: 25000 });
  const text = [line, ...own, "", ...levels].join("\n");
  assert.deepEqual(valuesOf(text), { readrandom: 25000, "readrandom/latency": 40_000 });
  const { benchmarks, warnings } = parseDbBench(textFile(text));
  assert.equal(benchmarks[1]!.stated?.p99, 80_000);
  assert.ok(!warnings.some((warning) => /repeated/.test(warning)));
});

Deno.test("parseDbBench() keeps the latencies of different operations apart", () => {
  const block = (kind: string, count: number, mean: number, p99: number) => [
    `Microseconds per ${kind}:`,
    `Count: ${count} Average: ${mean}.0000  StdDev: 3.00`,
    `Min: 4  Median: ${mean - 1}.0000  Max: 900`,
    `Percentiles: P50: ${mean - 1}.00 P75: ${mean + 1}.00 P99: ${p99}.00 P99.9: 600 P99.99: 900.00`,
    "------------------------------------------------------",
    "",
  ];
  const { benchmarks, warnings } = parseDbBench(textFile([
    "readrandomwriterandom :      20.000 micros/op 50000 ops/sec 0.200 seconds 10000 operations;",
    ...block("read", 9000, 12, 30),
    ...block("write", 1000, 92, 300),
  ].join("\n")));
  assert.deepEqual(
    benchmarks.slice(1).map(({ name, workload, stated }) => [
      name,
      workload.operation,
      stated?.count,
      stated?.mean,
      stated?.p50,
      stated?.p99,
    ]),
    [
      ["readrandomwriterandom/latency/read", "get", 9000, 12_000, 11_000, 30_000],
      ["readrandomwriterandom/latency/write", "put", 1000, 92_000, 91_000, 300_000],
    ],
  );
  assert.ok(!warnings.some((warning) => /repeated/.test(warning)));
});

Deno.test("parseDbBench() takes rates as they were cut off, and time where they are 0", () => {
  const cases: [line: string, rate: number][] = [
    ["fillseq : 40.000 micros/op 25000 ops/sec 0.400 seconds 10000 operations;", 25_000],
    ["fillseq : 26.045 micros/op 38411 ops/sec 0.260 seconds 10000 operations;", 38_411],
    ["compact : 2400000.000 micros/op 0 ops/sec 2.400 seconds 1 operations;", 1 / 2.4],
    ["compact : 2400000.000 micros/op 0 ops/sec;", 1 / 2.4],
    ["fillseq : 4.000 micros/op 250000 ops/sec 0.000 seconds 100 operations;", 250_000],
  ];
  for (const [line, rate] of cases) {
    const [value] = Object.values(valuesOf(line));
    assert.ok(Math.abs(value! - rate) < 1e-9 * rate, `${line}: ${value}`);
  }
});

Deno.test("parseDbBench() leaves a line out that says no rate, and says so", () => {
  const { benchmarks, warnings } = parseDbBench(textFile(
    "fillseq : 2.500 micros/op 400000 ops/sec 0.025 seconds 10000 operations;\n" +
      "compact : 0.000 micros/op 0 ops/sec 0.000 seconds 1 operations;\n" +
      "waitforcompaction : 0.000 micros/op 0 ops/sec;\n",
  ));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["fillseq"]);
  assert.deepEqual(warnings.slice(0, 2), [
    "compact is left out: its rate and its seconds are printed as 0.",
    "waitforcompaction is left out: its rate is printed as 0, and so is its time.",
  ]);
});

Deno.test("parseDbBench() merges the histograms of repeats by their buckets", () => {
  const block = (low: number, high: number) => [
    "readrandom   :      40.000 micros/op 25000 ops/sec 0.004 seconds 100 operations;",
    "Microseconds per read:",
    `Count: ${low + high} Average: 5.0000  StdDev: 1.00`,
    "Min: 1  Median: 3.0000  Max: 60",
    "Percentiles: P50: 3.00 P75: 4.00 P99: 50.00 P99.9: 60.00 P99.99: 60.00",
    "------------------------------------------------------",
    `(       1,       4 ]  ${low}  50.000%  50.000% ####`,
    `(      51,      76 ]  ${high}  50.000% 100.000% ####`,
    "",
  ];
  const text = [...block(90, 10), ...block(30, 70)].join("\n");
  const { benchmarks, warnings } = parseDbBench(textFile(text));
  const { stated, samples } = benchmarks[1]!;
  assert.equal(samples.length, 2);
  // 120 of 200 are in (1, 4]: the median is at 100 of them, 1 + 3 · 100/120.
  assert.equal(stated?.count, 200);
  assert.equal(stated?.p50, 1000 + 3000 * 100 / 120);
  // 51 + 25 · (198 − 120) / 80 is beyond the largest of 60.
  assert.equal(stated?.p99, 60_000);
  assert.match(
    warnings[0]!,
    /repeated: its percentiles are those of its repeats' histograms, merged/,
  );
  const without = parseDbBench(textFile(text.replace(/\( +51.*\n/, "")));
  assert.equal(without.benchmarks[1]!.stated, undefined);
  assert.match(without.warnings[0]!, /cannot be merged, and are left out/);
});

Deno.test("parseDbBench() takes db_bench's own date, and says that it has no zone", () => {
  const { startedAt, endedAt, warnings } = parseDbBench(fixture("db_bench.txt"));
  assert.equal(startedAt?.toISOString(), "2026-11-22T23:09:42.000Z");
  assert.ok(endedAt! > startedAt);
  assert.match(warnings.at(-1)!, /^db_bench prints its date without a time zone/);
});

const LINE = "fillseq      :       6.730 micros/op 148524 ops/sec 0.135 seconds 20000 operations;";
const BAD: [name: string, text: string, message: RegExp][] = [
  ["no benchmark", "hello\n", /it has no db_bench benchmark; name the text/],
  ["NaN", LINE.replace("148524", "nan"), /line 1: the rate of fillseq is "nan", and must be zero/],
  ["a negative time", LINE.replace("6.730", "-6.730"), /the time of fillseq is "-6\.730"/],
  ["a negative duration", LINE.replace("0.135", "-0.1"), /the duration of fillseq is "-0\.1"/],
  ["no operation", LINE.replace("20000", "0"), /fillseq is left out: it did no operation$/],
  ["figures of two lines", LINE.replace("20000", "90000"), /contradict each other/],
  ["a torn line", LINE.slice(0, 40), /line 1: the line of a benchmark is cut off/],
  ["a name that is not seen", LINE.replace("fillseq", "fill\u202eseq"), /"fill\\u202eseq" has/],
];
Deno.test.each(BAD)(
  "parseDbBench() says what and where when it meets %s",
  (_name, text, message) => {
    assert.throws(() => parseDbBench(textFile(text)), { name: "ResultError", message });
  },
);

Deno.test("parseDbBench() leaves a line out that cannot be read, says which, and has the others", () => {
  const read = LINE.replace("fillseq", "readseq");
  for (
    const [bad, told] of [
      [
        LINE.replace("6.730", "6,730"),
        /^Left out of output.txt: line 2: the time of fillseq is "6,730"/,
      ],
      [LINE.slice(0, 40), /^Left out of output.txt: line 2: the line of a benchmark is cut off/],
      [
        LINE.replace("20000", "90000"),
        /^Left out of output.txt: line 2: the figures of fillseq contradict/,
      ],
    ] as const
  ) {
    // Its histogram is that of no other benchmark.
    const text = [read, bad, "Microseconds per write:", ...HISTOGRAM, read.replace("readseq", "x")];
    const { benchmarks, warnings } = parseDbBench(textFile(text.join("\n")));
    assert.deepEqual(benchmarks.map(({ name }) => name), ["readseq", "x"]);
    assert.match(warnings[0]!, told);
  }
});

const HISTOGRAM = [
  "Count: 5 Average: 1.0  StdDev: 1",
  "Min: 1  Median: 1  Max: 3",
  "Percentiles: P50: 1 P75: 1 P99: 2 P99.9: 2 P99.99: 2",
];

Deno.test("parseDbBench() says how many reads found nothing, and what db_bench said went wrong", () => {
  const read = (name: string) => `${LINE.replace("fillseq", name)} (12 of 20000 found)`;
  const { warnings } = parseDbBench(
    textFile([read("readrandom"), read("readmissing"), "put error: Corruption: bad"].join("\n")),
  );
  assert.deepEqual(warnings.slice(0, 2), [
    "readrandom found 12 of the 20,000 keys that it looked for.",
    "db_bench said: put error: Corruption: bad.",
  ]);
});

const DAMAGED: [name: string, text: string, note: RegExp, kept: string[]][] = [
  [
    "a torn histogram",
    `${LINE}\nMicroseconds per write:\nCount: 5 Average: 1.0  StdDev: 1\n`,
    /line 3: a histogram has no percentiles/,
    ["fillseq"],
  ],
  [
    "a histogram's heading alone",
    `${LINE}\nMicroseconds per write:`,
    /line 2: a histogram has no count/,
    ["fillseq"],
  ],
  [
    "falling percentiles",
    `${LINE}\nMicroseconds per write:\nCount: 5 Average: 1.0  StdDev: 1\n` +
    "Min: 1  Median: 1  Max: 3\nPercentiles: P50: 3 P99: 2\n",
    /line 5: its percentiles fall/,
    ["fillseq"],
  ],
];
Deno.test.each(DAMAGED)(
  "parseDbBench() leaves out what cannot be read, and says it, when it meets %s",
  (_name, text, note, kept) => {
    const { benchmarks, warnings } = parseDbBench(textFile(text));
    assert.deepEqual(benchmarks.map(({ name }) => name), kept);
    assert.ok(
      warnings.some((warning) => warning.startsWith("Left out of ") && note.test(warning)),
      warnings.join("\n"),
    );
  },
);

Deno.test("parseDbBench() takes the inverse of the time where LevelDB's prints no rate, and says so", () => {
  const { toolVersion, benchmarks, warnings } = parseDbBench(textFile(
    "LevelDB:    version 1.23\nfillseq      :       2.000 micros/op;   55.3 MB/s     \n" +
      "readrandom   :       4.000 micros/op; (864 of 1000 found)\n",
  ));
  assert.deepEqual([toolVersion, benchmarks[0]?.store?.engine], ["1.23", "LevelDB"]);
  assert.deepEqual(benchmarks.map(({ name, samples }) => [name, samples]), [
    ["fillseq", [{ iterations: 500_000, ns: 1e9, atNs: null }]],
    ["readrandom", [{ iterations: 250_000, ns: 1e9, atNs: null }]],
  ]);
  assert.ok(warnings.includes(
    "LevelDB's db_bench prints no rate: it is the inverse of the time, which is so of one thread alone.",
  ));
});

/** A line of db_bench, and its histogram of one kind. */
const lineOf = (name: string, rate: number, operations: number, message = "") => {
  const seconds = (operations / rate).toFixed(3);
  return `${name.padEnd(12)} :      10.000 micros/op ${rate} ops/sec ${seconds} seconds ` +
    `${operations} operations; ${message}\n`;
};
const blockOf = (kind: string, count: number, mean: number) =>
  `Microseconds per ${kind}:\nCount: ${count} Average: ${mean.toFixed(4)}  StdDev: 1.00\n` +
  `Min: 1  Median: ${mean.toFixed(4)}  Max: ${2 * mean}\n` +
  `Percentiles: P50: ${mean}.00 P75: ${mean}.00 P99: ${2 * mean}.00 P99.9: ${2 * mean}.00\n\n`;
const means = (text: string) =>
  parseDbBench(textFile(text)).benchmarks.map(({ name, samples }) => [
    name,
    samples.reduce((ns, sample) => ns + sample.ns, 0) /
    samples.reduce((all, { iterations }) => all + iterations, 0),
  ]);

Deno.test("parseDbBench() leaves the runs out that db_bench says are a warm-up, as its own mean does", () => {
  const text = "Warming up benchmark by running 2 times\n" +
    lineOf("fillrandom", 400_000, 40_000) + blockOf("write", 40_000, 99) +
    lineOf("fillrandom", 300_000, 30_000) +
    "Running benchmark for 2 times\n" +
    lineOf("fillrandom", 100_000, 10_000) + blockOf("write", 10_000, 10) +
    lineOf("fillrandom", 100_000, 10_000) + blockOf("write", 10_000, 12) +
    "fillrandom [AVG    2 runs] : 100000 (± 0) ops/sec;   11.1 (± 0.0) MB/sec\n" +
    lineOf("readrandom", 50_000, 5_000);
  assert.deepEqual(means(text), [
    ["fillrandom", 10_000],
    ["fillrandom/latency", 11_000],
    ["readrandom", 20_000],
  ]);
  assert.ok(
    parseDbBench(textFile(text)).warnings.includes(
      "The runs of fillrandom that warm it up are left out, as db_bench does.",
    ),
  );
  assert.deepEqual(means(text.replace(/^Warming.*\n/, ""))[0], [
    "fillrandom",
    (0.1 + 0.1 + 0.1 + 0.1) * 1e9 / 90_000,
  ]);
});

Deno.test("parseDbBench() gives a name of two words its own latencies, and not those of the line before", () => {
  const text = lineOf("randomwithverify", 50_000, 800) + blockOf("read", 700, 30) +
    blockOf("write", 100, 40) + lineOf("timeseries write", 40_000, 900) + blockOf("write", 900, 7);
  assert.deepEqual(means(text), [
    ["randomwithverify", 20_000],
    ["randomwithverify/latency/read", 30_000],
    ["randomwithverify/latency/write", 40_000],
    ["timeseries write", 25_000],
    ["timeseries write/latency", 7_000],
  ]);
});

Deno.test("parseDbBench() keeps the latencies of uncompress, which have no word for their operation", () => {
  assert.deepEqual(means(lineOf("uncompress", 50_000, 800) + blockOf("", 800, 19)), [
    ["uncompress", 20_000],
    ["uncompress/latency", 19_000],
  ]);
});

Deno.test("parseDbBench() leaves out what db_bench says failed, and what stands for no operation", () => {
  const { benchmarks, warnings } = parseDbBench(textFile(
    "snappycomp   :     876.000 micros/op;  (snappy failure)\n" +
      "compress     :    1000.000 micros/op 1000 ops/sec 0.001 seconds 1 operations; (compression failure)\n" +
      "timeseries   : 1030768.000 micros/op 0 ops/sec 1.032 seconds 1 operations; (0 of 82245 found)\n" +
      lineOf("compact", 5, 1) + lineOf("readrandom", 50_000, 800, "(700 of 800 found)") +
      lineOf("readrandom", 50_000, 800, "(600 of 800 found)") +
      lineOf("randomtransaction", 50_000, 800, "( transactions:200 aborts:50)") +
      "VerifyFileChecksums() failed: Invalid argument: no factory\n" +
      "put or merge error: Not implemented: Provide a merge_operator when opening DB\n" +
      "rocksdb.error.handler.bg.error.count COUNT : 0\n",
  ));
  assert.deepEqual(benchmarks.map(({ name }) => name), [
    "compact",
    "readrandom",
    "randomtransaction",
  ]);
  assert.deepEqual(warnings.slice(0, 7), [
    "readrandom found 1,300 of the 1,600 keys that it looked for.",
    'snappycomp is left out: db_bench says "snappy failure".',
    'compress is left out: db_bench says "compression failure".',
    "timeseries is left out: it looked for 82,245 keys, and counts one operation.",
    "50 of the 200 transactions of randomtransaction that one thread began were aborted (25%).",
    "db_bench said: VerifyFileChecksums() failed: Invalid argument: no factory.",
    "db_bench said: put or merge error: Not implemented: Provide a merge_operator when opening DB.",
  ]);
  assert.ok(
    warnings.includes(
      "db_bench prints one operation for a benchmark that counts none, as compact may.",
    ),
  );
});

Deno.test("parseDbBench() says of calls that did several operations each that no operation has their latency", () => {
  const read = (operations: number) =>
    parseDbBench(textFile(lineOf("fillseq", 50_000, operations) + blockOf("write", 625, 18)));
  const batched = read(5000);
  assert.equal(batched.benchmarks[1]?.workload.operation, null);
  assert.ok(
    batched.warnings.includes(
      "The latencies of fillseq are of 625 calls that did 5,000 operations together, and of no " +
        "single operation.",
    ),
  );
  const single = read(625);
  assert.equal(single.benchmarks[1]?.workload.operation, "put");
  assert.ok(!single.warnings.some((warning) => warning.includes("calls")));
  // A block that cannot be read leaves as many out, and they are no batches.
  const torn = parseDbBench(textFile(
    lineOf("readrandomwriterandom", 50_000, 5000) + blockOf("read", 625, 18) +
      blockOf("write", 4375, 18).replace(/Percentiles.*/, ""),
  ));
  assert.ok(!torn.warnings.some((warning) => warning.includes("calls")));
});

Deno.test("parseDbBench() keeps what is measured again after others apart, and repeats together", () => {
  const { benchmarks, warnings } = parseDbBench(textFile(
    "fillrandom   :       2.000 micros/op;   71.1 MB/s\n" +
      "readrandom   :      80.000 micros/op; (60 of 100 found)\n" +
      "readrandom   :      76.000 micros/op; (50 of 100 found)\n" +
      "compact      :  350350.000 micros/op;\n" +
      "readrandom   :      90.000 micros/op; (70 of 100 found)\n",
  ));
  assert.deepEqual(
    benchmarks.map(({ name, samples, workload }) => [
      name,
      samples.map(({ iterations, ns }) => Math.round(ns / iterations)),
      workload.operation,
    ]),
    [
      ["fillrandom", [2_000], "put"],
      ["readrandom", [80_000, 76_000], "get"],
      ["compact", [350_350_000], null],
      ["readrandom #2", [90_000], "get"],
    ],
  );
  assert.deepEqual(warnings.slice(0, 3), [
    "Measured again after others had run, and kept apart: readrandom.",
    "readrandom found 110 of the 200 keys that it looked for.",
    "readrandom #2 found 70 of the 100 keys that it looked for.",
  ]);
});

Deno.test("parseDbBenches() leaves a process out that measured nothing that can be read, and has the others", () => {
  const head = "RocksDB:    version 7.8.3\n";
  const nothing = "snappycomp   :     876.000 micros/op; (snappy failure)\n";
  const outputs = parseDbBenches(textFile(
    head + lineOf("fillseq", 50_000, 800) + head + nothing + head + lineOf("fillseq", 40_000, 800),
  ));
  assert.deepEqual(
    outputs.map(({ benchmarks: [fillseq] }) => fillseq?.samples[0]?.ns),
    [800 / 50_000 * 1e9, 800 / 40_000 * 1e9],
  );
  assert.match(
    outputs[0]!.warnings.join("\n"),
    /Left out of output.txt: the output of line 3: snappycomp is left out: db_bench says "snappy failure"/,
  );
});

Deno.test("parseDbBench() reads LevelDB's histograms, which have buckets and no percentiles", () => {
  const { benchmarks, warnings } = parseDbBench(textFile([
    "LevelDB:    version 1.23",
    "readrandom   :       2.500 micros/op;",
    "Microseconds per op:",
    "Count: 100  Average: 2.7000  StdDev: 9.80",
    "Min: 1.0000  Median: 2.0000  Max: 119.0000",
    "------------------------------------------------------",
    "[       1,       2 )      50  50.000%  50.000% ##########",
    "[       2,       3 )      49  49.000%  99.000% ##########",
    "[     100,     120 )       1   1.000% 100.000% ",
    "",
    "readseq      :       0.100 micros/op; 1100.0 MB/s",
  ].join("\n")));
  assert.deepEqual(benchmarks.map(({ name }) => name), [
    "readrandom",
    "readrandom/latency",
    "readseq",
  ]);
  const { stated } = benchmarks[1]!;
  assert.deepEqual(
    Object.fromEntries(Object.entries(stated!).map(([key, ns]) => [key, Math.round(ns as number)])),
    {
      count: 100,
      mean: 2700,
      min: 1000,
      max: 119_000,
      p50: 2000,
      // 2 + (75 − 50) / 49, 2 + (99 − 50) / 49, 100 + 20 · 0.9 and 100 + 20 · 0.99.
      p75: 2510,
      p99: 3000,
      p999: 118_000,
      p9999: 119_000,
    },
  );
  assert.ok(!warnings.some((warning) => warning.includes("Left out")));
});
