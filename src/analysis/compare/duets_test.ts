import assert from "node:assert/strict";
import type { Result, RunRecord } from "../../result/schema.ts";
import { Random } from "../../stats/mod.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import { compareResults } from "./compare.ts";
import { goOn } from "./go_on.ts";
import type { ResultComparison } from "./model.ts";

/** How the two sides of a made-up duet are. */
interface DuetOptions {
  /** The candidate's time over the base's. @default 1 */
  factor?: number;
  /** The same within one pair of processes, by its number and its share of the time that is over. */
  within?: (run: number, share: number) => number;
  runs?: number;
  seed?: number;
  /** Whether the threads' witnesses are in the samples. */
  witnessed?: boolean;
}

/**
 * Both sides of a duet on a machine whose pace changes by a factor of two from one batch to the next
 * but one, and whose processes are each a little faster or slower than others.
 */
function duet(
  { factor = 1, within = () => 1, runs = 16, seed = 1, witnessed = false }: DuetOptions = {},
): [
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
        const counts = {
          cpuNs: 9e5 * slower * process,
          instructions: Math.round(4e6 * slower) + run.run % 2,
        };
        return { ...sample, iterations: 1, ns, turn, ...(witnessed && counts) };
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

Deno.test("compareResults() says where sides that took turns share the only processor", () => {
  const told = (cpu: Partial<Result["environment"]["cpu"]>, inTurns = true) => {
    const sides = duet({ runs: 5 });
    for (const side of sides) {
      side.environment = {
        ...side.environment,
        cpu: { ...side.environment.cpu, logical: 2, ...cpu },
      };
      if (!inTurns) delete side.interleaved;
    }
    return compare(sides).remarks.some(({ id }) => id === "only-processor");
  };
  assert.equal(told({ usable: 1 }), true, "by affinity");
  assert.equal(told({ usable: 2 }), false);
  assert.equal(told({ logical: 1, usable: null }), true, "of the machine");
  assert.equal(told({ logical: null, usable: null }), false, "not known");
  assert.equal(told({ usable: 1 }, false), false, "one after the other each has it to itself");
});

Deno.test("compareResults() says where slow batches left fewer rounds than planned", () => {
  const cut = (
    rounds: (planned: number) => number,
    ns: (place: number, side: Result) => number = () => 2e9,
  ) => {
    const sides = duet({ runs: 5 });
    const { id } = sides[0].benchmarks.find(({ store }) => store === "raw")!;
    for (const side of sides) {
      for (const run of side.runs.filter(({ benchmark }) => benchmark === id)) {
        run.samples = run.samples.slice(0, rounds(run.samples.length))
          .map((sample, place) => ({ ...sample, ns: ns(place, side) }));
      }
    }
    return { id, remarks: compare(sides).remarks.filter((own) => own.id === "fewer-rounds") };
  };
  const { id, remarks } = cut(() => 5);
  const [remark, ...more] = remarks;
  assert.deepEqual([remark!.about, more], [[id], []], "of no other benchmark");
  const { processes, rounds, ns } = remark!.numbers;
  assert.deepEqual([processes, rounds, ns], [5, 5, 2e9]);
  assert.match(
    remark!.text,
    /^In 5 of 5 pairs of .* as few as 5 of \d+ planned rounds: a batch was to take 1\.50* ms, and the base's took 2(\.0+)? s in /,
  );
  // As where the machine keeps some of them waiting: the others took no longer than planned.
  const kept = cut(() => 5, (place) => place === 4 ? 501e6 : 1e6).remarks[0]!;
  assert.match(
    kept.text,
    / 1\.50* ms, and the base's took 1(\.0+)? ms in the middle, 101(\.0+)? ms on average and 501(\.0+)? ms at most\.$/,
  );
  const uneven = cut(() => 5, (_, { id }) => id === "duet-candidate" ? 2e9 : 1e5).remarks[0]!;
  assert.match(
    uneven.text,
    / the candidate's took 2(\.0+)? s in the middle, 2(\.0+)? s on average /,
  );
  assert.deepEqual(cut((planned) => planned).remarks, [], "slow, but played to the end");
});

Deno.test("compareResults() says which side's failure took a pair of processes away", () => {
  const failing = (failed: number, role: "base" | "candidate", runs = 5) => {
    const sides = duet({ runs });
    const { id } = sides[0].benchmarks.find(({ store }) => store === "raw")!;
    const at = role === "base" ? 0 : 1;
    for (const [place, side] of sides.entries()) {
      for (const run of side.runs.filter((own) => own.benchmark === id && own.run < failed)) {
        run.samples = [];
        if (place === at) Object.assign(run, { state: "failed", error: "It was ended by SIGABRT" });
        else run.state = "interrupted";
      }
    }
    const { rows, remarks } = compare(sides);
    return {
      id,
      row: rows.find((own) => own.id === id)!,
      remarks: remarks.filter((own) => own.id === "thrown-away"),
    };
  };
  const { id, row, remarks } = failing(5, "candidate");
  assert.equal(row.reason, "in the candidate, run 0 failed: It was ended by SIGABRT");
  assert.deepEqual(remarks.map(({ about, numbers }) => [about, numbers]), [
    [[id], { thrown: 5, planned: 5 }],
  ]);
  assert.match(failing(5, "base").row.reason!, /^in the base, run 0 failed/);
  const some = failing(1, "base", 12);
  assert.notEqual(some.row.p, null, "the other pairs are judged");
  assert.equal(
    some.remarks[0]!.text,
    `1 of 12 pairs of processes of ${id} was thrown away, since one side failed and the other one ` +
      "was ended: in the base, run 0 failed: It was ended by SIGABRT.",
  );
  assert.deepEqual(failing(0, "base").remarks, []);
});

Deno.test("compareResults() says where rare slow batches make another change than the middle", () => {
  const rare = compare(duet({ within: (_, share) => share < 0.1 ? 4 : 1 }));
  const [remark] = rare.remarks.filter(({ id }) => id === "rare-batches");
  assert.ok(remark !== undefined && remark.severity === "info");
  for (const { verdict } of whole(rare)) assert.notEqual(verdict, "regressed");
});

Deno.test("compareResults() has witnesses beside its rows, pair by pair, and no verdict of them", () => {
  const [base, candidate] = duet({ factor: 1.1, witnessed: true });
  const none = compare(duet({ factor: 1.1 }));
  const { witnesses, uncounted, ...rest } = compare([base, candidate]);
  assert.deepEqual([none.witnesses, none.uncounted, uncounted], [[], [], []]);
  assert.deepEqual(rest.rows, none.rows, "witnesses change no row");
  assert.deepEqual(
    witnesses.map(({ name, witness }) => [name, witness]),
    base.benchmarks.filter(({ store }) => store === "raw").flatMap(({ name }) => [
      [name, "cpuNs"],
      [name, "instructions"],
    ]),
  );
  for (const { witness, change, runs, base, candidate } of witnesses) {
    assert.deepEqual(runs, { base: 16, candidate: 16 });
    const near = witness === "cpuNs" ? 0.03 : 1e-6;
    assert.ok(Math.abs(change!.value - 0.1) < near, `${witness} ${change!.value}`);
    assert.ok(change!.low <= change!.value && change!.value <= change!.high);
    assert.ok(Math.abs(candidate / base - 1.1) < 0.05);
  }
});

Deno.test("compareResults() has witnesses of separate sessions too, and says what was not counted", () => {
  const [base, candidate] = duet({ factor: 1.1, witnessed: true, runs: 5 });
  const reason = "the kernel does not allow it";
  for (const result of [base, candidate]) {
    delete result.interleaved;
    for (const run of result.runs) {
      run.uncounted = { cacheMisses: reason, somethingElse: "nobody knows it" };
    }
  }
  // A run that did not count all of its samples has no count.
  const [{ benchmark }, ...others] = candidate.runs as [RunRecord, ...RunRecord[]];
  const another = others.find((run) => run.benchmark !== benchmark)!;
  delete candidate.runs[0]!.samples[0]!.instructions;
  delete another.samples[1]!.cpuNs;
  const { witnesses, uncounted } = compare([base, candidate]);
  assert.deepEqual(uncounted, [{ witness: "cacheMisses", reason }]);
  assert.deepEqual(
    witnesses.filter(({ runs }) => runs.candidate === 4).map(({ id, witness }) => [id, witness])
      .toSorted(),
    [[benchmark, "instructions"], [another.benchmark, "cpuNs"]].toSorted(),
  );
  for (const { change } of witnesses) assert.ok(Math.abs(change!.value - 0.1) < 0.05);
  for (const result of [base, candidate]) result.runs = result.runs.filter(({ run }) => run < 2);
  for (const { change } of compare([base, candidate]).witnesses) assert.equal(change, null);
});

Deno.test("compareResults() holds what callgrind counted of processes with the same keys against each other", () => {
  const [base, candidate] = duet({ factor: 1, runs: 5 });
  const ids = base.benchmarks.filter(({ store }) => store === "raw").map(({ id }) => id);
  const [id, other] = ids as [string, string];
  const counting = { tool: "valgrind-3.19.0", processes: 3, batches: 3, operations: 10 };
  const count = (benchmark: string, run: number, ...instructions: number[]) => ({
    benchmark,
    run,
    startedAt: base.startedAt!,
    instructions,
    operations: 10,
  });
  base.counts = [
    // A batch in which something else was compiled does not count.
    ...[0, 1, 2].map((run) => count(id, run, 1000 * (run + 1), 9000, 1000 * (run + 1))),
    count(other, 0, 500),
    count(other, 2, 500),
  ];
  candidate.counts = [
    ...[2, 0, 1].map((run) => count(id, run, ...[1, 1, 1].map(() => 1100 * (run + 1)))),
    count(other, 0, 500),
    { ...count(other, 1), error: "no instruction known" },
  ];
  const plain = compare([base, candidate]);
  assert.equal(plain.counting, null, "of results that do not say how they counted");
  for (const side of [base, candidate]) side.counting = counting;
  const { witnesses, uncounted, counting: said, rows } = compare([base, candidate]);
  assert.deepEqual(rows, plain.rows, "what is counted changes no row");
  assert.deepEqual(said, counting);
  const [first, second, ...more] = witnesses.filter((row) => row.witness === "countedInstructions");
  assert.deepEqual(more, []);
  assert.deepEqual([first!.id, first!.runs], [id, { base: 3, candidate: 3 }]);
  assert.ok(Math.abs(first!.base - 100 * Math.cbrt(6)) < 1e-9, "per operation");
  const { value, low, high } = first!.change!;
  for (const each of [value, low, high]) assert.ok(Math.abs(each - 0.1) < 1e-9, `${each}`);
  assert.deepEqual([second!.id, second!.change], [other, null], "one pair has no interval");
  assert.deepEqual(uncounted, [
    { witness: "countedInstructions", reason: `of ${other} it is said: no instruction known` },
  ]);
  const apart = compare([base, {
    ...candidate,
    interleaved: { ...candidate.interleaved!, session: "other" },
  }]);
  assert.ok(
    apart.witnesses.every(({ witness }) => witness !== "countedInstructions"),
    "of two sessions, whose keys are not the same",
  );
});

/** The same as a bench that goes on until it is sure, of 16 pairs by now where nothing else is said. */
const untilSure = (sides: readonly [Result, Result], pairs: Record<string, number> = {}) =>
  sides.map((side): Result => ({
    ...side,
    profile: { ...side.profile, runs: 16 },
    untilSure: {
      atMostMs: 1000,
      looks: [{ at: "2026-11-28T10:01:00.000Z", open: [], more: [], ended: "time" }],
    },
    benchmarks: side.benchmarks.map((own) => ({ ...own, runs: pairs[own.id] ?? 16 })),
    runs: side.runs.filter(({ benchmark, run }) => run < (pairs[benchmark] ?? 16)),
  })) as [Result, Result];
const look = ([base, candidate]: readonly [Result, Result]) =>
  goOn({ label: "before", result: base }, { label: "after", result: candidate });
const WRITE = "raw/write_throughput/10000";

Deno.test("compareResults() holds its level over all looks at pairs that are measured until sure", () => {
  const sides = duet({ factor: 1.1, runs: 22 });
  const fixed = compare(sides);
  const several = compare(untilSure(sides, { [WRITE]: 22 }));
  const [once, often] = [fixed, several].map(({ rows }) => rows.find(({ id }) => id === WRITE)!);
  assert.deepEqual([fixed.looks, once!.looks], [null, null]);
  assert.deepEqual(several.looks, [16, 22, 30, 40, 54, 72, 96, 128, 171, 228]);
  assert.deepEqual([often!.looks, often!.verdict], [2, "regressed"]);
  assert.deepEqual([fixed.looksEnded, several.looksEnded], [null, "time"]);
  assert.ok(often!.p! > once!.p!);
  assert.ok(often!.change!.low < once!.change!.low && often!.change!.high > once!.change!.high);
});

Deno.test("goOn() measures what is open, and nothing that is decided or cannot be", () => {
  const known = untilSure(duet({ factor: 1.5 }));
  const { rows } = compare(known);
  // With so few operations a p99.9 can never be known.
  assert.ok(
    rows.some(({ verdict, adjustedP }) => verdict === "inconclusive" && adjustedP === null),
  );
  const { open, benchmarks } = look(known);
  assert.ok(open.every(({ adjustedP }) => adjustedP !== null));
  assert.deepEqual(benchmarks.filter((id) => id.includes("throughput")), []);

  // Every other pair is twice as slow: nothing is known of that.
  const wild = duet({ within: (run) => run % 2 === 0 ? 2 : 1, runs: 22 });
  const first = look(untilSure(wild));
  assert.ok(first.benchmarks.includes(WRITE) && first.benchmarks.length > 1);
  assert.equal(first.next(16), 22);
  // What was left out stays out, though it is open.
  const later = look(untilSure(wild, { [WRITE]: 22 }));
  assert.deepEqual(later.benchmarks, [WRITE]);
  assert.deepEqual([later.next(22), later.next(228)], [30, 228]);
});
