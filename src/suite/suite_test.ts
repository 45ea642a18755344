import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { SuiteError } from "./error.ts";
import { planBenchmarks } from "./plan.ts";
import { exampleSuite } from "./_testing/fixtures.ts";
import {
  benchmarkRecord,
  type BenchmarkSpec,
  defineSuite,
  parseFigures,
  type Suite,
  suiteRecord,
} from "./suite.ts";
import type { SuiteSource } from "./units.ts";

/** The example suite with its first benchmark changed. */
function withBenchmark(change: Record<string, unknown>): Suite {
  const [first, ...others] = exampleSuite.benchmarks;
  return { ...exampleSuite, benchmarks: [{ ...first, ...change } as BenchmarkSpec, ...others] };
}

/** The example suite with a target of this kind. */
function withTarget(change: Record<string, unknown>): Suite {
  const [target] = exampleSuite.targets;
  return { ...exampleSuite, targets: [{ ...target!, ...change }] } as Suite;
}

function withEvidence(change: Record<string, unknown>): Suite {
  const [claim] = exampleSuite.claims;
  const [piece] = claim!.evidence;
  return { ...exampleSuite, claims: [{ ...claim!, evidence: [{ ...piece!, ...change }] }] };
}

Deno.test("defineSuite() gives a suite back that makes sense", () => {
  assert.equal(defineSuite(exampleSuite), exampleSuite);
});

Deno.test("defineSuite() takes targets that are alike in part", () => {
  const [target] = exampleSuite.targets;
  const targets = [
    { ...target!, stores: ["raw"] },
    { ...target!, stores: ["kvstore"] },
    { ...target!, value: target!.value * 2 },
    { benchmark: "l", metric: "responseP99", bound: "atMost", value: "1ms" } as const,
  ];
  const loads = [{ name: "l", load: { keys: 9, valueSize: 8, mix: { get: 1 }, rate: "1k" } }];
  assert.equal(defineSuite({ ...exampleSuite, loads, targets }).targets.length, 4);
});

Deno.test("defineSuite() has no targets, claims, figures or next steps where a suite says nothing of them", () => {
  const { targets: _t, claims: _c, figures: _f, nextSteps: _n, ...source } = exampleSuite;
  const { targets, claims, figures, nextSteps, benchmarks } = defineSuite(source);
  assert.deepEqual([targets, claims, figures, nextSteps], [[], [], [], []]);
  assert.equal(benchmarks, source.benchmarks);
  assert.throws(() => defineSuite({ ...source, benchmarks: [] }), /define a benchmark/);
  const { benchmarks: _b, ...nothing } = source;
  assert.throws(() => defineSuite(nothing), /define a benchmark/);
});

Deno.test("defineSuite() reads sizes, counts, times and rates with their units", () => {
  const source: SuiteSource = {
    ...exampleSuite,
    benchmarks: [
      {
        ...exampleSuite.benchmarks[0]!,
        keys: "20k",
        elements: "1k",
        valueBytes: "64KiB",
        samples: "10",
      },
      ...exampleSuite.benchmarks.slice(1),
    ],
    targets: [
      { benchmark: "write/100", metric: "throughput", bound: "atLeast", value: "50k" },
      { benchmark: "read/one", metric: "p99", bound: "atMost", value: "5ms" },
    ],
  };
  const { benchmarks, targets } = defineSuite(source);
  const { keys, elements, valueBytes, samples } = benchmarks[0]!;
  assert.deepEqual([keys, elements, valueBytes, samples], [20_000, 1000, 65_536, 10]);
  assert.equal(benchmarks[1], source.benchmarks![1]);
  assert.deepEqual(targets.map(({ value }) => value), [50_000, 5_000_000]);
});

const WRONG: [title: string, suite: Suite, message: RegExp][] = [
  ["a name leads out of a folder", { ...exampleSuite, name: "../x" }, /"\.\.\/x": name it with/],
  [
    "its name is no folder's for its length",
    { ...exampleSuite, name: "a".repeat(101) },
    /its name has 101 letters; give it at most 100/,
  ],
  [
    "it is none",
    null as unknown as Suite,
    /^Cannot define the suite: it is null, and has to be an object$/,
  ],
  [
    "its name is no text",
    { ...exampleSuite, name: 2n as unknown as string },
    /^Cannot define the suite: name: it is .+, and has to be a text/,
  ],
  [
    "a field is a slip",
    { ...exampleSuite, target: [] } as Suite,
    /: target: there is no such field; did you mean targets\? /,
  ],
  [
    "a benchmark's field is a slip",
    withBenchmark({ sample: 5 }),
    /benchmarks\.0\.sample: there is no such field; did you mean samples\? \(there is name, kind,/,
  ],
  [
    "a target's field is a slip",
    withTarget({ note: 2n }),
    /targets\.0\.note: there is no such field; there is/,
  ],
  [
    "evidence's field is a slip",
    withEvidence({ figure: ["x"] }),
    /claims\.0\.evidence\.0\.figure: .* mean figures/,
  ],
  [
    "a ladder's profile has a slip",
    { ...exampleSuite, ladder: { profiles: { quick: { explain: true } } } } as unknown as Suite,
    /ladder\.profiles\.quick\.explain: there is no such field; did you mean explains\?/,
  ],
  [
    "a size has no such unit",
    withBenchmark({ valueBytes: "1 meg" }),
    /benchmarks\.0\.valueBytes: it is "1 meg", and has to be a size such as 1024 or 1KiB$/,
  ],
  [
    "a rate is a time",
    withTarget({ value: "5ms" }),
    /targets\.0\.value: it is "5ms", and has to be operations a second such as 50000 or 50k$/,
  ],
  ["there is no store", { ...exampleSuite, stores: [] }, /stores: name a store/],
  ["a store is there twice", { ...exampleSuite, stores: ["raw", "raw"] }, /store raw is .* twice/],
  ["there is no benchmark", { ...exampleSuite, benchmarks: [] }, /define a benchmark/],
  ["a benchmark is there twice", withBenchmark({ name: "scan/10" }), /scan\/10 is there twice/],
  ["a benchmark's name has a space", withBenchmark({ name: "a b" }), /"a b" with letters/],
  ["a benchmark's name climbs", withBenchmark({ name: "a/../b" }), /"a\/..\/b" with letters/],
  ["a benchmark's name is empty", withBenchmark({ name: "" }), /"" with letters/],
  [
    "a kind is unknown",
    withBenchmark({ kind: "speed" }),
    /benchmarks\.0\.kind: it is "speed", and has to be "throughput" or "latency"/,
  ],
  ["an operation is unknown", withBenchmark({ operation: "cas" }), /benchmarks\.0\.operation/],
  ["there are no samples", withBenchmark({ samples: 0 }), /0\.samples: give a positive whole/],
  [
    "a count is no number",
    withBenchmark({ keys: "many" }),
    /benchmarks\.0\.keys: it is "many", and has to be a count such as 20000 or 20k$/,
  ],
  ["a count is not whole", withBenchmark({ elements: 1.5 }), /elements: give a positive whole/],
  ["a size is not finite", withBenchmark({ valueBytes: Infinity }), /valueBytes: give a positive/],
  ["a scan is timed singly", withBenchmark({ kind: "latency", operation: "scan" }), /throughput/],
  ["a latency has elements", withBenchmark({ kind: "latency" }), /leave elements out/],
  ["a scan is longer than the keys", withBenchmark({ operation: "scan", keys: 9 }), /100 of 9/],
  ["an order is unknown", withBenchmark({ order: "backwards" }), /benchmarks\.0\.order/],
  ["there are no clients", withBenchmark({ clients: 0 }), /clients: give a positive whole/],
  [
    "there are more operations in flight than sense",
    withBenchmark({ clients: 5000 }),
    /write\/100 has 5000 operations in flight; have at most 4096/,
  ],
  [
    "there are no runs",
    withBenchmark({ runs: 0 }),
    /benchmarks\.0\.runs: give a whole number of runs from 1 to 1000$/,
  ],
  ["runs are not whole", withBenchmark({ runs: 1.5 }), /benchmarks\.0\.runs: give a whole number/],
  ["runs are too many", withBenchmark({ runs: 1001 }), /benchmarks\.0\.runs: give .* 1 to 1000$/],
  [
    "runs are a text",
    withBenchmark({ runs: "3" }),
    /benchmarks\.0\.runs: it is "3", and has to be a number$/,
  ],
  [
    "a load's runs are not whole",
    {
      ...exampleSuite,
      loads: [{ name: "l", runs: 2.5, load: { keys: 9, valueSize: 8, mix: { get: 1 } } }],
    } as unknown as Suite,
    /loads\.0\.runs: give a whole number of runs from 1 to 1000$/,
  ],
  [
    "a variant's store is unknown",
    { ...exampleSuite, variants: [{ store: "x", options: {} }] },
    /a variant is of the store x, which is not there; there is /,
  ],
  [
    "a variant's thorough benchmark is unknown",
    {
      ...exampleSuite,
      variants: [{ store: exampleSuite.stores[0]!, options: {}, thorough: ["y"] }],
    },
    /a variant is for the benchmark y, which is not there; there is write\/100, /,
  ],
  [
    "a target's benchmark is unknown",
    withTarget({ benchmark: "x" }),
    /a target is for .* x, which is not there; there is write\/100, /,
  ],
  [
    "a target's benchmark is a slip",
    withTarget({ benchmark: "wirte/100" }),
    /for the benchmark wirte\/100, which is not there; did you mean write\/100\?/,
  ],
  [
    "evidence's benchmark is a slip",
    withEvidence({ benchmark: "read/on" }),
    /for the benchmark read\/on, which is not there; did you mean read\/one\?/,
  ],
  ["a target's value is negative", withTarget({ value: -1 }), /targets\.0\.value/],
  [
    "a rate is to be at most",
    withTarget({ bound: "atMost" }),
    /targets\.0\.bound: it is "atMost", and more of a rate is better; write "atLeast"$/,
  ],
  [
    "a time is to be at least",
    withTarget({ benchmark: "read/one", metric: "p99", bound: "atLeast" }),
    /targets\.0\.bound: it is "atLeast", and more of a time is worse; write "atMost"$/,
  ],
  [
    "a target is there twice",
    {
      ...exampleSuite,
      targets: [exampleSuite.targets[0]!, { ...exampleSuite.targets[0]!, stores: ["raw"] }],
    },
    /targets\.1: the throughput of write\/100 has the same target already; leave one of them out$/,
  ],
  [
    "a latency's response is a target",
    withTarget({ benchmark: "read/one", metric: "responseP99", bound: "atMost" }),
    /the responseP99 of read\/one, and only loads with a rate have responses; .* or write p99$/,
  ],
  [
    "the response of a load without a rate is a target",
    {
      ...withTarget({ benchmark: "l", metric: "responseP50", bound: "atMost" }),
      loads: [{ name: "l", load: { keys: 9, valueSize: 8, mix: { get: 1 } } }],
    } as unknown as Suite,
    /the responseP50 of l, and only loads with a rate/,
  ],
  ["a throughput's quantile is a target", withTarget({ metric: "p99" }), /the p99 of write\/100/],
  [
    "evidence's benchmark is unknown",
    withEvidence({ benchmark: "x" }),
    /evidence is .* x, which is not there; there is write\/100, /,
  ],
  [
    "evidence's figure is unknown",
    withEvidence({ figures: ["x"] }),
    /the figure x, which is not there; there is /,
  ],
  [
    "evidence is a throughput's quantile",
    withEvidence({ benchmark: "scan/10" }),
    /the p99 of scan\/10/,
  ],
];
for (const [title, suite, message] of WRONG) {
  Deno.test(`defineSuite() refuses when ${title}`, () => {
    assert.throws(() => defineSuite(suite), (error) => {
      assert.ok(error instanceof SuiteError);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot define the suite[ :][^\n]+[^.\n]$/);
      return true;
    });
  });
}

Deno.test("benchmarkRecord() fills in what the suite leaves out", () => {
  assert.deepEqual(benchmarkRecord("raw", exampleSuite.benchmarks[1]!), {
    id: "raw/read/one",
    store: "raw",
    name: "read/one",
    kind: "latency",
    sampling: "flat",
    samples: 10,
    elements: 1,
    workload: {
      operation: "get",
      keys: 100,
      keyBytes: 16,
      valueBytes: 16,
      order: "sequential",
      clients: 1,
    },
  });
});

Deno.test("benchmarkRecord() keeps what the suite says", () => {
  const spec: BenchmarkSpec = {
    ...exampleSuite.benchmarks[0]!,
    order: "sequential",
    clients: 1,
    sampling: "linear",
  };
  const { sampling, elements, workload } = benchmarkRecord("raw", spec);
  assert.deepEqual([sampling, elements, workload.order, workload.clients], [
    "linear",
    100,
    "sequential",
    1,
  ]);
});

Deno.test("suiteRecord() keeps what a result is judged by, and nothing of the plan", () => {
  const { name, title, summary, targets, claims, figures, nextSteps } = exampleSuite;
  const expected = { name, title, summary, targets, claims, figures, nextSteps };
  assert.deepEqual(suiteRecord(exampleSuite), expected);
});

Deno.test("parseFigures() takes a file's figures", () => {
  assert.deepEqual(parseFigures({ figures: exampleSuite.figures, note: "kept elsewhere" }), [
    ...exampleSuite.figures,
  ]);
});

Deno.test("parseFigures() says which field is wrong", () => {
  const [figure] = exampleSuite.figures;
  assert.throws(
    () => parseFigures({ figures: [figure, { ...figure, ops_per_sec: 0 }] }),
    /^SuiteError: Cannot take the published figures: figures\.1\.ops_per_sec: /,
  );
  assert.throws(
    () => parseFigures(null),
    /Cannot take the published figures: it is null, and has to be an object/,
  );
});

Deno.test("defineSuite() reads which rate of a load is searched, and says where that makes no sense", () => {
  const load = { keys: "10k", valueSize: 100, mix: { get: 1 } };
  const suite = (findRate: unknown) =>
    defineSuite({ ...exampleSuite, loads: [{ name: "mixed", load, findRate }] } as SuiteSource);
  const read = (findRate: unknown) => suite(findRate).loads![0]!.findRate;
  assert.deepEqual(read({}), { mostP99: null });
  assert.deepEqual(read({ mostP99: "2ms" }), { mostP99: 2e6 });
  assert.deepEqual(read({ mostP99: 5e5 }), { mostP99: 5e5 });
  const defined = suite({ mostP99: "2ms" });
  assert.deepEqual(defineSuite(defined).loads, defined.loads, "what was read stays");
  const [record] = planBenchmarks(defined, { stores: ["raw"], filter: "mixed" });
  assert.deepEqual(record!.findRate, { mostP99: 2e6 });
  assert.equal(planBenchmarks(suite(undefined), { stores: ["raw"] }).at(-1)!.findRate, undefined);
  for (
    const [wrong, message] of [
      [
        { mostp99: "2ms" },
        /loads\.0\.findRate\.mostp99: there is no such field; did you mean mostP99\?/,
      ],
      [
        { mostP99: "2 apples" },
        /: loads\.0\.findRate\.mostP99: it is "2 apples"; give a time such as/,
      ],
      [{ mostP99: 0 }, /: loads\.0\.findRate\.mostP99: it is 0; give a time such as 2ms/],
      [true, /: loads\.0\.findRate: it is true; give \{\} for the capacity, or/],
    ] as const
  ) {
    assert.throws(() => suite(wrong), { name: "SuiteError", message });
  }
});

Deno.test("defineSuite() reads loads, with defaults, and says where one makes no sense", () => {
  const load = { keys: "10k", valueSize: "1KiB", mix: { get: 0.9, update: 0.1 } } as const;
  const suite = (change: object) =>
    defineSuite({
      ...exampleSuite,
      benchmarks: [],
      targets: [],
      claims: [],
      loads: [{ name: "mixed", shape: "settled", load: { ...load, ...change } }],
    });
  const defined = suite({ clients: 3 });
  assert.equal(defined.loads![0]!.load.keys, 10_000);
  assert.equal(
    defineSuite(defined).loads![0]!.load,
    defined.loads![0]!.load,
    "what was read stays",
  );
  const [record] = planBenchmarks(defined, { stores: ["raw"] });
  assert.deepEqual(record!.workload, {
    operation: null,
    keys: 10_000,
    keyBytes: 16,
    valueBytes: 1024,
    order: null,
    shape: "settled",
    clients: 3,
    load: defined.loads![0]!.load,
  });
  assert.equal(record!.kind, "load");
  assert.throws(() => suite({ mix: { get: 0.5 } }), {
    name: "SuiteError",
    message: /: loads\.0\.load\.mix: its shares sum to 0\.5; let them sum to 1$/,
  });
  assert.throws(() => suite({ filled: false, mix: { update: 1 } }), {
    name: "SuiteError",
    message: /mixed begins with an empty store, which has no shape; leave shape out$/,
  });
});

/** The names that a place may have, by its own error. */
function fieldsAt(suite: object): string[] {
  try {
    defineSuite(suite as SuiteSource);
  } catch (error) {
    const [, list] = /there is no such field; .*?there is ([^)]*)/.exec((error as Error).message)!;
    return list!.split(", ");
  }
  throw new Error("the slip was taken");
}

const PAGE = new URL("../../suites/README.md", import.meta.url);

Deno.test("the page on writing a suite tells of every field", () => {
  const page = Deno.readTextFileSync(PAGE);
  const [claim] = exampleSuite.claims;
  const slip = { zzzzzzzzzz: 1 };
  const fields = [
    ...fieldsAt({ ...exampleSuite, ...slip }),
    ...fieldsAt(withBenchmark(slip)),
    ...fieldsAt(withTarget(slip)),
    ...fieldsAt({ ...exampleSuite, claims: [{ ...claim!, ...slip }] }),
    ...fieldsAt(withEvidence(slip)),
  ];
  const load = { keys: 1, valueSize: 1, mix: { get: 1 } };
  fields.push(
    ...fieldsAt({ ...exampleSuite, loads: [{ name: "mixed", load: { ...load, ...slip } }] }),
    ...fieldsAt({ ...exampleSuite, loads: [{ name: "mixed", load, ...slip }] }),
  );
  assert.ok(fields.length > 40);
  for (const field of fields) assert.ok(page.includes(`\`${field}\``), `of ${field}`);
});

Deno.test("the page's example is a suite, outside of the project", async () => {
  const [, example] = /```ts\n(.*?)```/s.exec(Deno.readTextFileSync(PAGE))!;
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-suite-" });
  try {
    const face = new URL("../mod.ts", import.meta.url).href;
    const text = example!.replace(/from "[^"]*"/, `from ${JSON.stringify(face)}`);
    Deno.writeTextFileSync(`${folder}/sessions.ts`, text);
    const { default: suite } = await import(pathToFileURL(`${folder}/sessions.ts`).href);
    assert.equal(suite.targets[1].value, 1e6);
    assert.equal(suite.benchmarks[0].valueBytes, 2048);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
