import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseGoogleBenchmark } from "./google_benchmark.ts";

const CONTEXT = { date: "2026-01-02T03:04:05+01:00", num_cpus: 2, library_build_type: "release" };
/** A repetition of 1,000 iterations of 2 µs, but for what is said. */
const row = (more: object = {}) => ({
  name: "BM_Get",
  run_name: "BM_Get",
  run_type: "iteration",
  threads: 1,
  iterations: 1000,
  real_time: 2,
  cpu_time: 1,
  time_unit: "us",
  ...more,
});
const file = (rows: object[], context: object = {}) =>
  textFile(JSON.stringify({ context: { ...CONTEXT, ...context }, benchmarks: rows }));
const aggregate = (name: string, real_time: number) =>
  row({
    name: `BM_Get_${name}`,
    run_type: "aggregate",
    aggregate_name: name,
    iterations: 3,
    real_time,
  });
/** An aggregate as it was before 1.5. */
const old = (name: string, real_time: number) =>
  row({ name, run_name: undefined, run_type: undefined, real_time });
const timesOf = (output: ReturnType<typeof parseGoogleBenchmark>) =>
  output.benchmarks.map(({ name, samples }) => [
    name,
    samples.map(({ ns, iterations }) => Math.round(ns / iterations)),
  ]);

Deno.test("parseGoogleBenchmark() takes repetitions for samples, and what sums them up not again", () => {
  const output = parseGoogleBenchmark(file([
    row(),
    row({ real_time: 4 }),
    aggregate("mean", 3),
    aggregate("median", 3),
    aggregate("stddev", 1.41),
    aggregate("cv", 0.47),
  ]));
  // 2 µs and 4 µs are 2,000 ns and 4,000 ns.
  assert.deepEqual(timesOf(output), [["BM_Get", [2000, 4000]]]);
  assert.equal(output.benchmarks[0]?.samples[0]?.iterations, 1000);
  assert.equal(output.startedAt?.toISOString(), "2026-01-02T02:04:05.000Z");
  // 1,000 × 2 µs and 1,000 × 4 µs later.
  assert.equal(output.endedAt!.getTime() - output.startedAt!.getTime(), 6);
});

Deno.test("parseGoogleBenchmark() takes a mean where only that is in the file, and says so", () => {
  const output = parseGoogleBenchmark(fixture("google_benchmark_aggregates.json"));
  // 3.378109890864305e-02 µs.
  assert.deepEqual(timesOf(output), [["BM_Get/repeats:3", [34]]]);
  assert.ok(output.warnings.includes(
    "The repetitions are not in the file, only their mean, which has no interval: BM_Get/repeats:3.",
  ));
});

Deno.test("parseGoogleBenchmark() tells aggregates by their names where the file says no more", () => {
  const all = parseGoogleBenchmark(
    file([old("BM_Get", 2), old("BM_Get", 4), old("BM_Get_mean", 3), old("BM_Get_stddev", 1)], {
      date: "2019-05-01 12:34:56",
    }),
  );
  assert.deepEqual(timesOf(all), [["BM_Get", [2000, 4000]]]);
  assert.equal(all.startedAt?.toISOString(), "2019-05-01T12:34:56.000Z");
  assert.ok(all.warnings.some((warning) => /without a time zone/.test(warning)));
  // One that is called so itself has no other aggregates beside it.
  assert.deepEqual(timesOf(parseGoogleBenchmark(file([old("BM_mean", 2)]))), [["BM_mean", [2000]]]);
  // Nor is it one where the file says that it is none.
  assert.deepEqual(
    timesOf(parseGoogleBenchmark(file([row({ name: "BM_mean", run_name: "BM_mean" })]))),
    [["BM_mean", [2000]]],
  );
});

Deno.test("parseGoogleBenchmark() reads a real file: threads, counters, fits and failures", () => {
  const output = parseGoogleBenchmark(fixture("google_benchmark.json"));
  assert.deepEqual(output.benchmarks.map(({ name, samples }) => [name, samples.length]), [
    ["BM_Put/8", 1],
    ["BM_Put/512", 1],
    ["BM_Get/repeats:3", 3],
    ["BM_Scan/64", 1],
    ["BM_Scan/256", 1],
    ["BM_Scan/1024", 1],
    ["BM_Threads/real_time/threads:2", 1],
  ]);
  assert.equal(output.benchmarks.at(-1)?.workload.clients, 2);
  assert.deepEqual(output.warnings.slice(0, 3), [
    "BM_Fails failed and is left out: no store.",
    "Complexities (BigO, RMS) are fits to the others, and are left out.",
    "google/benchmark itself was built for debugging, and its times have that in them.",
  ]);
  assert.ok(output.warnings.some((warning) => /over the iterations of all threads/.test(warning)));
});

Deno.test("parseGoogleBenchmark() says what a time is with several threads, which 1.9 changed", () => {
  const note = (version: string) =>
    parseGoogleBenchmark(file([row({ threads: 4 })], { library_version: version })).warnings.at(
      -1,
    )!;
  assert.match(note("v1.8.5"), /the clock over the iterations of all threads/);
  assert.match(note("1.9.5"), /what one thread took/);
});

Deno.test("parseGoogleBenchmark() leaves repetitions that failed out, and says how many", () => {
  const failed = {
    error_occurred: true,
    error_message: "no\u001b store",
    iterations: 0,
    real_time: 0,
  };
  const output = parseGoogleBenchmark(file([row(), row(failed), aggregate("mean", 99)]));
  assert.deepEqual(timesOf(output), [["BM_Get", [2000]]]);
  assert.ok(output.warnings.includes(
    "1 of 2 repetitions of BM_Get failed and are left out: no\\u001b store.",
  ));
  const skipped = parseGoogleBenchmark(
    file([row(), row({ ...row(), run_name: "b", skipped: true })]),
  );
  assert.ok(skipped.warnings.includes("Skipped, and left out: b."));
});

Deno.test("parseGoogleBenchmark() leaves a row without a time out, and has the others", () => {
  const output = parseGoogleBenchmark(
    file([row(), row({ real_time: 0 }), row({ name: "b", run_name: "b", iterations: 0 })]),
  );
  assert.deepEqual(timesOf(output), [["BM_Get", [2000]]]);
  assert.ok(output.warnings.includes(
    "No time or no iteration, and no error, and left out: BM_Get (benchmarks.1) and b (benchmarks.2).",
  ));
});

Deno.test("parseGoogleBenchmark() tells two benchmarks of one name apart", () => {
  const output = parseGoogleBenchmark(
    file([row({ family_index: 0 }), row({ family_index: 3, real_time: 9 })]),
  );
  assert.deepEqual(timesOf(output), [["BM_Get", [2000]], ["BM_Get #2", [9000]]]);
});

const BAD: [name: string, file: ReturnType<typeof textFile>, message: RegExp][] = [
  [
    "a unit of its own",
    file([row({ time_unit: "ticks" })]),
    /the unit "ticks" of benchmarks\.0 is not/,
  ],
  [
    "a time of 0",
    file([row({ real_time: 0 })]),
    /No time or no iteration, and no error, and left out: BM_Get \(benchmarks\.0\); measure again$/,
  ],
  [
    "a negative time",
    file([row({ real_time: -2 })]),
    /benchmarks\.0\.real_time is "-2", and must be/,
  ],
  ["half an iteration", file([row({ iterations: 0.5 })]), /benchmarks\.0\.iterations is "0\.5"/],
  [
    "NaN",
    textFile(file([row()]).text.replace('"real_time":2', '"real_time":NaN')),
    /0\.real_time"/,
  ],
  [
    "only failures",
    file([row({ error_occurred: true })]),
    /BM_Get failed and is left out; measure/,
  ],
  ["no benchmark", file([]), /none of its benchmarks has a time; measure again$/],
  [
    "a name with an escape",
    file([row({ run_name: "\u001b" })]),
    /a benchmark cannot have the name/,
  ],
];
Deno.test.each(BAD)(
  "parseGoogleBenchmark() says what and where when it meets %s",
  (_name, file, message) => {
    assert.throws(() => parseGoogleBenchmark(file), { name: "ResultError", message });
  },
);

Deno.test("parseGoogleBenchmark() leaves rows out that cannot be read, and has the others", () => {
  const output = parseGoogleBenchmark(file([
    row(),
    row({ real_time: "NaN" }),
    // A mean that is made of a repetition that cannot be read is not used either.
    row({ name: "b", run_name: "b", real_time: -1 }),
    { ...aggregate("mean", 9), run_name: "b" },
    // A coefficient of variation of zeros.
    { ...aggregate("cv", 1), real_time: "NaN" },
  ]));
  assert.deepEqual(timesOf(output), [["BM_Get", [2000]]]);
  assert.ok(output.warnings.includes(
    'Left out of output.txt: "benchmarks.1.real_time" is not what google/benchmark 1.4 or later ' +
      "writes; and so is 1 more.",
  ));
});
