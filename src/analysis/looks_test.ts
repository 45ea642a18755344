import assert from "node:assert/strict";
import { sampleResult, sampleStore } from "./_testing/sample_result.ts";
import { analyse } from "./analyse.ts";
import { compareResults } from "./compare/compare.ts";
import { estimateOf } from "./estimate_of.ts";
import { looksAt, questionsForRuns } from "./looks.ts";
import type { ClaimVerdict, EvidenceVerdict, TargetVerdict } from "./model.ts";
import type { Result } from "../result/mod.ts";

const OPTIONS = { resamples: 100, criterion: false };
const given = sampleResult({ runs: 3, stores: [sampleStore("raw", 1)] });
const ID = "raw/read_latency/single_read";

/** The same, with so many looks that added runs of a benchmark. */
function lookedAt(looks: number, id = ID): Result {
  const more = Array.from({ length: looks }, (_, look) => ({
    at: given.startedAt,
    open: [`${id} p99`],
    more: [{ benchmark: id, runs: 3 * 2 ** (look + 1) }],
  }));
  return { ...given, untilSure: { atMostMs: 1000, looks: more } };
}

const record = given.benchmarks.find(({ id }) => id === ID)!;

Deno.test("looksAt() counts the looks at a benchmark that something is asked of", () => {
  assert.equal(looksAt(record, given), null, "the bench ended with its plan");
  assert.equal(looksAt(record, lookedAt(0)), 1);
  assert.equal(looksAt(record, lookedAt(3)), 4);
  assert.equal(looksAt(record, lookedAt(3, "raw/other")), 1, "it was looked at with its runs once");
  const unasked = { ...given.suite, targets: [], claims: [] };
  assert.equal(looksAt(record, { ...lookedAt(3), suite: unasked }), null);
});

Deno.test("looksAt() does not count a look at fewer than three runs, which judges nothing", () => {
  const profile = { ...given.profile, runs: 1 };
  assert.equal(looksAt(record, { ...lookedAt(2), profile }), 2);
});

Deno.test("intervals are as much wider as the looks want, in the analysis and in a comparison", () => {
  const width = (result: Result) => {
    const { benchmarks } = analyse(result, OPTIONS);
    const estimate = estimateOf(benchmarks.find(({ id }) => id === ID)!, "p99")!;
    return { confidence: estimate.confidence, low: estimate.low, high: estimate.high };
  };
  const [plain, once, often] = [given, lookedAt(0), lookedAt(2)].map(width);
  assert.deepEqual(
    [plain, once, often].map((own) => own!.confidence.toFixed(5)),
    ["0.95000", "0.97500", "0.99583"],
  );
  assert.ok(often!.low < once!.low && once!.low < plain!.low);
  const { rows } = compareResults({ label: "a", result: given }, {
    label: "b",
    result: lookedAt(2),
  });
  const { base, candidate } = rows.find(({ id, metric }) => id === ID && metric === "p99")!;
  const shown = [base, candidate].map(({ estimate }) => estimate!.low);
  assert.deepEqual(shown, [plain!.low, often!.low]);
});

const analysis = analyse(given, OPTIONS);
const [target] = analysis.targets.filter(({ benchmark }) => benchmark === ID);
const open: TargetVerdict = { ...target!, verdict: "inconclusive", reason: "the interval holds" };

Deno.test("questionsForRuns() has what more runs may decide, and nothing else", () => {
  const asked = (change: Partial<TargetVerdict>) =>
    questionsForRuns({ ...analysis, claims: [], targets: [{ ...open, ...change }] });
  assert.deepEqual(asked({}), { open: [`${ID} ${target!.target.metric}`], benchmarks: [ID] });
  assert.equal(asked({ verdict: "met in one run" }).open.length, 1);
  const nothing = { open: [], benchmarks: [] };
  assert.deepEqual(asked({ verdict: "met" }), nothing);
  assert.deepEqual(asked({ verdict: "missed" }), nothing);
  assert.deepEqual(asked({ estimate: null }), nothing, "no run measured it");
  assert.deepEqual(asked({ planned: false }), nothing, "a filter left it out");
  const failed = analysis.benchmarks.map((own) => ({ ...own, runs: { ...own.runs, failed: 1 } }));
  const broken = { ...analysis, benchmarks: failed, claims: [], targets: [open] };
  assert.deepEqual(questionsForRuns(broken), nothing, "a run of it failed");
});

Deno.test("questionsForRuns() has a claim whose open evidence more runs may decide", () => {
  const estimate = { ...open.estimate!, value: 10, low: 8, high: 12 };
  const row = {
    store: "raw",
    benchmark: ID,
    metric: "p99",
    published: { value: 10, low: 10, high: 10 },
    estimate,
    outcome: "inconclusive",
  } as unknown as EvidenceVerdict;
  const asked = (...rows: Partial<EvidenceVerdict>[]) =>
    questionsForRuns({
      ...analysis,
      targets: [],
      claims: [
        {
          name: "Bet 1",
          outcome: "inconclusive",
          evidence: rows.map((change) => ({ ...row, ...change })),
        } as unknown as ClaimVerdict,
      ],
    });
  const found = { open: ["Bet 1"], benchmarks: [ID] };
  const nothing = { open: [], benchmarks: [] };
  assert.deepEqual(asked({}), found);
  assert.deepEqual(asked({}, { outcome: "supported" }), found);
  assert.deepEqual(asked({}, { estimate: null }), nothing, "it stays open for that one");
  assert.deepEqual(asked({}, { published: null }), nothing, "the source does not state it");
  const range = { value: 10, low: 5, high: 20 };
  assert.deepEqual(asked({ published: range }), nothing, "it lies inside of what was published");
  assert.deepEqual(asked({ published: { ...range, low: 9 } }), found);
});
