import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseYcsb, parseYcsbs } from "./ycsb.ts";

const { text } = fixture("ycsb.txt");

Deno.test("parseYcsb() reads the overall rate and each operation's latencies", () => {
  const { toolVersion, benchmarks } = parseYcsb(fixture("ycsb.txt"));
  assert.equal(toolVersion, "0.17.0");
  assert.deepEqual(
    benchmarks.map((
      { name, kind, workload },
    ) => [name, kind, workload.operation, workload.clients]),
    [["overall", "throughput", null, 4], ["READ", "latency", "get", 4], [
      "UPDATE",
      "latency",
      "put",
      4,
    ]],
  );
  const [overall, read] = benchmarks;
  assert.deepEqual(overall?.samples, [{ iterations: 1000, ns: 10110e6, atNs: null }]);
  assert.deepEqual(read?.stated, {
    count: 509,
    mean: 1657.3425007610595 * 1e3,
    min: 78000,
    max: 148318000,
    p95: 4003000,
    p99: 7011000,
  });
});

Deno.test("parseYcsb() takes milliseconds for what they are", () => {
  const { benchmarks } = parseYcsb(textFile(text.replaceAll("(us)", "(ms)")));
  assert.equal(benchmarks[1]?.stated?.p99, 7011e6);
});

Deno.test("parseYcsb() leaves an operation out, and says so, when it was never done", () => {
  const none = "[INSERT], Operations, 0\n[INSERT], AverageLatency(us), 0\n";
  const { benchmarks, warnings } = parseYcsb(textFile(text + none));
  assert.equal(benchmarks.length, 3);
  assert.ok(warnings.includes("[INSERT] did no operation, and is left out."));
});

const SUMMARY = "[OVERALL], RunTime(ms), 1000\n[OVERALL], Throughput(ops/sec), 1000.0\n";
/** A section's lines. */
const section = (name: string, figures: Record<string, string | number>) =>
  Object.entries(figures).map(([key, value]) => `[${name}], ${key}, ${value}\n`).join("");
const READ = { "Operations": 1000, "AverageLatency(us)": 120.5, "MinLatency(us)": 60 };

const BUCKETS: [name: string, figures: Record<string, string | number>][] = [
  ["in µs with a variance", {
    "LatencyVariance(us)": 900,
    "95thPercentileLatency(us)": 1000,
    "99thPercentileLatency(us)": 1000,
  }],
  ["below the least latency", {
    "95thPercentileLatency(us)": 0,
    "99thPercentileLatency(us)": 1000,
  }],
  ["in ms (YCSB 0.1)", { "95thPercentileLatency(ms)": 0, "99thPercentileLatency(ms)": 1 }],
  ["with their counts", { "95thPercentileLatency(us)": 1000, "0": 990, "1": 10, ">1000": 0 }],
];
Deno.test.each(BUCKETS)(
  "parseYcsb() leaves percentiles of buckets of 1 ms out, %s",
  (_name, more) => {
    const { benchmarks, warnings } = parseYcsb(
      textFile(SUMMARY + section("READ", { ...READ, "MaxLatency(us)": 1400, ...more })),
    );
    assert.deepEqual(benchmarks[1]?.stated, {
      count: 1000,
      mean: 120_500,
      min: 60_000,
      max: 1.4e6,
    });
    assert.ok(warnings.includes(
      "The percentiles of [READ] are the lower ends of buckets of 1 ms, and are left out.",
    ));
  },
);

Deno.test("parseYcsb() keeps percentiles that happen to be whole milliseconds", () => {
  const { benchmarks } = parseYcsb(textFile(
    SUMMARY +
      section("READ", { ...READ, "MaxLatency(us)": 9000, "99thPercentileLatency(us)": 3000 }),
  ));
  assert.equal(benchmarks[1]?.stated?.p99, 3e6);
});

const FAILED: [name: string, text: string][] = [
  [
    "a section of their own",
    section("READ", { ...READ, "Operations": 400, "Return=OK": 400, "Return=ERROR": 600 }) +
    section("READ-FAILED", { "Operations": 600, "AverageLatency(us)": 50 }),
  ],
  [
    "what they returned alone",
    section("READ", { ...READ, "Operations": 400, "Return=OK": 400 }) +
    section("READ", { "Return=ERROR": 500, "Return=NOT_FOUND": 100 }),
  ],
  [
    "a section alone",
    section("READ", { ...READ, "Operations": 400 }) + section("READ-FAILED", { "Operations": 600 }),
  ],
];
Deno.test("parseYcsb() tells failed operations that older ones measured with the others", () => {
  const { warnings } = parseYcsb(textFile(
    `[OVERALL], RunTime(ms), 2000
[OVERALL], Throughput(ops/sec), 500.0
[READ], Operations, 1000
[READ], AverageLatency(us), 900.0
[READ], Return=0, 990
[READ], Return=-1, 10
[Intended-READ], Operations, 1000
[Intended-READ], AverageLatency(us), 950.0
[Intended-READ], Return=0, 990
[Intended-READ], Return=-1, 10
`,
  ));
  assert.deepEqual(warnings.filter((warning) => warning.includes("failed")), [
    "10 of 1,000 READ operations failed (1.0%): they are counted in the overall rate, and among the " +
    "latencies of READ.",
  ]);
});

Deno.test.each(FAILED)("parseYcsb() tells failed operations by %s", (_name, text) => {
  const { benchmarks, warnings } = parseYcsb(textFile(SUMMARY + text));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["overall", "READ"]);
  assert.ok(warnings.includes(
    "600 of 1,000 READ operations failed (60%): they are counted in the overall rate, and their " +
      "latencies are left out.",
  ));
});

const BAD: [name: string, text: string, message: RegExp][] = [
  [
    "a summary that is cut off",
    text.slice(0, text.indexOf("[OVERALL], Through")),
    /lacks the overall/,
  ],
  ["two summaries", text + text, /has "RunTime\(ms\)" twice; import each/],
];
Deno.test.each(BAD)("parseYcsb() says what and where when it meets %s", (_name, text, message) => {
  assert.throws(() => parseYcsb(textFile(text)), { name: "ResultError", message });
});

const DAMAGED: [name: string, text: string, note: RegExp, kept: string[]][] = [
  ["a line that is cut off", text.slice(0, text.indexOf("509") - 2), /the line is cut off/, [
    "overall",
  ]],
  ["zero run time", text.replace("10110", "0"), /the overall RunTime is "0", and must be above/, [
    "READ",
    "UPDATE",
  ]],
  ["figures of two runs", text.replace("10110", "10200"), /are of no whole number of operations/, [
    "READ",
    "UPDATE",
  ]],
  ["NaN", text.replace(/1657.\d+/, "NaN"), /the Average latency of \[READ\] is "NaN"/, [
    "overall",
    "UPDATE",
  ]],
  [
    "a unit of another figure",
    text.replace("MinLatency(us)", "MinLatency(ms)"),
    /contradict each/,
    ["overall", "UPDATE"],
  ],
  ["an unknown unit", text.replaceAll("(us)", "(ticks)"), /the unit "ticks" is not known/, [
    "overall",
  ]],
  ["percentiles that fall", text.replace("7011", "3000"), /contradict each other/, [
    "overall",
    "UPDATE",
  ]],
  [
    "a fraction of an operation",
    text.replace("Operations, 509", "Operations, 5.5"),
    /whole number/,
    ["overall", "UPDATE"],
  ],
  [
    "an operation without its average",
    text.replace("AverageLatency(us), 1657", "X(us), 1657"),
    /lacks/,
    ["overall", "UPDATE"],
  ],
];
Deno.test.each(DAMAGED)(
  "parseYcsb() leaves out what cannot be read, and says it, when it meets %s",
  (_name, text, note, kept) => {
    const { benchmarks, warnings } = parseYcsb(textFile(text));
    assert.deepEqual(benchmarks.map(({ name }) => name), kept);
    assert.ok(
      warnings.some((warning) => warning.startsWith("Left out of ") && note.test(warning)),
      warnings.join("\n"),
    );
  },
);

const RAW = `[OVERALL], RunTime(ms), 1000
[OVERALL], Throughput(ops/sec), 2.0
[READ], Total Operations, 2
[READ], Below is a summary of latency in microseconds:, -1
[READ], Average, 130.0
[READ], Min, 120
[READ], Max, 140
[READ], p1, 120
[READ], p50, 125
[READ], p99.9, 139
`;

Deno.test("parseYcsb() reads the figures of measurementtype=raw, which have names of their own", () => {
  const { benchmarks } = parseYcsb(textFile(RAW));
  assert.deepEqual(benchmarks[1]?.stated, {
    count: 2,
    mean: 130_000,
    min: 120_000,
    max: 140_000,
    p50: 125_000,
    p999: 139_000,
  });
});

const EXPORTERS: [name: string, written: (figures: string[]) => string][] = [
  ["JSONMeasurementsExporter", (figures) => figures.join("\n")],
  [
    "JSONArrayMeasurementsExporter",
    (figures) => `[ ${figures.map((figure) => figure.replaceAll(",", " ,\n  ")).join(", ")} ]`,
  ],
];
Deno.test.each(EXPORTERS)("parseYcsb() reads what %s writes as the text", (_name, written) => {
  const lines = (SUMMARY + section("READ", READ)).trim().split("\n");
  const figures = lines.map((line) => {
    const [, metric, measurement, value] = line.match(/^\[(\w+)\], (\S+), (\S+)$/)!;
    return `{"metric":"${metric}","measurement":"${measurement}","value":${value}}`;
  });
  const output = parseYcsb(textFile(`YCSB Client 0.17.0\n${written(figures)}\n`));
  const expected = parseYcsb(textFile(`YCSB Client 0.17.0\n${lines.join("\n")}\n`));
  assert.deepEqual(output, expected);
  assert.equal(output.benchmarks[1]?.stated?.mean, 120_500);
});

Deno.test("parseYcsb() takes a return that says nothing for no failure", () => {
  const said = (code: string) =>
    parseYcsb(textFile(`${SUMMARY}${section("READ", READ)}[READ], Return=${code}, 100\n`)).warnings
      .filter((warning) => warning.includes("failed"));
  assert.deepEqual(said(""), []);
  assert.equal(said("ERROR").length, 1);
});

Deno.test("parseYcsb() reads a summary with a series in time, which has its moments again", () => {
  const series =
    "[READ], 0, 5908.16\n[READ], 0, 5908.16\n[READ], 20000, 1035.75\n[READ], 20000, 9.5\n";
  const own = SUMMARY + section("READ", READ);
  const [with_, without] = [own + series, own].map((text) => parseYcsb(textFile(text)).benchmarks);
  assert.deepEqual(
    with_!.map(({ name, samples }) => [name, samples]),
    without!.map(({ name, samples }) => [name, samples]),
  );
  assert.throws(() => parseYcsb(textFile(own + own)), { message: /import each summary from/ });
});

Deno.test("parseYcsb() says that operations failed where none is left", () => {
  const text = "[OVERALL], RunTime(ms), 166.0\n[OVERALL], Throughput(ops/sec), 0.0\n" +
    "[INSERT], Operations, 0.0\n[INSERT], AverageLatency(us), NaN\n[INSERT], Return=ERROR, 8\n";
  assert.throws(() => parseYcsb(textFile(text)), {
    name: "ResultError",
    message: /: 8 of 8 INSERT operations failed \(100%\): .*; measure again$/,
  });
});

Deno.test("parseYcsbs() takes processes with their command lines for runs, and refuses what has none", () => {
  const summary = (ms: number) =>
    `[OVERALL], RunTime(ms), ${ms}\n[OVERALL], Throughput(ops/sec), ${1e6 / ms}\n` +
    section("READ", READ);
  const called = (target: number, ms: number) =>
    `Command line: -db a.B -P workloadc -target ${target} -t\nYCSB Client 0.17.0\n${summary(ms)}`;
  const outputs = parseYcsbs(textFile(called(500, 4000) + called(500, 2000)));
  assert.deepEqual(
    outputs.map(({ benchmarks: [overall] }) => overall?.samples),
    [[{ iterations: 1000, ns: 4e9, atNs: null }], [{ iterations: 1000, ns: 2e9, atNs: null }]],
  );
  assert.match(outputs[0]!.warnings.at(-1)!, /the outputs of 2 processes, one after the other/);
  // What differs is found as the outputs are put together.
  const [first, other] = parseYcsbs(textFile(called(500, 4000) + called(900, 2000)));
  assert.notDeepEqual(first?.benchmarks[0]?.config, other?.benchmarks[0]?.config);
  assert.throws(() => parseYcsbs(textFile(summary(4000) + summary(2000))), {
    message: /line \d+: \[OVERALL\] has "RunTime\(ms\)" twice; import each summary from a file/,
  });
  assert.throws(() => parseYcsbs(textFile(called(500, 4000) + summary(2000))), {
    message: /twice/,
  });
});
