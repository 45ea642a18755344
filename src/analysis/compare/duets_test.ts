import assert from "node:assert/strict";
import type { Result, RunRecord } from "../../result/schema.ts";
import { Random } from "../../stats/mod.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import { compareResults } from "./compare.ts";
import type { ResultComparison } from "./model.ts";

/** How the two sides of a made-up duet are. */
interface DuetOptions {
  /** The candidate's time over the base's. @default 1 */
  factor?: number;
  /** The same within one pair of processes, by its number and its share of the time that is over. */
  within?: (run: number, share: number) => number;
  runs?: number;
  seed?: number;
}

/**
 * Both sides of a duet on a machine whose pace changes by a factor of two from one batch to the next
 * but one, and whose processes are each a little faster or slower than others.
 */
function duet({ factor = 1, within = () => 1, runs = 16, seed = 1 }: DuetOptions = {}): [
  base: Result,
  candidate: Result,
] {
  const random = new Random(seed);
  const paces = new Map<string, number[]>();
  const turns = new Map<string, number[]>();
  const side = (role: "base" | "candidate"): Result => {
    const result = sampleResult({
      runs,
      seed,
      stores: [sampleStore("raw", 1, {}, ["read_throughput/10000", "read_latency/single_read"])],
      observations: 500,
    });
    return {
      ...result,
      id: `duet-${role}`,
      interleaved: { session: "duet", role, duet: { batchMs: 1.5 }, differs: {} },
      runs: result.runs.map((run) => inTurns(run, role)),
    };
  };
  const inTurns = (run: RunRecord, role: "base" | "candidate"): RunRecord => {
    const key = `${run.benchmark} ${run.run}`;
    let pace = 1;
    const own = paces.get(key) ?? run.samples.map(() => {
      pace = Math.exp(0.9 * Math.log(pace) + 0.3 * random.normal());
      return pace;
    });
    const first = turns.get(key) ?? run.samples.map(() => random.below(2));
    paces.set(key, own);
    turns.set(key, first);
    const process = Math.exp(0.03 * random.normal());
    return {
      ...run,
      startedAt: `2026-11-28T10:00:${String(run.run).padStart(2, "0")}.000Z`,
      samples: run.samples.map((sample, pair) => {
        const slower = role === "base" ? 1 : factor * within(run.run, pair / run.samples.length);
        const ns = 1e6 * own[pair]! * process * slower * Math.exp(0.03 * random.normal());
        const turn = 2 * pair + (role === "base" ? first[pair]! : 1 - first[pair]!);
        return { ...sample, iterations: 1, ns, turn };
      }),
    };
  };
  return [side("base"), side("candidate")];
}

const compare = ([base, candidate]: readonly [Result, Result]): ResultComparison =>
  compareResults({ label: "before", result: base }, { label: "after", result: candidate });
/** The rows that are made of batches. */
const whole = ({ rows }: ResultComparison) => rows.filter(({ pairing }) => pairing?.batches);

Deno.test("compareResults() sees 10 % between sides that took turns on a machine of a changing pace", () => {
  const comparison = compare(duet({ factor: 1.1 }));
  assert.equal(comparison.duet, true);
  const rows = whole(comparison);
  assert.deepEqual(new Set(rows.map(({ metric }) => metric)), new Set(["throughput", "mean"]));
  for (const { metric, verdict, change, spread, pairing } of rows) {
    assert.equal(verdict, "regressed", metric);
    const slower = metric === "throughput" ? 1 / (1 + change!.value) - 1 : change!.value;
    assert.ok(slower > 0.06 && slower < 0.14, `${metric} ${slower}`);
    assert.equal(pairing!.pairs, 16);
    assert.ok(
      pairing!.unpaired! > 1.5 * spread!,
      `${pairing!.unpaired} unpaired, ${spread} paired`,
    );
  }
});

Deno.test("compareResults() of identical code in turns is not wrong in 15 comparisons", () => {
  let wrong = 0;
  for (let seed = 0; seed < 15; seed++) {
    const { counts } = compare(duet({ seed, runs: 14 }));
    wrong += counts.improved + counts.regressed;
  }
  assert.equal(wrong, 0);
});

Deno.test("compareResults() pairs runs that began together, and no others", () => {
  const [base, candidate] = duet();
  // As where a block was torn by a kill: the attempts that are there are of two blocks.
  for (const run of candidate.runs) {
    if (run.run === 3) run.startedAt = "2026-11-28T11:00:00.000Z";
  }
  const rows = whole(compare([base, candidate]));
  assert.ok(rows.length > 0);
  for (const { base: one, candidate: other, pairing } of rows) {
    assert.deepEqual([one.runs, other.runs, pairing!.pairs], [15, 15, 15]);
  }
});

Deno.test("compareResults() leaves out a batch whose partner is not there", () => {
  const [base, candidate] = duet();
  const before = whole(compare([base, candidate]));
  for (const run of base.runs) run.samples = run.samples.slice(0, -1);
  const rows = whole(compare([base, candidate]));
  assert.equal(rows.length, before.length);
  rows.forEach(({ pairing }, row) => {
    assert.equal(pairing!.batches, before[row]!.pairing!.batches! - 1);
  });
});

Deno.test("compareResults() says which pairs are far off, and which drift", () => {
  const told = (options: DuetOptions) => compare(duet(options)).remarks.map(({ id }) => id);
  assert.deepEqual(told({}).filter((id) => /pairs|batches/.test(id)), []);
  const far = compare(duet({ within: (run) => run === 5 ? 3 : 1 }));
  for (const { pairing, change } of whole(far)) {
    assert.deepEqual(pairing!.far.map(({ pair }) => pair), [5]);
    assert.ok(Math.abs(change!.value) < 0.06, `${change!.value}`);
  }
  assert.ok(far.remarks.some(({ id, numbers }) => id === "far-pairs" && numbers.far === 1));
  assert.ok(told({ within: (_, share) => 1 + 0.3 * share }).includes("drifting-pairs"));
});

Deno.test("compareResults() says where rare slow batches make another change than the middle", () => {
  const rare = compare(duet({ within: (_, share) => share < 0.1 ? 4 : 1 }));
  const [remark] = rare.remarks.filter(({ id }) => id === "rare-batches");
  assert.ok(remark !== undefined && remark.severity === "info");
  for (const { verdict } of whole(rare)) assert.notEqual(verdict, "regressed");
});
