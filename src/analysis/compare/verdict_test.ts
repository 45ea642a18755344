import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../../stats/mod.ts";
import { judgeFamily, type Rivals, SIGNIFICANCE } from "./verdict.ts";

const NIGHT = [99.5, 100.2, 100, 99.8, 100.5, 100.1];

/** A time of about 100 ns whose runs spread by 0.35 %, against the same multiplied. */
function rivals(factor: number, changes: Partial<Rivals> = {}): Rivals {
  return {
    better: "lower",
    base: NIGHT,
    candidate: NIGHT.map((ns) => ns * factor),
    threshold: 0.05,
    resolution: 0,
    refusal: null,
    ...changes,
  };
}

const judge = (row: Rivals) => judgeFamily([row])[0]!;

Deno.test("judgeFamily() gives the five outcomes", () => {
  const noisy = NIGHT.map((ns, run) => ns * (run % 2 === 0 ? 0.9 : 1.1));
  const cases: [Rivals, string][] = [
    [rivals(1.08), "regressed"],
    [rivals(1 / 1.08), "improved"],
    [rivals(1.03), "too small to matter"],
    [rivals(1), "unchanged"],
    [rivals(1, { candidate: noisy }), "inconclusive"],
    [rivals(1.049), "inconclusive"],
  ];
  for (const [row, verdict] of cases) assert.equal(judge(row).verdict, verdict);
});

Deno.test("judgeFamily() turns round when higher is better", () => {
  assert.equal(judge(rivals(1.08, { better: "higher" })).verdict, "improved");
  assert.equal(judge(rivals(1 / 1.08, { better: "higher" })).verdict, "regressed");
});

Deno.test("judgeFamily() says why a row is inconclusive", () => {
  const reason = (row: Rivals) => {
    const { verdict, reason } = judge(row);
    assert.equal(verdict, "inconclusive");
    return reason;
  };
  assert.equal(
    reason(rivals(2, { candidate: [200, 201] })),
    "the base has 6 runs and the candidate 2, and a verdict needs 3 of each: one process says " +
      "nothing about the next",
  );
  assert.equal(reason(rivals(2, { candidate: [] })), "the candidate did not measure it");
  assert.equal(reason(rivals(2, { base: [] })), "the base did not measure it");
  assert.equal(reason(rivals(2, { base: [], candidate: [] })), "neither side measured it");
  assert.equal(
    reason(rivals(2, { candidate: [0, 1, 2] })),
    "a run's value is zero: the clock is too coarse to see it",
  );
  assert.equal(
    reason(rivals(2, { base: [1, 1, 1], candidate: [2, 2, 2] })),
    "the runs of either side are all equal, so nothing says how far runs spread",
  );
  assert.equal(reason(rivals(2, { refusal: "they differ" })), "they differ");
  assert.equal(
    reason(rivals(1.049)),
    "a change is sure, but not whether it is beyond the threshold of 5%",
  );
  assert.match(
    reason(rivals(1, { candidate: NIGHT.map((ns, run) => ns * (run % 2 ? 0.95 : 1.1)) }))!,
    /^the interval, .* to .*, reaches beyond the threshold of 5%, and no change is sure at 0\.5%; about \d+ runs a side would show a change of 10%$/,
  );
});

Deno.test("judgeFamily() needs more of a row the more rows there are", () => {
  const doubtful = rivals(1, { candidate: [110, 114, 112], base: [99, 102, 100] });
  const alone = judge(doubtful);
  assert.equal(alone.verdict, "regressed");
  assert.ok(alone.p! < SIGNIFICANCE && alone.adjustedP === alone.p);
  const crowd = judgeFamily([doubtful, ...Array.from({ length: 9 }, () => rivals(1))])[0]!;
  assert.equal(crowd.verdict, "inconclusive");
  assert.match(
    crowd.reason!,
    /^the change would be sure by itself \(p = 0\.00\d+\), but is not once/,
  );
  // What cannot be tested is no part of the family.
  const untested = Array.from({ length: 9 }, () => rivals(1, { base: [] }));
  assert.equal(judgeFamily([doubtful, ...untested])[0]!.verdict, "regressed");
});

Deno.test("judgeFamily() does not call what is within two steps of the clock", () => {
  const coarse = rivals(1, {
    base: [1000, 1000, 1000, 1000],
    candidate: [1060, 1060, 1060, 1060],
    resolution: 0.06,
  });
  const { verdict, threshold } = judge(coarse);
  assert.equal(threshold, 0.12);
  assert.notEqual(verdict, "regressed");
  assert.equal(judge({ ...coarse, candidate: [1300, 1300, 1300, 1300] }).verdict, "regressed");
});

Deno.test("judgeFamily() says what as many runs can see, and how many would see twice the threshold", () => {
  const spread = (sigma: number) => {
    const random = new Random(5);
    const side = () => Array.from({ length: 10 }, () => 100 * Math.exp(sigma * random.normal()));
    return judge(rivals(1, { base: side(), candidate: side() }));
  };
  const [calm, wild] = [spread(0.005), spread(0.08)];
  assert.ok(calm.detectable! > 0.05 && calm.detectable! < 0.06, String(calm.detectable));
  assert.ok(wild.detectable! > 0.1);
  assert.equal(calm.runsNeeded!.change, 0.1);
  assert.ok(calm.runsNeeded!.runs! <= 10 && wild.runsNeeded!.runs! > 10);
});

Deno.test("judgeFamily() advises runs that show the change, where the sides had unlike numbers", () => {
  const random = new Random(11);
  const side = (runs: number, factor = 1) =>
    Array.from({ length: runs }, () => 100 * factor * Math.exp(0.08 * random.normal()));
  const COMPARISONS = 200;
  let shown = 0;
  for (let i = 0; i < COMPARISONS; i++) {
    const needed = judge(rivals(1, { base: side(8), candidate: side(18) })).runsNeeded!;
    assert.equal(needed.change, 0.1);
    const again = rivals(1, { base: side(needed.runs!), candidate: side(needed.runs!, 1.1) });
    if (judge(again).verdict === "regressed") shown++;
  }
  // 19 of 20 at least; three standard errors are left to chance.
  const error = Math.sqrt(0.95 * 0.05 / COMPARISONS);
  assert.ok(shown / COMPARISONS > 0.95 - 3 * error, `${shown} of ${COMPARISONS}`);
});

Deno.test("judgeFamily() gives the opposite verdict when the sides change places", () => {
  const opposite = { improved: "regressed", regressed: "improved" } as Record<string, string>;
  const side = fc.array(fc.double({ min: 50, max: 200, noNaN: true }), {
    minLength: 3,
    maxLength: 8,
  });
  fc.assert(
    fc.property(side, side, (base, candidate) => {
      const there = judge(rivals(1, { base, candidate }));
      const back = judge(rivals(1, { base: candidate, candidate: base }));
      assert.equal(back.verdict, opposite[there.verdict] ?? there.verdict);
      assert.equal(there.reason === null, there.verdict !== "inconclusive");
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("judgeFamily() throws RangeError when a threshold is none", () => {
  assert.throws(() => judge(rivals(1, { threshold: NaN })), {
    name: "RangeError",
    message: "Cannot compare: the threshold is NaN, and must be a fraction, zero or above",
  });
  assert.throws(() => judge(rivals(1, { threshold: -0.1 })), RangeError);
});

Deno.test("judgeFamily() says of an interval wholly beyond the threshold that p is what is missing", () => {
  const noisy = rivals(1, { base: [100, 90, 110], candidate: [150, 160, 138] });
  const [row] = judgeFamily([noisy, ...Array.from({ length: 12 }, () => rivals(1))]);
  assert.equal(row!.verdict, "inconclusive");
  assert.match(
    row!.reason!,
    /^the interval, .* to .*, is wholly beyond the threshold of 5%, but the change is not sure at 0\.5% \(p = .* with all rows counted\); about \d+ runs a side would settle it$/,
  );
});

Deno.test("judgeFamily() advises more runs the more rows are judged together", () => {
  const noisy = NIGHT.map((ns, run) => ns * (run % 2 === 0 ? 0.95 : 1.05));
  const row = rivals(1, { candidate: noisy });
  const needed = (rows: number) =>
    judgeFamily([row, ...Array.from({ length: rows - 1 }, () => rivals(1))])[0]!.runsNeeded!.runs!;
  assert.ok(needed(1) < needed(13) && needed(13) < needed(39));
});
