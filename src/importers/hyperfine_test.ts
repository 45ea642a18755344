import assert from "node:assert/strict";
import { decodeHistogram } from "../result/mod.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseHyperfine } from "./hyperfine.ts";

/** An export of entries that take 20 ms and 30 ms, but for what is said of them. */
function exported(...entries: object[]) {
  const results = entries.map((entry) => ({
    command: "get",
    mean: 0.025,
    times: [0.02, 0.03],
    exit_codes: [0, 0],
    ...entry,
  }));
  return textFile(JSON.stringify({ results }));
}

Deno.test("parseHyperfine() takes every execution for a sample, in ns", () => {
  const [output] = parseHyperfine(exported({}));
  assert.deepEqual(output?.benchmarks.map(({ name, kind, samples }) => [name, kind, samples]), [
    ["get", "latency", [
      // 0.02 s and 0.03 s.
      { iterations: 1, ns: 20e6, atNs: null },
      { iterations: 1, ns: 30e6, atNs: null },
    ]],
  ]);
  assert.deepEqual([output?.startedAt, output?.toolVersion], [null, null], "the file has neither");
  // Each is an operation that was timed by itself.
  const histogram = decodeHistogram(output!.benchmarks[0]!.latency!.histogram);
  assert.equal(histogram.totalCount, 2);
  assert.ok(Math.abs(histogram.maxValue / 30e6 - 1) < 1e-3);
});

Deno.test("parseHyperfine() names a command with its parameters, and takes one that comes again for a run", () => {
  const outputs = parseHyperfine(fixture("hyperfine.json"));
  assert.deepEqual(outputs.map(({ benchmarks }) => benchmarks.map(({ name }) => name)), [
    ["sleep 0.01 (n = 1)", "sleep 0.01 (n = 2)", "sleep 0.02 (n = 2)"],
    // `sleep 0.01` and `sleep 0.0{n}` with n = 1 are one command.
    ["sleep 0.01 (n = 1)"],
  ]);
  assert.ok(
    outputs[0]?.warnings.includes(
      "More than once under one name: sleep 0.01 (n = 1); each time is taken for a run.",
    ),
  );
});

Deno.test("parseHyperfine() leaves executions that failed out, and says their share", () => {
  const [output] = parseHyperfine(fixture("hyperfine_failed.json"));
  // Exit codes 1, 0, 0, 1, 0, 0: the second, third, fifth and sixth time are left.
  assert.deepEqual(output?.benchmarks[0]?.samples.map(({ ns }) => Math.round(ns / 1e3)), [
    16428,
    2766,
    12211,
    8480,
  ]);
  assert.equal(output?.benchmarks[0]?.properties, undefined, "its user time is of all of them");
  assert.deepEqual(output?.benchmarks.map(({ name }) => name), [
    "sleep 0.01; exit $(( RANDOM % 2 ))",
    "sleep 0.01",
  ]);
  assert.deepEqual(output?.warnings.slice(0, 2), [
    "2 of 6 executions of sleep 0.01; exit $(( RANDOM % 2 )) failed (33%): their times are left out.",
    "6 of 6 executions of sleep 0.02; exit 3 failed (100%): it is left out.",
  ]);
});

Deno.test("parseHyperfine() takes a command that a signal ended for one that failed", () => {
  const [output] = parseHyperfine(exported({ exit_codes: [null, 0] }));
  assert.deepEqual(output?.benchmarks[0]?.samples.map(({ ns }) => ns), [30e6]);
});

Deno.test("parseHyperfine() reads older exports: one parameter, no exit codes, no times", () => {
  const [output] = parseHyperfine(
    exported({ exit_codes: undefined, parameter: "7" }, {
      command: "a\n  b",
      exit_codes: undefined,
      times: undefined,
    }),
  );
  assert.deepEqual(output?.benchmarks.map(({ name, samples }) => [name, samples.length]), [
    ["get (7)", 2],
    ["a b", 1],
  ]);
  assert.equal(output?.benchmarks[1]?.samples[0]?.ns, 25e6);
  assert.ok(
    output?.warnings.includes(
      "hyperfine before 1.12 does not write whether its commands succeeded.",
    ),
  );
});

Deno.test("parseHyperfine() leaves a command out that is too short to be told from its shell", () => {
  const [output] = parseHyperfine(exported({}, { command: "true", mean: 0.01, times: [0, 0.02] }));
  assert.deepEqual(output?.benchmarks.map(({ name }) => name), ["get"]);
  assert.ok(
    output?.warnings.includes(
      "Left out, since a time of 0 is shorter than hyperfine can tell: true.",
    ),
  );
});

const BAD: [name: string, file: ReturnType<typeof textFile>, message: RegExp][] = [
  [
    "a mean of other times",
    exported({ mean: 0.026 }),
    /"results\.0\.mean" is not the mean of its 2/,
  ],
  [
    "a negative time",
    exported({ mean: 0.005, times: [-0.02, 0.03] }),
    /results\.0\.times\.0 is "-0/,
  ],
  ["a time too few", exported({ exit_codes: [0] }), /has 2 times and 1 exit codes/],
  [
    "a text for a time",
    exported({ times: ["1"] }),
    /"results\.0\.times\.0" is not what hyperfine 1/,
  ],
  ["no command", exported(), /it has no command; measure commands that succeed$/],
  ["only failures", exported({ exit_codes: [1, 2] }), /2 of 2 executions of get failed/],
  [
    "a name with an escape",
    exported({ command: "\u001b[2J" }),
    /cannot have the name "\\u001b\[2J"/,
  ],
  [
    "the form of hyperfine 2",
    textFile('{"schema_version":2,"results":[{"command":"a"}]}'),
    /it is of hyperfine's form 2, and only that of hyperfine 1 is known; measure with hyperfine 1\.20$/,
  ],
  [
    "a file that is cut off",
    textFile(fixture("hyperfine.json").text.slice(0, 900)),
    /no whole JSON/,
  ],
];
Deno.test.each(BAD)(
  "parseHyperfine() says what and where when it meets %s",
  (_name, file, message) => {
    assert.throws(() => parseHyperfine(file), { name: "ResultError", message });
  },
);

Deno.test("parseHyperfine() leaves an entry out that cannot be read, and has the others", () => {
  const [output] = parseHyperfine(
    exported({}, { command: "put", mean: 0.026 }, { command: "scan", mean: null }),
  );
  assert.deepEqual(output?.benchmarks.map(({ name }) => name), ["get"]);
  assert.ok(
    output?.warnings.includes(
      'Left out of output.txt: "results.1.mean" is not the mean of its 2 times; and so is 1 more.',
    ),
  );
});

Deno.test("parseHyperfine() says that times of 0 need longer commands, and not that they failed", () => {
  const zero = { command: "true", mean: 0, times: [0, 0], exit_codes: [0, 0] };
  assert.throws(() => parseHyperfine(textFile(JSON.stringify({ results: [zero] }))), {
    name: "ResultError",
    message: /a time of 0 is shorter than hyperfine can tell: true; measure what lasts longer/,
  });
});
