/** Results of any kind for property tests: all that the schema allows, with hostile text in it. */
import * as fc from "fast-check";
import {
  type BenchmarkRecord,
  type Result,
  type RunRecord,
  SCHEMA_VERSION,
} from "../../result/schema.ts";
import { KEY_ORDER_NAMES, OPERATION_NAMES, OPERATIONS } from "../../workload/mod.ts";
import { threeStores } from "./sample_result.ts";

/** Text that means something somewhere: in Markdown, HTML, a terminal, a table, a sentence. */
export const HOSTILE_TEXTS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "</code></pre><svg onload=alert(1)>",
  "[click](javascript:alert(1))",
  "![image](http://example.com/a.png)",
  "[a]: javascript:alert(1)",
  "<https://example.com>",
  "https://example.com/a?b=c and www.example.com and a@example.com",
  "a | b || c \\| d \\",
  "``` fence `` tick ` end `",
  "~~~",
  "line one\nline two\r\n\n# heading\n\n---\n\n```js\ncode",
  "# heading",
  "- item",
  "+ item",
  "> quote",
  "1. first",
  "2) second",
  "    indented",
  "\tindented",
  "=====",
  "-----",
  "***bold*** __also__ _em_ ~~gone~~",
  "snake_case_name _lead trail_ a__b",
  "&lt;b&gt; &amp; &#60;i&#62; &nbsp;",
  "\u001b[31mred\u001b[0m \u0007bell \u0000 nul \u009b",
  "\u202eesrever\u202c \u200bzero\u200b \ufeff",
  "\ud800 lone surrogate \udc00",
  "$x^2$ @user #12 :smile:",
  '" onmouseover="alert(1)" x="',
  "' onmouseover='alert(1)'",
  "<!-- comment --> --> <![CDATA[ ]]> <?php ?>",
  "<!-- figure: a -->",
  "**✓ met**",
  "\\",
  "`",
  "|",
  "*",
  "_",
  "[ ] todo",
  "[x] done",
  "[^1] and [^1]: note",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "",
  " ",
  "__proto__",
  "constructor",
] as const;

/** Any text, often a hostile one. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...HOSTILE_TEXTS), fc.constantFrom(...HOSTILE_TEXTS)).map((
      [a, b],
    ) => a + b),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

const HISTOGRAMS = [
  ...threeStores().runs.flatMap(({ latency }) => latency === null ? [] : [latency.histogram])
    .slice(0, 6),
  "HISTFAAAbroken",
  "",
];

const time = fc.constantFrom("2025-12-10T14:03:00.000Z", "2025-12-11T00:00:00.000Z");
const finite = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 100_000 }).map((n) => n / 1000));
const positive = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const count = fc.oneof(fc.nat({ max: 3 }), fc.nat());
const scalar = fc.oneof(anyText, finite, fc.boolean());
const storeName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("raw", "kvstore", "level", "null", "null-async") },
  { weight: 1, arbitrary: anyText },
);
const benchmarkName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("write_throughput/10000", "read_latency/one") },
  { weight: 1, arbitrary: anyText },
);
const metric = fc.constantFrom("throughput", "mean", "p50", "p90", "p99", "p999" as const);
const operation = fc.constantFrom(...OPERATION_NAMES);

const benchmark: fc.Arbitrary<BenchmarkRecord> = fc.record({
  store: storeName,
  name: benchmarkName,
  kind: fc.constantFrom("throughput", "latency" as const),
  sampling: fc.constantFrom("flat", "linear" as const),
  samples: count,
  elements: count,
  workload: fc.record({
    operation,
    keys: count,
    keyBytes: count,
    valueBytes: count,
    order: fc.constantFrom(...KEY_ORDER_NAMES),
    clients: count,
  }),
}).map((record) => ({ id: `${record.store}/${record.name}`, ...record }));

const properties = fc.dictionary(anyText, scalar, { maxKeys: 4 });

const fact = fc.oneof(fc.nat(), fc.constantFrom(0, 4096));
const facts = fc.record({
  liveFileBytes: fact,
  memtableBytes: fact,
  pendingCompactionBytes: fact,
  runningCompactions: fact,
}, { requiredKeys: [] });

const runBody = fc.record({
  position: count,
  state: fc.constantFrom("ended", "ended", "ended", "interrupted", "failed" as const),
  startedAt: time,
  endedAt: fc.option(time),
  store: fc.option(fc.record({
    store: anyText,
    engine: anyText,
    version: anyText,
    library: anyText,
    api: fc.constantFrom("sync", "async" as const),
    durability: fc.constantFrom("synced", "buffered", "off", "none" as const),
    network: fc.boolean(),
    options: fc.dictionary(anyText, scalar, { maxKeys: 3 }),
  })),
  clock: fc.option(fc.record({ costNs: finite, stepNs: finite })),
  warmup: fc.constant(null),
  samples: fc.oneof(
    fc.array(fc.record({ iterations: positive, ns: positive, atNs: fc.nat() }), { maxLength: 4 }),
    fc.array(
      fc.record({
        iterations: fc.constant(10),
        ns: fc.double({ min: 900, max: 1100, noNaN: true }),
        atNs: fc.constant(0),
      }),
      { minLength: 10, maxLength: 40 },
    ),
  ),
  latency: fc.option(
    fc.constantFrom(...HISTOGRAMS)
      .map((histogram) => ({ unit: "ns" as const, count: 1, histogram })),
  ),
  pressure: fc.option(fc.record({ load1: share, steal: share, busyOthers: share })),
  facts,
  properties,
  peakRssBytes: fc.option(count),
});

/** A run of the benchmark with an index in the plan, and its error if it has one. */
const runPlan = fc.tuple(runBody, fc.nat({ max: 7 }), fc.option(anyText));

const figure = fc.record({
  system: anyText,
  metric: fc.constantFrom(...OPERATION_NAMES.map((name) => OPERATIONS[name].word)),
  ops_per_sec: positive,
  source: anyText,
}, { requiredKeys: ["system", "metric", "ops_per_sec", "source"] });

const figureExtras = fc.record({
  id: fc.constantFrom("a", "b"),
  version: anyText,
  latency_ms_avg: positive,
  latency_us_avg: positive,
  latency_us_range: fc.tuple(positive, positive),
  latency_ms_p99: positive,
  clients: count,
  value_bytes: count,
  networked: fc.boolean(),
  hardware: anyText,
  durability: anyText,
  workload: anyText,
  approximate: fc.boolean(),
}, { requiredKeys: [] });

const target = fc.record({
  benchmark: benchmarkName,
  metric,
  bound: fc.constantFrom("atLeast", "atMost" as const),
  value: positive,
  stores: fc.array(storeName, { maxLength: 2 }),
}, { requiredKeys: ["benchmark", "metric", "bound", "value"] });

const claim = fc.record({
  name: anyText,
  hypothesis: anyText,
  evidence: fc.array(
    fc.record({
      benchmark: benchmarkName,
      metric,
      figures: fc.array(fc.oneof(fc.constantFrom("a", "b"), anyText), { maxLength: 2 }),
      stores: fc.array(storeName, { maxLength: 2 }),
    }, { requiredKeys: ["benchmark", "metric", "figures"] }),
    { maxLength: 3 },
  ),
  limits: fc.array(anyText, { maxLength: 2 }),
});

const environment = fc.record({
  os: anyText,
  kernel: anyText,
  arch: anyText,
  cpu: fc.record({
    model: fc.option(anyText),
    logical: count,
    governor: fc.option(anyText),
    turbo: fc.option(fc.boolean()),
    virtual: fc.option(fc.boolean()),
  }),
  memoryBytes: fc.option(count),
  data: fc.record({
    filesystem: fc.option(anyText),
    mountOptions: fc.option(anyText),
    device: fc.option(anyText),
    rotational: fc.option(fc.boolean()),
    scheduler: fc.option(anyText),
    freeBytes: fc.option(count),
  }),
  transparentHugePages: fc.option(anyText),
  swapBytes: fc.option(count),
  runtime: fc.record({ deno: anyText, v8: anyText, typescript: anyText }),
  host: anyText,
});

/** Any result that the schema allows, within numbers that a machine can take. */
export const anyResult: fc.Arbitrary<Result> = fc.record({
  schema: fc.constant("tidemark.result" as const),
  version: fc.constant<typeof SCHEMA_VERSION>(SCHEMA_VERSION),
  id: anyText,
  startedAt: time,
  endedAt: fc.option(time),
  complete: fc.boolean(),
  tool: fc.record({ version: anyText, commit: fc.option(anyText) }),
  command: fc.array(anyText, { maxLength: 3 }),
  seed: fc.maxSafeNat(),
  profile: fc.record({
    name: anyText,
    runs: fc.nat({ max: 100_000 }),
    warmupMs: finite,
    measureMs: finite,
  }),
  suite: fc.record({
    name: anyText,
    title: anyText,
    summary: anyText,
    targets: fc.array(target, { maxLength: 4 }),
    claims: fc.array(claim, { maxLength: 2 }),
    figures: fc.array(fc.tuple(figure, figureExtras).map(([a, b]) => ({ ...a, ...b })), {
      maxLength: 3,
    }),
    nextSteps: fc.array(anyText, { maxLength: 2 }),
  }),
  environment,
  benchmarks: fc.uniqueArray(benchmark, { maxLength: 6, selector: ({ id }) => id }),
  runs: fc.array(runPlan, { maxLength: 12 }),
  warnings: fc.array(anyText, { maxLength: 2 }),
}).map(({ runs, ...result }) => ({
  ...result,
  runs: runs.map(([body, index, error], run): RunRecord => ({
    benchmark: result.benchmarks[index % Math.max(1, result.benchmarks.length)]?.id ?? "gone",
    run,
    ...body,
    ...(error === null ? {} : { error }),
  })),
}));
