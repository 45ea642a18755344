import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseGoBenchmark } from "./go_benchmark.ts";

Deno.test("parseGoBenchmark() takes lines of one benchmark for samples of one run", () => {
  const { environment, benchmarks, warnings } = parseGoBenchmark(fixture("go_benchmark.txt"));
  assert.deepEqual(environment, {
    os: "linux",
    arch: "amd64",
    cpuModel: "Example 3000 @ 3.00GHz",
  });
  assert.deepEqual(
    benchmarks.map((
      { name, samples },
    ) => [name, samples.map(({ ns, iterations }) => ns / iterations)]),
    [["Put/1KiB-8", [9876, 9912, 9803]], ["Get-8", [1050.4, 1043.9, 1061]]],
  );
  assert.deepEqual(benchmarks[0]?.samples[0]?.metrics, {
    "MB/s": 103.68,
    "B/op": 64,
    "allocs/op": 1,
  });
  assert.match(warnings[0]!, /^Figures in B\/op, MB\/s, allocs\/op are kept/);
});

Deno.test("parseGoBenchmark() reads sec/op, and tells packages apart", () => {
  const { benchmarks } = parseGoBenchmark(textFile(
    "pkg: a\nBenchmarkX 10 2e-6 sec/op\npkg: b\nBenchmarkX 10 3e-6 sec/op\n",
  ));
  assert.deepEqual(
    benchmarks.map(({ name, samples }) => [name, Math.round(samples[0]!.ns)]),
    [["a/X", 20_000], ["b/X", 30_000]],
  );
});

const LINE = "BenchmarkPut-8 100 9876 ns/op";
const BAD: [name: string, text: string, message: RegExp][] = [
  ["no benchmark", "PASS\n", /it has no benchmark line/],
  ["zero iterations", LINE.replace("100", "0"), /line 1: Put-8 has zero iterations/],
  ["NaN", LINE.replace("9876", "NaN"), /the time of Put-8 is "NaN"/],
  ["a negative time", LINE.replace("9876", "-1"), /the time of Put-8 is "-1"/],
  ["a line that is cut off", LINE.replace(" ns/op", ""), /the line of Put-8 is cut off/],
  [
    "mixed units",
    `${LINE}\nBenchmarkPut-8 100 9e-6 sec/op`,
    /line 2: Put-8 has times in ns\/op and in sec/,
  ],
  ["two times", `${LINE} 9e-6 sec/op`, /has its time in ns\/op and in sec\/op; keep one/],
  ["no time at all", "BenchmarkPut-8 100 64 B/op", /none of its benchmarks has a time/],
  ["a time out of measure", LINE.replace("9876", "9e306"), /out of all measure/],
  ["a hostile name", LINE.replace("Put", "Put\u001b[31m"), /"BenchmarkPut\\u001b\[31m-8"/],
];
Deno.test.each(BAD)(
  "parseGoBenchmark() says what and where when it meets %s",
  (_name, text, message) => {
    assert.throws(() => parseGoBenchmark(textFile(text)), { name: "ResultError", message });
  },
);
