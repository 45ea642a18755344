import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseK6 } from "./k6.ts";

const TIMES = { avg: 4, min: 1, med: 3, max: 20, "p(90)": 8, "p(95)": 12 };
/** 100 requests in 10 s, as `--summary-export` writes them, with what is said. */
const exported = (more: object = {}) =>
  textFile(JSON.stringify({
    metrics: {
      http_reqs: { count: 100, rate: 10 },
      http_req_duration: TIMES,
      http_req_failed: { passes: 0, fails: 100, value: 0 },
      ...more,
    },
    root_group: {},
  }));

Deno.test("parseK6() takes counters for rates and trends for latencies in ms", () => {
  const { benchmarks, warnings } = parseK6(exported({ vus_max: { value: 8, min: 8, max: 8 } }));
  assert.deepEqual(
    benchmarks.map(({ name, kind, samples, workload }) => [
      name,
      kind,
      samples,
      workload.clients,
    ]),
    [
      // As many times as requests: 100 × 4 ms.
      ["http_req_duration", "latency", [{ iterations: 100, ns: 400e6, atNs: null }], 8],
      // 100 at 10 a second are 10 s.
      ["http_reqs", "throughput", [{ iterations: 100, ns: 10e9, atNs: null }], 8],
    ],
  );
  assert.deepEqual(benchmarks[0]?.stated, {
    count: 100,
    mean: 4e6,
    min: 1e6,
    p50: 3e6,
    p90: 8e6,
    p95: 12e6,
    max: 20e6,
  });
  assert.deepEqual(warnings, []);
});

Deno.test("parseK6() never shows requests and checks that failed as ones that succeeded", () => {
  // Of a rate of failures, what passes is what failed.
  const { warnings } = parseK6(exported({
    http_req_failed: { passes: 25, fails: 75, value: 0.25 },
    checks: { passes: 90, fails: 10, value: 0.9 },
    dropped_iterations: { count: 3, rate: 0.3 },
  }));
  assert.deepEqual(warnings, [
    "25 of 100 (25%) HTTP requests failed: they are counted in http_reqs, and their times in " +
    "http_req_duration.",
    "10 of 100 (10%) checks failed.",
    "3 iterations were dropped, since no virtual user was free: their waiting is in no time.",
  ]);
});

Deno.test("parseK6() leaves requests out of which all failed", () => {
  const failed = { http_req_failed: { passes: 100, fails: 0, value: 1 } };
  const { benchmarks, warnings } = parseK6(
    exported({ ...failed, iterations: { count: 50, rate: 5 } }),
  );
  assert.deepEqual(benchmarks.map(({ name }) => name), ["iterations"]);
  assert.deepEqual(warnings, [
    "100 of 100 (100%) HTTP requests failed: what is of them is left out.",
  ]);
  assert.throws(() => parseK6(exported(failed)), {
    name: "ResultError",
    message: "Cannot import output.txt: all of its HTTP requests failed; measure again",
  });
});

Deno.test("parseK6() tells thresholds that were crossed, which the two forms write the other way round", () => {
  const crossed = 'Thresholds were crossed: "avg<2" of "http_req_duration".';
  const thresholds = (states: object) =>
    parseK6(exported({ http_req_duration: { ...TIMES, thresholds: states } })).warnings;
  assert.deepEqual(thresholds({ "avg<2": true, "avg<9": false }), [crossed]);
  assert.deepEqual(thresholds({ "avg<2": { ok: false }, "avg<9": { ok: true } }), [crossed]);
});

const FORMS: [form: string, name: string, failed: string][] = [
  ["--summary-export", "k6_export.json", "6 of 26 (23%) HTTP requests failed"],
  ["handleSummary", "k6_handle.json", "6 of 26 (23%) HTTP requests failed"],
  ["--new-machine-readable-summary", "k6_new.json", "6 of 26 (23%) HTTP requests failed"],
];
Deno.test.each(FORMS)("parseK6() reads %s", (_form, name, failed) => {
  const { benchmarks, warnings } = parseK6(fixture(name));
  const names = benchmarks.map(({ name }) => name);
  for (
    const expected of [
      "http_req_duration",
      "http_req_duration{expected_response:true}",
      "http_reqs",
      "iteration_duration",
      "iterations",
    ]
  ) assert.ok(names.includes(expected), expected);
  assert.ok(
    !names.includes("data_sent") && !names.includes("body_size"),
    "bytes are no operations",
  );
  // Only handleSummary's form and the new one say that it is a time.
  assert.equal(names.includes("commit_time"), name !== "k6_export.json");
  assert.equal(benchmarks.find(({ name }) => name === "http_reqs")?.samples[0]?.iterations, 26);
  assert.ok(warnings[0]?.startsWith(failed), warnings[0]);
  assert.match(warnings[1]!, /^6 of 26 \(23%\) checks failed\.$/);
});

Deno.test("parseK6() takes the date that the newest form has", () => {
  const { startedAt, endedAt, toolVersion } = parseK6(fixture("k6_new.json"));
  assert.equal(endedAt?.toISOString(), "2026-11-28T14:57:16.000Z");
  // 0.088097552 s before.
  assert.equal(endedAt!.getTime() - startedAt!.getTime(), 88);
  assert.equal(toolVersion, "1.8.1");
});

Deno.test("parseK6() leaves what is no time out, and says why", () => {
  const { benchmarks, warnings } = parseK6(exported({
    http_req_tls_handshaking: { avg: 0, min: 0, med: 0, max: 0 },
    body_size: TIMES,
  }));
  assert.equal(benchmarks.length, 2);
  assert.deepEqual(warnings, [
    "Left out, since their average is 0: http_req_tls_handshaking.",
    "Left out, since --summary-export does not say whether they are times: body_size. " +
    "handleSummary's form says it.",
  ]);
});

const BAD: [name: string, file: ReturnType<typeof textFile>, message: RegExp][] = [
  [
    "half a request",
    exported({ http_reqs: { count: 0.5, rate: 10 } }),
    /the count of http_reqs is "0/,
  ],
  [
    "nothing measured",
    textFile('{"metrics":{},"root_group":{}}'),
    /it has no request, iteration or/,
  ],
];
Deno.test.each(BAD)("parseK6() says what and where when it meets %s", (_name, file, message) => {
  assert.throws(() => parseK6(file), { name: "ResultError", message });
});

const DAMAGED: [name: string, file: ReturnType<typeof textFile>, note: RegExp, kept: string[]][] = [
  [
    "a negative time",
    exported({ http_req_duration: { ...TIMES, min: -1 } }),
    /min of .* is "-1", and/,
    ["http_reqs"],
  ],
  [
    "a text for a time",
    exported({ http_req_duration: { ...TIMES, max: "9" } }),
    /duration\.max" is no/,
    ["http_reqs"],
  ],
  [
    "percentiles that fall",
    exported({ http_req_duration: { ...TIMES, "p(95)": 7 } }),
    /contradict each/,
    ["http_reqs"],
  ],
  [
    "a rate of 0",
    exported({ http_reqs: { count: 100, rate: 0 } }),
    /the rate of http_reqs is "0"/,
    ["http_req_duration"],
  ],
  [
    "a rate of another test",
    textFile(
      exported().text.replace('"root_group"', '"state":{"testRunDurationMs":9000},"root_group"'),
    ),
    /the rate of "http_reqs" is not its count in the 9000 ms of the test\.$/,
    ["http_req_duration"],
  ],
  [
    "a name with an escape",
    exported({ "\u001b": TIMES }),
    /a metric cannot have the name "\\u001b"/,
    ["http_req_duration", "http_reqs"],
  ],
];
Deno.test.each(DAMAGED)(
  "parseK6() leaves out what cannot be read, and says it, when it meets %s",
  (_name, file, note, kept) => {
    const { benchmarks, warnings } = parseK6(file);
    assert.deepEqual(benchmarks.map(({ name }) => name), kept);
    assert.ok(
      warnings.some((warning) => warning.startsWith("Left out of ") && note.test(warning)),
      warnings.join("\n"),
    );
  },
);

Deno.test("parseK6() names counters and trends that it leaves out, but for k6's own counts of bytes", () => {
  const { warnings } = parseK6(exported({
    data_sent: { count: 1000, rate: 100 },
    grpc_reqs: { count: 100, rate: 10 },
    translation_ms: TIMES,
  }));
  const left = warnings.filter((warning) => /left out/i.test(warning));
  assert.equal(left.length, 2, left.join("\n"));
  assert.match(left.join(), /what they count, and left out: grpc_reqs\./);
  assert.match(left.join(), /translation_ms/);
  assert.doesNotMatch(left.join(), /data_sent/);
});

Deno.test("parseK6() says of shares that a script counts, and of a browser's requests, how many there were", () => {
  const { warnings } = parseK6(exported({
    errors: { passes: 12, fails: 88, value: 0.12 },
    never: { passes: 0, fails: 100, value: 0 },
    "errors{scenario:a}": { passes: 12, fails: 0, value: 1 },
    browser_http_req_failed: { passes: 224, fails: 33925, value: 0.0066 },
  }));
  const said = warnings.filter((warning) => /fail/.test(warning));
  assert.deepEqual(said, [
    "224 of 34,149 (0.66%) requests of the browser failed.",
    "Shares that the script counts, which may be failures: errors is 12 of 100 (12%).",
  ]);
});
