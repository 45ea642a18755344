import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { isGoBenchmark, parseGoBenchmark } from "./go_benchmark.ts";

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
    [
      ["example.com/store/Put/1KiB-8", [9876, 9912, 9803]],
      ["example.com/store/Get-8", [1050.4, 1043.9, 1061]],
    ],
  );
  assert.deepEqual(benchmarks[0]?.samples[0]?.metrics, {
    "iterations": 120331,
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

Deno.test("parseGoBenchmark() gives a benchmark one name, whatever else its file has", () => {
  const names = (text: string) =>
    parseGoBenchmark(textFile(text)).benchmarks.map(({ name }) => name);
  const store = "pkg: example.org/store\nBenchmarkPut-4 10 5 ns/op\n";
  const [alone] = names(store);
  assert.equal(alone, "example.org/store/Put-4");
  assert.equal(names(`${store}pkg: example.org/other\nBenchmarkPut-4 10 5 ns/op\n`)[0], alone);
  assert.deepEqual(names("BenchmarkPut-4 10 5 ns/op\n"), ["Put-4"]);
});

const NOISE: [name: string, text: string, note: string][] = [
  [
    "a benchmark that logs",
    "BenchmarkPut-4   \topening the store\n     500\t   2000000 ns/op\n",
    'Line 1 is left out: Put-4 has "opening" iterations, which is no number above zero.',
  ],
  [
    "0.00 ns/op of Go before 1.13",
    "BenchmarkNothing-4 \t2000000000\t         0.00 ns/op\n",
    'Line 1 is left out: the time of Nothing-4 is "0.00", which is no number above zero.',
  ],
  [
    "NaN of a runner of one's own, twice",
    "BenchmarkBroken-4 \t1\t NaN ns/op\nBenchmarkBroken-4 \t1\t NaN ns/op\n",
    'Line 1 and 1 more are left out: the time of Broken-4 is "NaN", which is no number above zero.',
  ],
];
Deno.test.each(NOISE)(
  "parseGoBenchmark() leaves a line out when it meets %s",
  (_name, text, note) => {
    const read = parseGoBenchmark(textFile(`${text}BenchmarkGet-4   \t10000\t1500 ns/op\n`));
    assert.deepEqual(read.benchmarks.map(({ name, samples }) => [name, samples[0]!.ns]), [
      ["Get-4", 1500 * 10_000],
    ]);
    assert.deepEqual(read.warnings, [note]);
  },
);

Deno.test("parseGoBenchmark() weighs lines alike, however many iterations each has", () => {
  const { benchmarks: [get] } = parseGoBenchmark(textFile(
    "BenchmarkGet-4 1000 100 ns/op\nBenchmarkGet-4 10 1000 ns/op\n",
  ));
  assert.deepEqual(get!.samples, [
    { iterations: 1, ns: 100, atNs: null, metrics: { iterations: 1000 } },
    { iterations: 1, ns: 1000, atNs: null, metrics: { iterations: 10 } },
  ]);
});

Deno.test("parseGoBenchmark() does not average lines of two configurations", () => {
  const line = "BenchmarkGet-4 10000 1000 ns/op\n";
  assert.throws(() => parseGoBenchmark(textFile(`commit: aaaa\n${line}commit: bbbb\n${line}`)), {
    name: "ResultError",
    message: /line 4: "commit" is "bbbb" for Get-4, and "aaaa" for its lines before; import each/,
  });
  const other = line.replace("Get", "Put");
  const { environment, benchmarks } = parseGoBenchmark(
    textFile(`goos: linux\ncommit: a\n${line}goos: darwin\ncommit: b\n${other}`),
  );
  assert.deepEqual(benchmarks.map(({ name }) => name), ["Get-4", "Put-4"]);
  assert.deepEqual(environment, {}, "neither system is that of all");
});

const LINE = "BenchmarkPut-8 100 9876 ns/op";
const BAD: [name: string, text: string, message: RegExp][] = [
  ["no benchmark", "PASS\n", /it has no benchmark line/],
  ["zero iterations", LINE.replace("100", "0"), /line 1: Put-8 has "0" iterations/],
  ["NaN", LINE.replace("9876", "NaN"), /the time of Put-8 is "NaN"/],
  ["a negative time", LINE.replace("9876", "-1"), /the time of Put-8 is "-1"/],
  ["a line that is cut off", LINE.replace(" ns/op", ""), /the line of Put-8 is cut off/],
  [
    "mixed units",
    `${LINE}\nBenchmarkPut-8 100 9e-6 sec/op`,
    /line 2: Put-8 has times in ns\/op and in sec/,
  ],
  ["two times", `${LINE} 9e-6 sec/op`, /line 1: Put-8 has its time in ns\/op and in sec\/op/],
  ["no time at all", "BenchmarkPut-8 100 64 B/op", /none of its benchmarks has a time/],
  ["a time out of measure", LINE.replace("9876", "9e306"), /the time of Put-8 is "9e306"/],
  ["a hostile name", LINE.replace("Put", "Put\u001b[31m"), /"BenchmarkPut\\u001b\[31m-8"/],
];
Deno.test.each(BAD)(
  "parseGoBenchmark() says what and where when it meets %s",
  (_name, text, message) => {
    assert.throws(() => parseGoBenchmark(textFile(text)), { name: "ResultError", message });
  },
);

Deno.test("parseGoBenchmark() says what go test says failed", () => {
  const { benchmarks, warnings } = parseGoBenchmark(textFile(
    "BenchmarkGet-4 100 5 ns/op\n--- FAIL: BenchmarkPut-4\n    kv_test.go:4: boom\nBenchmarkOnly-4 9 2 MB/s\n" +
      "FAIL\nFAIL\texample.org/third [build failed]\n",
  ));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["Get-4"]);
  assert.deepEqual(warnings.slice(0, 2), [
    "1 line has no time, and is left out.",
    'go test says that "BenchmarkPut-4", "example.org/third" failed: what has no line of its own is ' +
    "not here.",
  ]);
});

Deno.test("parseGoBenchmark() reads go test -json, whose packages and pieces of lines come mixed", () => {
  const event = (Package: string, Output: string, Time = "2026-01-02T03:04:05Z") =>
    JSON.stringify({ Time, Action: "output", Package, Output });
  const text = [
    event("a", "goos: linux\n"),
    event("a", "pkg: a\n"),
    event("b", "pkg: b\n"),
    event("a", "BenchmarkPut-8 \t"),
    event("b", "BenchmarkPut-8 \t     100\t      77 ns/op\n"),
    event("a", "  120331\t      9876 ns/op\n", "2026-01-02T05:04:09.500123456+01:00"),
    '{"Time":"2026-01-02T03:04:05Z","Action":"pass","Package":"a"}',
  ].join("\n");
  assert.ok(isGoBenchmark(text));
  const { benchmarks, startedAt, endedAt } = parseGoBenchmark(textFile(text));
  assert.deepEqual(
    [startedAt, endedAt].map((date) => date?.toISOString()),
    ["2026-01-02T03:04:05.000Z", "2026-01-02T04:04:09.000Z"],
    "in UTC, whatever zone the events have",
  );
  assert.deepEqual(
    benchmarks.map(({ name, samples: [sample] }) => [
      name,
      sample!.ns / sample!.iterations,
    ]),
    [["a/Put-8", 9876], ["b/Put-8", 77]],
  );
});

Deno.test("parseGoBenchmark() names what failed, and a line that stands behind other output", () => {
  const { benchmarks, warnings } = parseGoBenchmark(textFile(
    "pkg: a\nBenchmarkGet-2   2000   10 ns/op\n" +
      "BenchmarkPut-2   \t--- FAIL: BenchmarkPut-2\n    a_test.go:8: bad data\n" +
      "progress...BenchmarkScan-2   \t    2000\t         9.119 ns/op\n" +
      "progress...BenchmarkScan-2   \tprogress...    2000\t         9.119 ns/op\n" +
      "See BenchmarkGet-2 for what 10 ns/op are.\nFAIL\ta\t0.1s\n",
  ));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["a/Get-2"]);
  assert.deepEqual(warnings, [
    "Line 5 and 1 more are left out: Scan-2 stands after text that is printed to the same line.",
    'go test says that "BenchmarkPut-2", "a" failed: what has no line of its own is not here.',
  ]);
});
