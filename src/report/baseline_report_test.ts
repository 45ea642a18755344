import assert from "node:assert/strict";
import * as fc from "fast-check";
import { anyResult } from "../analysis/_testing/arbitrary_result.ts";
import { analyse } from "../analysis/mod.ts";
import {
  sampleResult,
  sampleStore,
  threeStores,
  troubledResult,
} from "../analysis/_testing/sample_result.ts";
import type { Result } from "../result/schema.ts";
import { facts } from "./baseline/facts.ts";
import { buildBaselineReport } from "./baseline_report.ts";
import type { Document, Inline } from "./document.ts";
import { inlineText } from "./inline_text.ts";
import { toMarkdown } from "./markdown.ts";

const OPTIONS = { resamples: 2000 };

function report(result: Result): Document {
  return buildBaselineReport(result, analyse(result, OPTIONS));
}

Deno.test("buildBaselineReport() writes the report of three stores in three runs", async (t) => {
  await t.assertSnapshot(toMarkdown(report(threeStores())), { serializer: (text) => text });
});

Deno.test("buildBaselineReport() writes the report of a troubled result", async (t) => {
  await t.assertSnapshot(toMarkdown(report(troubledResult())), { serializer: (text) => text });
});

Deno.test("buildBaselineReport() says which benchmarks have other numbers of runs", () => {
  const same = toMarkdown(report(threeStores()));
  assert.match(same, /:\*\* 3 runs of each benchmark, each a fresh process/);
  assert.match(
    same,
    /The intervals are over 3 runs\. What happens in 63% of a benchmark's runs, or/,
  );
  assert.match(same, /The intervals come from 3 runs of each benchmark on one day\./);
  // Five of single operations, and three of all else.
  const { runs, benchmarks, ...rest } = threeStores(5);
  const more = new Set(benchmarks.filter(({ kind }) => kind === "latency").map(({ id }) => id));
  const uneven = toMarkdown(report({
    ...rest,
    profile: { ...rest.profile, runs: 3 },
    benchmarks: benchmarks.map((own) => more.has(own.id) ? { ...own, runs: 5 } : own),
    runs: runs.filter(({ benchmark, run }) => more.has(benchmark) || run < 3),
  }));
  const latencies = "write_latency/single_write and read_latency/single_read";
  assert.ok(uneven.includes(`:** 3 runs of each benchmark (5 of ${latencies}), each a fresh`));
  assert.ok(
    uneven.includes(`; over 5 runs for ${latencies}. What happens in 63% of the runs of a`),
  );
  assert.match(uneven, /The intervals come from 3 to 5 runs of a benchmark on one day\./);
  assert.doesNotMatch(uneven, /planned runs did not end/, "nothing is missing");
});

Deno.test("buildBaselineReport() says where criterion's estimates are to be had that were not made", () => {
  const result = threeStores();
  const without = buildBaselineReport(result, analyse(result, { ...OPTIONS, criterion: false }));
  const text = toMarkdown(without);
  assert.match(text, /are not in this report: .*`deno task report` makes one with them/);
  assert.doesNotMatch(text, /in criterion's units|\btime: +\[|unequal weight/);
  // Every table says what it says with them.
  const tables = ({ blocks }: Document) => blocks.filter(({ type }) => type === "table");
  assert.deepEqual(tables(without), tables(report(result)));
});

const SECTIONS = [
  "Facts",
  "Executive summary",
  "How to read this page",
  "Test configuration",
  "Benchmark results",
  "Benchmark by benchmark",
  "Analysis",
  "Comparison with other systems",
  "Caveats and limitations",
  "Claims",
  "Next steps",
  "Appendix: raw benchmark output",
  "Artifacts",
];

/** Text without its markup, and outcomes without their marks. */
function plain(content: readonly Inline[]): string {
  return inlineText(
    content.map((piece) =>
      piece.type === "status" ? { type: "text", text: piece.words ?? piece.status } : piece
    ),
  );
}

Deno.test("buildBaselineReport() has the reference's sections in its order for any result", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      const { blocks } = report(result);
      const sections = blocks.flatMap((block) =>
        block.type === "heading" && block.level === 2 ? [plain(block.content)] : []
      );
      assert.deepEqual(sections, SECTIONS);
      assert.deepEqual(
        blocks.filter((block) => block.type === "heading" && block.level === 1).length,
        1,
      );
    }),
    { seed: 3, numRuns: 60 },
  );
});

Deno.test("buildBaselineReport() fills every column of every table for any result", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      for (const block of report(result).blocks) {
        if (block.type !== "table") continue;
        for (const row of block.rows) assert.equal(row.length, block.columns.length);
      }
    }),
    { seed: 4, numRuns: 60 },
  );
});

Deno.test("buildBaselineReport() writes no number that is none", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      // What the result itself says is not the report's to change.
      const said = JSON.stringify(result);
      const markdown = toMarkdown(report(result), { figures: "figures" });
      for (const word of ["NaN", "Infinity", "undefined", "[object", "not a number"]) {
        if (!said.includes(word)) assert.ok(!markdown.includes(word), word);
      }
    }),
    { seed: 5, numRuns: 60 },
  );
});

Deno.test("buildBaselineReport() has a row for every planned benchmark, measured or not", () => {
  const result = troubledResult();
  const tables = report(result).blocks.filter((block) => block.type === "table");
  const rows = tables.flatMap(({ rows }) =>
    rows.map((row) => row.map(({ content }) => plain(content)).join(" | "))
  );
  assert.ok(
    rows.some((row) => /^Read throughput \| not measured \| none \| not measured: run 0/.test(row)),
  );
  assert.ok(
    rows.includes(
      "Read latency p99 | not measured | ≤ 1 µs | not measured: none of its runs was started",
    ),
  );
  assert.ok(
    rows.includes(
      "scan_throughput/1000 throughput | not measured | ≥ 1,000,000 ops/s | " +
        "not measured: the benchmark is not in this result's plan",
    ),
  );
});

Deno.test("buildBaselineReport() names the benchmark where two have metrics of the same words", () => {
  const result = sampleResult({ runs: 3, stores: [sampleStore("raw", 1)], observations: 100 });
  const second = { ...result.benchmarks[0]!, id: "raw/other", name: "other" };
  const blocks = report({ ...result, benchmarks: [...result.benchmarks, second] }).blocks;
  const rows = blocks.flatMap((block) => block.type === "table" ? block.rows : [])
    .map((row) => plain(row[0]!.content));
  assert.ok(rows.includes("Write throughput write_throughput/10000"));
  assert.ok(rows.includes("Write throughput other"));
  assert.ok(rows.includes("Read throughput"));
});

Deno.test("buildBaselineReport() lists the artifacts that it is given", () => {
  const result = troubledResult();
  const artifacts = [{ name: "result.json", what: "the whole result" }];
  const markdown = toMarkdown(
    buildBaselineReport(result, analyse(result, OPTIONS), { artifacts }),
  );
  assert.match(markdown, /## Artifacts\n\n(- .*\n)*- `result\.json`: the whole result\n/);
});

Deno.test("buildBaselineReport() says why a metric without a target was not measured", () => {
  const result = troubledResult();
  const analysis = analyse({ ...result, suite: { ...result.suite, targets: [] } }, OPTIONS);
  const missing = analysis.benchmarks.flatMap(({ metrics }) =>
    metrics.filter(({ estimate, point }) => estimate === null && point === undefined)
  );
  const text = toMarkdown(buildBaselineReport(result, analysis));
  for (const { missing: timed, reason } of missing) {
    const told = timed === undefined
      ? "not measured | none | **– not measured**: "
      : `${timed} | none | `;
    assert.ok(text.includes(`${told}${reason} |`), `${reason}`);
  }
  // Some were not measured, and of others too few operations were.
  assert.equal(new Set(missing.map(({ missing }) => missing)).size, 2);
});

Deno.test("buildBaselineReport() tells closed loops from schedules", () => {
  const result = threeStores();
  const [first, ...others] = result.benchmarks;
  const paced = (loop: "open" | "closed") => ({
    ...first!,
    workload: { ...first!.workload, load: { groups: [{ counted: true, pace: { loop } }] } },
  });
  const analysis = analyse(result, OPTIONS);
  const kindOf = (...benchmarks: unknown[]) =>
    /without a network; (.*?) of /.exec(
      JSON.stringify(facts({ ...result, benchmarks } as Result, analysis)),
    )?.[1];
  assert.equal(kindOf(first, ...others), "a closed loop");
  assert.equal(kindOf(paced("open"), ...others), "closed loops and schedules");
  assert.equal(kindOf(paced("open")), "schedules");
  assert.equal(kindOf(paced("closed")), "a closed loop");
});

Deno.test("buildBaselineReport() calls no latency what is the wall time of several in flight", () => {
  const result = threeStores();
  const named = (clients: number) =>
    toMarkdown(report({
      ...result,
      benchmarks: result.benchmarks.map((own) => ({
        ...own,
        workload: { ...own.workload, clients },
      })),
    }));
  assert.match(named(8), /\| Write wall time for one of 8 in flight \| \d/);
  assert.doesNotMatch(named(8), /latency \(mean\)/);
  assert.match(named(1), /\| Write latency \(mean\) \| \d/);
  assert.doesNotMatch(named(1), /wall time for one/);
});
