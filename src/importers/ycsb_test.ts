import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseYcsb } from "./ycsb.ts";

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

const BAD: [name: string, text: string, message: RegExp][] = [
  [
    "a summary that is cut off",
    text.slice(0, text.indexOf("[OVERALL], Through")),
    /lacks the overall/,
  ],
  ["a line that is cut off", text.slice(0, text.indexOf("509") - 2), /the line is cut off/],
  ["zero run time", text.replace("10110", "0"), /the overall RunTime is "0", and must be above/],
  ["figures of two runs", text.replace("10110", "10200"), /are of no whole number of operations/],
  ["NaN", text.replace(/1657.\d+/, "NaN"), /the Average latency of \[READ\] is "NaN"/],
  ["mixed units", text.replace("MinLatency(us)", "MinLatency(ms)"), /are in "us" and "ms"/],
  ["an unknown unit", text.replaceAll("(us)", "(ticks)"), /the unit "ticks" is not known/],
  ["two summaries", text + text, /has "RunTime\(ms\)" twice; import each/],
  ["percentiles that fall", text.replace("7011", "3000"), /contradict each other/],
  [
    "a fraction of an operation",
    text.replace("Operations, 509", "Operations, 5.5"),
    /whole number/,
  ],
  [
    "an operation without its average",
    text.replace("AverageLatency(us), 1657", "X(us), 1657"),
    /lacks/,
  ],
];
Deno.test.each(BAD)("parseYcsb() says what and where when it meets %s", (_name, text, message) => {
  assert.throws(() => parseYcsb(textFile(text)), { name: "ResultError", message });
});
