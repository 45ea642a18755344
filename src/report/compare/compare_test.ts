import { withoutStyles } from "../../format/mod.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  analyse,
  compareResults,
  formatMetricRange,
  type ResultComparison,
} from "../../analysis/mod.ts";
import { anyResult, HOSTILE_TEXTS } from "../../analysis/_testing/arbitrary_result.ts";
import { sampleResult, sampleStore } from "../../analysis/_testing/sample_result.ts";
import type { Result } from "../../result/schema.ts";
import { toMarkdown } from "../markdown.ts";
import { comparisonToConsole } from "./console.ts";
import { comparisonToJson } from "./json.ts";
import { comparisonToJunit } from "./junit.ts";
import { buildComparisonReport, buildComparisonSummary } from "./section.ts";
import { type AnalysedSide, buildSideBySide } from "./side_by_side.ts";

/** A night in which one benchmark costs another multiple. */
function night(seed: number, factors: Record<string, number> = {}): Result {
  const store = sampleStore("raw", 1);
  for (const [name, factor] of Object.entries(factors)) store.costs[name]!.ns *= factor;
  return {
    ...sampleResult({ runs: 5, seed, stores: [store], observations: 2_000 }),
    id: `night-${seed}`,
    startedAt: `2025-12-1${seed}T01:00:00.000Z`,
  };
}

/** One of everything: better, worse, much the same, open, one-sided, on another machine. */
function comparison(): ResultComparison {
  const base = night(1);
  const candidate = night(2, {
    "write_throughput/10000": 1.25,
    "read_throughput/10000": 0.7,
    "write_latency/single_write": 1.25,
    "read_latency/single_read": 0.7,
  });
  candidate.environment = { ...candidate.environment, kernel: "6.2.0" };
  candidate.benchmarks = candidate.benchmarks.filter(({ name }) => !name.startsWith("scan"));
  return compareResults({ label: "main", result: base }, { label: "night", result: candidate });
}

const WRITERS: Record<string, (comparison: ResultComparison) => string> = {
  console: comparisonToConsole,
  Markdown: (comparison) => toMarkdown(buildComparisonReport(comparison)),
  summary: (comparison) => toMarkdown(buildComparisonSummary(comparison)),
  JUnit: comparisonToJunit,
};
for (const [name, write] of Object.entries(WRITERS)) {
  Deno.test(`comparisons are written as golden ${name}`, async (t) => {
    await t.assertSnapshot(withoutStyles(write(comparison())));
  });
}

Deno.test("comparisons show witnesses in rows of their own, without a verdict", () => {
  const compared = comparison();
  const [{ id, store, name }] = compared.rows as [ResultComparison["rows"][number]];
  const row = { id, store, name, base: 1000, candidate: 1102, runs: { base: 5, candidate: 4 } };
  compared.witnesses = [
    { ...row, witness: "cpuNs", change: { value: 0.102, low: 0.098, high: 0.106 } },
    { ...row, witness: "instructions", change: null },
  ];
  compared.uncounted = [{ witness: "cacheMisses", reason: "the kernel does not allow it" }];
  const text = withoutStyles(comparisonToConsole(compared, { columns: 400 }));
  assert.match(text, / processor time +1.000 µs → 1.102 µs, \+10% \(\+9.8% to \+11%\)\n/);
  assert.match(text, / instructions +1,000 → 1,102\n/);
  assert.match(text, /Not counted: cache misses, since the kernel does not allow it\./);
  const page = toMarkdown(buildComparisonReport(compared));
  assert.match(page, /\| processor time +\| +1.000 µs +\| +1.102 µs +\| \+10% .*\| 5 and 4 +\|/);
  assert.match(page, /They are no verdict and no part of one\. Not counted: cache misses/);
  assert.doesNotMatch(page, /callgrind/);
  compared.counting = { tool: "valgrind-3.19.0", processes: 3, batches: 5, operations: 2000 };
  assert.doesNotMatch(toMarkdown(buildComparisonReport(compared)), /callgrind/, "none was counted");
  const same = { value: 0.102, low: 0.102, high: 0.102 };
  compared.witnesses.push({ ...row, witness: "countedInstructions", change: same });
  assert.match(
    toMarkdown(buildComparisonReport(compared)),
    /\| instructions under callgrind +\|.*\n\nWitnesses .* Those under callgrind \(valgrind-3\.19\.0\) are of 3 processes a side by themselves, with 5 batches of about 2,000 operations each, on the same keys; /,
  );
  compared.witnesses = [];
  assert.doesNotMatch(withoutStyles(comparisonToConsole(compared)), /Witnesses|Not counted/);
});

Deno.test("comparisons say how often was looked until they were sure, and what stayed open", () => {
  const compared = comparison();
  const open = compared.counts.inconclusive;
  compared.rows.forEach((row, at) => row.looks = at === 0 ? 2 : 1);
  compared.rows[0]!.candidate.runs = 22;
  Object.assign(compared, { looks: [16, 22, 30], looksEnded: "time" });
  for (
    const text of [
      withoutStyles(comparisonToConsole(compared, { columns: 10_000 })),
      toMarkdown(buildComparisonReport(compared)),
    ]
  ) {
    assert.match(
      text,
      /\d to 22 pairs a row, in 2 looks of 3 that were planned \(after 16, 22 and 30/,
    );
    assert.ok(text.includes(`; ${open} rows stayed open when the time was up. The level`), text);
  }
});

Deno.test("comparisonToJson() writes the comparison itself, with what it is", () => {
  const compared = comparison();
  const { schema, version, ...rest } = JSON.parse(comparisonToJson(compared));
  assert.deepEqual([schema, version], ["tidemark.comparison", 2]);
  assert.deepEqual(rest, JSON.parse(JSON.stringify(compared)));
});

Deno.test("comparisonToJunit() counts what forges count", () => {
  const compared = comparison();
  const xml = comparisonToJunit(compared);
  const count = (pattern: RegExp) => xml.match(pattern)?.length ?? 0;
  assert.ok(compared.counts.regressed > 0);
  assert.equal(count(/<failure /g), compared.counts.regressed);
  assert.equal(count(/<skipped /g), compared.counts.inconclusive + 1);
  assert.equal(count(/<testcase /g), compared.rows.length + 1);
  assert.match(
    xml,
    new RegExp(
      `<testsuites tests="${compared.rows.length + 1}" failures="${compared.counts.regressed}"`,
    ),
  );
});

Deno.test("comparison writers all show the verdicts of the comparison, and no other", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("improved", "regressed", "unchanged", "inconclusive" as const)),
      (verdicts) => {
        const compared = comparison();
        // Verdicts that the numbers do not give: a writer that judged by itself would differ.
        verdicts.forEach((verdict, index) => {
          const row = compared.rows[index];
          if (row !== undefined) row.verdict = verdict as typeof row.verdict;
        });
        const rowsOf = (verdict: string) =>
          compared.rows.filter((row) => row.verdict === verdict).length;
        const markdown = toMarkdown(buildComparisonReport(compared));
        const console = withoutStyles(comparisonToConsole(compared, { columns: 1000 }));
        for (const verdict of ["improved", "regressed", "unchanged"]) {
          assert.equal(markdown.split(` ${verdict}** |\n`).length - 1, rowsOf(verdict));
          assert.equal(
            console.match(new RegExp(`^  \\S+ .*  [✓✗=] ${verdict}$`, "gm"))?.length ?? 0,
            rowsOf(verdict),
          );
        }
      },
    ),
    { seed: 1, numRuns: 5 },
  );
});

Deno.test("comparison writers make hostile texts harmless", () => {
  fc.assert(
    fc.property(
      anyResult,
      anyResult,
      fc.constantFrom(...HOSTILE_TEXTS),
      (base, candidate, label) => {
        const compared = compareResults({ label, result: base }, { label, result: candidate });
        const xml = comparisonToJunit(compared);
        // deno-lint-ignore no-control-regex
        assert.ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml));
        // Nothing but the writer's own elements.
        const elements = new Set([...xml.matchAll(/<[/?]?([^\s>/]*)/g)].map(([, name]) => name));
        const known = [
          "xml",
          "testsuites",
          "testsuite",
          "properties",
          "property",
          "testcase",
          "failure",
          "skipped",
          "system-out",
        ];
        for (const name of elements) assert.ok(known.includes(name!), name);
        assert.ok(!withoutStyles(comparisonToConsole(compared)).includes("\u001b"));
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

/** A night of few runs, each so many times as slow as it was. */
function wild(seed: number, factors: readonly number[]): Result {
  const result = night(seed);
  const runs = result.runs.filter(({ run }) => run < factors.length).map((run) => ({
    ...run,
    samples: run.samples.map((sample) => ({ ...sample, ns: sample.ns * factors[run.run]! })),
  }));
  return { ...result, runs };
}

/** The numbers that a pattern's first group has in a text. */
const numbersOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, number]) => Number(number!.replaceAll(",", "")));

Deno.test("comparison writers advise and tell in numbers that can be read, however wild the runs", () => {
  const factors = fc.integer({ min: 3, max: 5 }).chain((runs) =>
    fc.array(fc.double({ min: -25, max: 25, noNaN: true }).map(Math.exp), {
      minLength: runs,
      maxLength: runs,
    })
  );
  let beyond = 0;
  fc.assert(
    fc.property(factors, factors, (a, b) => {
      const compared = compareResults(
        { label: "a", result: wild(1, a) },
        { label: "b", result: wild(2, b) },
      );
      for (const [name, write] of Object.entries(WRITERS)) {
        const text = withoutStyles(write(compared)).replaceAll(/\s+/g, " ");
        for (const percent of numbersOf(text, /([\d,]+(?:\.\d+)?) ?%/g)) {
          assert.ok(percent <= 1000, `${name}: ${percent}%`);
        }
        for (const runs of numbersOf(text, /([\d,]+) runs?\b/g)) {
          assert.ok(runs <= 1000, `${name}: ${runs} runs`);
        }
        if (text.includes("more than 10,000×")) beyond++;
      }
    }),
    { seed: 1, numRuns: 15 },
  );
  assert.ok(beyond > 0, "or it shows nothing");
});

Deno.test("comparison writers tell one that decides nothing from a pass", () => {
  const once = sampleResult({ runs: 1, stores: [sampleStore("raw", 1)] });
  const open = compareResults(
    { label: "a", result: once },
    { label: "b", result: { ...once, id: "other" } },
  );
  for (const [name, write] of Object.entries(WRITERS)) {
    assert.match(withoutStyles(write(open)), /Not decided: of \d+ rows none is known/, name);
    assert.match(withoutStyles(write(comparison())), /Failed: \d+ of \d+ rows regressed/, name);
  }
  assert.equal(JSON.parse(comparisonToJson(open)).outcome, "not decided");
  const none = compareResults(
    { label: "a", result: { ...once, benchmarks: [] } },
    { label: "b", result: once },
  );
  for (const [name, write] of Object.entries(WRITERS)) {
    assert.match(withoutStyles(write(none)), /The two sides have no benchmark in common/, name);
  }
});

Deno.test("comparison writers say first that a result is compared with itself, and of one id twice what differs", () => {
  const own = night(1);
  const [label, other] = ["a", "b"];
  const itself = compareResults({ label, result: own }, { label: other, result: own });
  const changed = compareResults({ label, result: own }, {
    label: other,
    result: { ...night(2), id: own.id },
  });
  for (const [name, write] of Object.entries(WRITERS).filter(([name]) => name !== "JUnit")) {
    const said = withoutStyles(write(itself)).replaceAll("\n", " ");
    assert.match(
      said,
      /The two sides are the same result: there is nothing that could differ/,
      name,
    );
    assert.doesNotMatch(said, /Not decided: of|Passed: of/, name);
    assert.doesNotMatch(withoutStyles(write(changed)), /the same result/, name);
  }
  assert.match(
    comparisonToConsole(changed, { columns: 500 }),
    /The two sides have one id, night-1, and differ in 11 of 13 rows: /,
  );
});

Deno.test("buildSideBySide() has every metric of both, with the words that each has by itself", () => {
  const [base, candidate] = [1, 1.3].map((factor, i) => ({
    ...sampleResult({ runs: 5, seed: i + 1, stores: [sampleStore("raw", factor)] }),
    id: `night-${i}`,
  })) as [Result, Result];
  const sides = [base, candidate].map((result, i) => ({
    label: "ab"[i]!,
    result,
    analysis: analyse(result, { resamples: 50 }),
  })) as [AnalysedSide, AnalysedSide];
  const compared = compareResults(...sides);
  const markdown = toMarkdown(buildSideBySide(sides, compared), { figures: "f" });
  assert.match(markdown, /^# a beside b\n\n\*\*a:\*\* raw meets all/);
  assert.match(markdown, /\n\*\*b:\*\* raw meets all/);
  for (const { id, metric, base, candidate } of compared.rows) {
    for (const { estimate } of [base, candidate]) {
      if (estimate !== null) {
        assert.ok(markdown.includes(formatMetricRange(metric, estimate)), `${id} ${metric}`);
      }
    }
  }
  assert.match(markdown, /!\[The second over the first\]\(f\/side-by-side\.svg\)/);
  assert.match(markdown, /## Facts of b\n/);
});
