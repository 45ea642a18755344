import assert from "node:assert/strict";
import { textsOf } from "../remark/mod.ts";
import type { EvidenceRecord, FigureRecord } from "../result/schema.ts";
import { analyse } from "./analyse.ts";
import { combine } from "./claims.ts";
import type { ClaimVerdict } from "./model.ts";
import { describe, sampleResult, sampleStore, threeStores } from "./_testing/sample_result.ts";

const FIGURE: FigureRecord = {
  id: "a",
  system: "Other",
  metric: "read",
  ops_per_sec: 1000,
  source: "a page",
};

/** The verdict of a claim with one piece of evidence over raw, whose reads take about 1.05 µs. */
function judge(
  evidence: Partial<EvidenceRecord>,
  ...figures: Partial<FigureRecord>[]
): ClaimVerdict {
  return judgeRuns(3, evidence, ...figures);
}

function judgeRuns(
  runs: number,
  evidence: Partial<EvidenceRecord>,
  ...figures: Partial<FigureRecord>[]
): ClaimVerdict {
  const result = sampleResult({
    runs,
    observations: 2000,
    stores: [sampleStore("raw", 1)],
    suite: {
      figures: figures.map((figure) => ({ ...FIGURE, ...figure })),
      claims: [{
        name: "Bet",
        hypothesis: "It can.",
        limits: ["A limit of its own."],
        evidence: [{
          benchmark: "read_latency/single_read",
          metric: "mean",
          figures: ["a"],
          ...evidence,
        }],
      }],
    },
  });
  return analyse(result, { resamples: 500 }).claims[0]!;
}

Deno.test("combine() needs all for support and one for refutation", () => {
  assert.equal(combine(["supported", "supported"]), "supported");
  assert.equal(combine(["supported", "inconclusive"]), "inconclusive");
  assert.equal(combine(["supported", "inconclusive", "refuted"]), "refuted");
  assert.equal(combine([]), "inconclusive");
});

const figures: [figure: Partial<FigureRecord>, outcome: string][] = [
  [{ latency_us_avg: 5 }, "supported"],
  [{ latency_us_avg: 0.5 }, "refuted"],
  [{ latency_us_range: [5, 10] }, "supported"],
  [{ latency_us_range: [0.2, 0.5] }, "refuted"],
  // Better than the worse end alone is not enough.
  [{ latency_us_range: [0.5, 5] }, "inconclusive"],
  // The source says nothing of latency.
  [{}, "inconclusive"],
];
Deno.test("analyse() holds a mean latency against a figure and its range", () => {
  for (const [figure, outcome] of figures) {
    const { outcome: claimed, evidence } = judge({}, figure);
    assert.equal(claimed, outcome, JSON.stringify(figure));
    assert.equal(evidence[0]!.reason === null, outcome !== "inconclusive");
  }
});

Deno.test("analyse() does not hold a p99 against a mean", () => {
  const { evidence, outcome } = judge({ metric: "p99" }, { latency_us_avg: 5 });
  assert.equal(outcome, "inconclusive");
  assert.equal(evidence[0]!.reason, "the source does not state this metric");
});

Deno.test("analyse() refutes a claim when one of two figures is better", () => {
  const evidence = { benchmark: "read_throughput/10000", metric: "throughput" as const };
  const claim = judge(
    { ...evidence, figures: ["a", "b"] },
    { id: "a", ops_per_sec: 1000 },
    { id: "b", ops_per_sec: 1e9 },
  );
  assert.deepEqual(claim.evidence.map(({ outcome }) => outcome), ["supported", "refuted"]);
  assert.equal(claim.outcome, "refuted");
});

Deno.test("analyse() is inconclusive on a claim whose figure or benchmark is missing", () => {
  assert.equal(judge({ figures: ["b"] }).evidence[0]!.reason, "the suite has no figure b");
  const absent = judge({ benchmark: "nothing" }, { latency_us_avg: 5 });
  assert.equal(absent.evidence[0]!.reason, "the benchmark is not in this result's plan");
  assert.equal(judge({ stores: ["other"] }, { latency_us_avg: 5 }).outcome, "inconclusive");
});

Deno.test("analyse() adds to a claim's limits what its figures cannot show", () => {
  const { claims } = analyse(threeStores(), { resamples: 500 });
  const { limits: own, remarks } = claims[0]!;
  assert.equal(own[0], "The storage layer alone does not show what Raft and gRPC cost.");
  const limits = textsOf(remarks);
  const networked = limits.find((limit) => limit.includes("network, which"))!;
  assert.match(
    networked,
    /^The figures of etcd are .* raw, kvstore and level were measured in process/,
  );
  assert.ok(limits.some((limit) => /TiKV does not state whether a network/.test(limit)));
  assert.ok(limits.some((limit) => /^Some figures, of TiKV, are approximate\.$/.test(limit)));
});

Deno.test("analyse() does not speak of a network when no figure has one", () => {
  const { limits, remarks } = judge(
    {},
    { latency_us_avg: 5, networked: false, value_bytes: 1024 },
  );
  assert.deepEqual(limits, ["A limit of its own."]);
  assert.deepEqual(textsOf(remarks), [
    "Published figures come from other machines than the one that was measured here.",
  ]);
});

Deno.test("analyse() is inconclusive on a claim whose evidence has fewer than three runs", () => {
  assert.equal(judgeRuns(3, {}, { latency_us_avg: 5 }).outcome, "supported");
  const { outcome, evidence } = judgeRuns(2, {}, { latency_us_avg: 5 });
  assert.equal(outcome, "inconclusive");
  assert.match(evidence[0]!.reason!, /fewer than 3 runs/);
});

/** A claim of raw against figures of etcd, where etcd was measured as well, in so many ns. */
function judgeLive(ns: number, runs = 3, options: Record<string, string> = {}) {
  const result = sampleResult({
    runs,
    observations: 2000,
    stores: [
      sampleStore("raw", 1),
      sampleStore(
        "etcd",
        ns / 1000,
        describe("etcd", { engine: "etcd", network: true, durability: "synced", options }),
      ),
    ],
    suite: {
      figures: [
        { ...FIGURE, system: "etcd", latency_us_avg: 0.0001 },
        { ...FIGURE, id: "b", system: "TiKV", latency_us_avg: 100 },
      ],
      claims: [{
        name: "Bet",
        hypothesis: "It can.",
        limits: [],
        evidence: [{
          benchmark: "read_latency/single_read",
          metric: "mean",
          figures: ["a", "b"],
          stores: ["raw"],
        }],
      }],
    },
  });
  return analyse(result, { resamples: 500 }).claims[0]!;
}

Deno.test("analyse() holds a store against a system that was measured as well, not what was published of it", () => {
  const { evidence, outcome, remarks } = judgeLive(1e6);
  assert.deepEqual(
    evidence.map(({ figureId, live, counts, outcome }) => [
      figureId ?? live!.benchmark,
      counts,
      outcome,
    ]),
    [
      ["etcd/read_latency/single_read", true, "supported"],
      ["a", false, "refuted"],
      ["b", true, "supported"],
    ],
  );
  assert.equal(outcome, "supported");
  assert.ok(textsOf(remarks).includes("Writes of etcd were synced and those of raw buffered."));
  assert.equal(judgeLive(1).outcome, "refuted");
});

Deno.test("analyse() holds no store against a system that was hardly measured, or has a cable's time", () => {
  const few = judgeLive(1e6, 2);
  assert.equal(few.outcome, "inconclusive");
  assert.equal(few.evidence[0]!.reason, "etcd was measured in fewer than 3 runs");
  const { evidence, outcome } = judgeLive(1e6, 3, { cable: "delay queue" });
  assert.deepEqual(evidence.map(({ live, counts }) => [live, counts]), [[null, true], [
    null,
    true,
  ]]);
  assert.equal(outcome, "refuted");
});
