import assert from "node:assert/strict";
import fc from "fast-check";
import type { NightPoint, NightSeries } from "../../result/mod.ts";
import { Random } from "../../stats/mod.ts";
import { toldShifts } from "./control.ts";
import { judgeHistory } from "./judge.ts";
import { madeUpSeries, nightAt } from "./_testing/made_up.ts";
import type { HistoryJudgement, SeriesJudgement } from "./model.ts";
import { LEAST_NIGHTS } from "./tonight.ts";

/** Nights around 1000 that spread by 2 %. */
function values(seed: number, n: number, factor: (t: number) => number = () => 1): number[] {
  const random = new Random(seed);
  return Array.from({ length: n }, (_, t) => 1000 * factor(t) * (1 + 0.02 * random.normal()));
}

function judgeOne(series: NightSeries): SeriesJudgement {
  return judgeHistory([series]).series[0]!;
}

Deno.test("judgeHistory() of nothing is nothing", () => {
  assert.deepEqual(judgeHistory([]), { nights: [], measured: [], series: [] });
  assert.deepEqual(judgeHistory([madeUpSeries([])]), { nights: [], measured: [], series: [] });
});

Deno.test("judgeHistory() tells a lasting shift, its levels and what lies between", () => {
  const { shifts, anomalies, tonight } = judgeOne(madeUpSeries(
    values(1, 100, (t) => t < 60 ? 1 : 1.1).map((value, t) => t === 58 || t === 59 ? null : value),
    {},
    (t) => ({ commit: t < 59 ? "aaa" : "bbb", library: t < 60 ? null : "RocksDB 9.0.0" }),
  ));
  assert.equal(shifts.length, 1);
  const [{ from, to, change, ...rest }] = shifts as [typeof shifts[0]];
  assert.deepEqual(rest, {
    night: nightAt(60),
    after: nightAt(57),
    direction: "regressed",
    between: [
      { what: "commit", from: "aaa", to: "bbb" },
      { what: "library", from: null, to: "RocksDB 9.0.0" },
    ],
  });
  assert.ok(Math.abs(from / 1000 - 1) < 0.01 && Math.abs(to / 1100 - 1) < 0.01);
  assert.equal(change, to / from - 1);
  assert.deepEqual(anomalies, []);
  // Judged against the new level, which it is usual at.
  assert.equal(tonight.verdict, "usual");
  assert.equal(tonight.nights, 39);
});

Deno.test("judgeHistory() calls a series by its worse part: tonight, or the shifts of two weeks", () => {
  const judged = (levelAt: (t: number) => number) => {
    const series = madeUpSeries(values(7, 60, levelAt));
    const { verdict, news, tonight, shifts } = judgeHistory([series]).series[0]!;
    return { verdict, tonight: tonight.verdict, news: news?.night ?? null, shifts: shifts.length };
  };
  const day46 = nightAt(46);
  assert.deepEqual(judged((t) => t >= 46 ? 1.17 : 1), {
    verdict: "regressed",
    tonight: "too few nights",
    news: day46,
    shifts: 1,
  });
  assert.deepEqual(judged((t) => t >= 45 ? 1.17 : 1), {
    verdict: "usual",
    tonight: "usual",
    news: null,
    shifts: 1,
  });
  assert.equal(judged((t) => t >= 46 ? 0.83 : 1).verdict, "improved");
  // It came back, and only in part.
  assert.equal(judged((t) => t >= 46 && t < 51 ? 1.3 : 1).news, null);
  const part = judged((t) => t >= 46 && t < 51 ? 1.6 : t >= 51 ? 1.3 : 1);
  assert.deepEqual([part.verdict, part.news, part.shifts], ["regressed", day46, 2]);
});

Deno.test("judgeHistory() tells nights that stood out, and not those that still may last", () => {
  const spiked = [30, 31, 50, 98, 99];
  const { shifts, anomalies, tonight } = judgeOne(
    madeUpSeries(values(2, 100, (t) => spiked.includes(t) ? 1.2 : 1), { better: "higher" }),
  );
  assert.deepEqual(shifts, []);
  assert.deepEqual(anomalies.map(({ night }) => night), [30, 31, 50].map(nightAt));
  for (const { direction, change } of anomalies) {
    assert.equal(direction, "improved");
    assert.ok(Math.abs(change - 0.2) < 0.06);
  }
  assert.equal(tonight.verdict, "improved");
});

Deno.test("judgeHistory() judges tonight by interval and floor", () => {
  const before = values(3, 40);
  const tonight = (value: number | null, series = before, floors = {}) =>
    judgeHistory([madeUpSeries([...series, value])], { floors }).series[0]!.tonight;
  assert.equal(tonight(1000).verdict, "usual");
  assert.equal(tonight(1100).verdict, "regressed");
  assert.equal(tonight(900).verdict, "improved");
  assert.equal(tonight(1100, before, { mean: 0.15 }).verdict, "too small to matter");
  assert.equal(tonight(null).verdict, "missing");
  const judged = tonight(1100);
  assert.equal(judged.night, nightAt(40));
  assert.equal(judged.nights, 40);
  assert.equal(judged.floor, 0.05);
  assert.ok(judged.expected!.low > 920 && judged.expected!.high < 1080);
  assert.ok(Math.abs(judged.change! - 0.1) < 0.02);
  // The last night is not what it is held against: after one wild night, a usual one is usual.
  assert.equal(tonight(1000, [...before.slice(1), 1300]).verdict, "usual");
});

Deno.test("judgeHistory() needs two weeks of nights to judge tonight", () => {
  const tonight = (n: number) => judgeOne(madeUpSeries([...values(4, n), 5000])).tonight;
  assert.deepEqual(
    [0, 1, 13, 14].map((n) => tonight(n).verdict),
    ["too few nights", "too few nights", "too few nights", "regressed"],
  );
  assert.deepEqual(tonight(0).expected, null);
  assert.deepEqual(tonight(0).level, null);
  assert.equal(tonight(0).nights, 0);
});

Deno.test("judgeHistory() takes tonight for the last night of any series, and puts them in order", () => {
  const [long, short] = [values(5, 30), values(6, 28)];
  const judged = judgeHistory([
    madeUpSeries(long, { node: "node02" }),
    madeUpSeries(short, { metric: "p99" }),
    madeUpSeries(short, { metric: "throughput", better: "higher" }),
    madeUpSeries(short, { benchmark: "kvstore/a" }),
  ]);
  assert.deepEqual(judged.nights, long.map((_, n) => nightAt(n)));
  assert.deepEqual(
    judged.series.map(({ series }) => [series.node, series.benchmark, series.metric]),
    [
      ["node01", "kvstore/a", "mean"],
      ["node01", "raw/read_latency/single_read", "throughput"],
      ["node01", "raw/read_latency/single_read", "p99"],
      ["node02", "raw/read_latency/single_read", "mean"],
    ],
  );
  assert.deepEqual(
    judged.series.map(({ tonight }) => tonight.verdict),
    ["missing", "missing", "missing", "usual"],
  );
});

Deno.test("judgeHistory() refuses nights that are not in order", () => {
  const series = madeUpSeries([1, 2]);
  const wrong = (...nights: string[]) => ({
    ...series,
    points: nights.map((night) => ({ ...series.points[0]!, night })),
  });
  for (const nights of [["2024-01-02", "2024-01-01"], ["2024-01-01", "2024-01-01"], ["today"]]) {
    assert.throws(() => judgeHistory([wrong(...nights)]), {
      name: "RangeError",
      message:
        /^Cannot judge mean of raw\/read_latency\/single_read on node01: .* ascending order$/,
    });
  }
});

Deno.test("judgeHistory() leaves out a metric that its benchmark never had, and no benchmark", () => {
  const named = (metric: "mean" | "p50" | "p99", made: (number | null)[], benchmark = "raw/read") =>
    madeUpSeries(made, { metric, benchmark });
  const once = values(1, 20).map((value, t) => t === 3 ? value : null);
  const { series } = judgeHistory([
    named("mean", values(1, 20)),
    named("p50", Array(20).fill(null)),
    named("p99", once),
    // Its runs failed every night: that is worth a word.
    named("mean", Array(20).fill(null), "raw/failing"),
  ]);
  assert.deepEqual(
    series.map(({ series, verdict }) => [series.benchmark, series.metric, verdict]),
    [
      ["raw/failing", "mean", "missing"],
      ["raw/read", "mean", "usual"],
      ["raw/read", "p99", "missing"],
    ],
  );
});

Deno.test("judgeHistory() counts nights that were measured, and news by them", () => {
  // One night a week: the shift is eight nights old, and 50 days.
  const weekly = (made: readonly number[]) =>
    made.flatMap((value) => [...Array(6).fill(null), value]);
  const slower = weekly(values(8, 40, (t) => t >= 32 ? 1.17 : 1));
  const { nights, measured, series: [judged] } = judgeHistory([madeUpSeries(slower)]);
  assert.deepEqual([nights.length, measured.length], [280, 40]);
  assert.equal(judged!.news!.night, nightAt(6 + 7 * 32));
  assert.equal(judged!.verdict, "regressed");
  // Beside a node that is measured every night, likewise.
  const daily = madeUpSeries(values(9, slower.length), { node: "node02" });
  assert.equal(judgeHistory([madeUpSeries(slower), daily]).series[0]!.verdict, "regressed");
  // What is measured no more has no news, however few its nights since.
  const ended = madeUpSeries([...slower, ...Array(15).fill(null)]);
  const longer = madeUpSeries(values(9, slower.length + 15), { node: "node02" });
  const [gone] = judgeHistory([ended, longer]).series;
  assert.deepEqual([gone!.news, gone!.verdict, gone!.shifts.length], [null, "missing", 1]);
});

Deno.test("judgeHistory() gives no change of a night of which it judges nothing", () => {
  const few = judgeOne(madeUpSeries([...values(4, LEAST_NIGHTS - 1), 850]));
  assert.deepEqual([few.verdict, few.tonight.change], ["too few nights", null]);
  const enough = judgeOne(madeUpSeries([...values(4, LEAST_NIGHTS), 850]));
  assert.equal(enough.verdict, "improved");
  assert.ok(Math.abs(enough.tonight.change! + 0.15) < 0.02);
});

/** Any values that a history may hold, and ones that it should not. */
const anyValues = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 0, max: 90 }),
  spread: fc.constantFrom(0, 1e-9, 0.02, 2),
  step: fc.constantFrom(0, 0.06, -0.5, 30),
  odd: fc.array(
    fc.tuple(
      fc.nat(89),
      fc.constantFrom(null, 0, -1, 5e-324, 1e-12, 1e12, 1.7e308, Infinity, NaN),
    ),
    { maxLength: 60 },
  ),
}).map(({ seed, length, spread, step, odd }) => {
  const random = new Random(seed);
  const made: (number | null)[] = Array.from(
    { length },
    (_, t) => 1000 * Math.exp(spread * random.normal()) * (t < 45 ? 1 : 1 + step),
  );
  for (const [at, value] of odd) if (at < length) made[at] = value;
  return made;
});

function numbersIn(judged: HistoryJudgement): number[] {
  return judged.series.flatMap(({ shifts, anomalies, tonight }) => [
    ...shifts.flatMap(({ from, to, change }) => [from, to, change]),
    ...anomalies.flatMap(({ value, change }) => [value, change]),
    ...[tonight.value, tonight.level, tonight.change, tonight.floor].filter((n) => n !== null),
    ...(tonight.expected === null ? [] : [tonight.expected.low, tonight.expected.high]),
  ]);
}

Deno.test("judgeHistory() never gives a number that is none", () => {
  fc.assert(fc.property(anyValues, (made) => {
    const judged = judgeHistory([madeUpSeries(made)]);
    for (const number of numbersIn(judged)) assert.ok(!Number.isNaN(number));
  }));
});

Deno.test("judgeHistory() keeps its verdicts in another unit, and turns them with the metric", () => {
  const kind = ({ shifts, anomalies, tonight }: SeriesJudgement) => ({
    shifts: shifts.map(({ night, direction }) => [night, direction]),
    anomalies: anomalies.map(({ night, direction }) => [night, direction]),
    tonight: tonight.verdict,
  });
  const turned = (text: string) =>
    text.replaceAll(
      /improved|regressed/g,
      (word) => word === "improved" ? "regressed" : "improved",
    );
  fc.assert(fc.property(fc.nat(), fc.constantFrom(0.06, -0.1, 0.5, 0), (seed, step) => {
    const made = values(seed, 60, (t) => (t < 40 ? 1 : 1 + step) * (t % 23 === 11 ? 1.3 : 1));
    const plain = kind(judgeOne(madeUpSeries(made)));
    // A power of two, which rounds nothing.
    assert.deepEqual(kind(judgeOne(madeUpSeries(made.map((value) => value * 1024)))), plain);
    const rate = judgeOne(madeUpSeries(made, { better: "higher" }));
    assert.equal(JSON.stringify(kind(rate)), turned(JSON.stringify(plain)));
  }));
});

Deno.test("judgeHistory() judges nights that there are as if those that are missing were not", () => {
  fc.assert(fc.property(anyValues, fc.nat(), (made, seed) => {
    const random = new Random(seed);
    const gappy = made.flatMap((value) => random.uniform() < 0.3 ? [null, value] : [value]);
    const [a, b] = [made, gappy].map((all) => {
      if (all.length === 0) return [];
      const { shifts, anomalies, tonight } = judgeOne(madeUpSeries(all));
      return [
        shifts.map(({ from, to }) => [from, to]),
        anomalies.map(({ value, change }) => [value, change]),
        tonight.verdict,
        tonight.expected,
      ];
    });
    assert.deepEqual(a, b);
  }));
});

/** Nights with a control whose ratio spreads by 1 %, and what store and machine do to them. */
function controlled(
  nights: number,
  store: (t: number) => number,
  machine: (t: number) => number,
  controlAt: (t: number) => Partial<NonNullable<NightPoint["control"]>> | null = () => ({}),
): SeriesJudgement {
  const random = new Random(3);
  const series = madeUpSeries(values(2, nights, (t) => store(t) * machine(t)), {}, (t) => {
    const given = controlAt(t);
    const ratio = store(t) * (1 + 0.01 * random.normal());
    if (given === null) return {};
    const rest = { what: "raw, release=9.10.0", low: null, high: null, pairs: 20, reason: null };
    return { control: { ratio, ...rest, ...given } };
  });
  return judgeOne(series);
}

Deno.test("judgeHistory() tells a shift that the control went along with as the machine's: no news", () => {
  const judged = controlled(60, () => 1, (t) => t >= 50 ? 1.1 : 1);
  const [shift] = judged.shifts;
  assert.equal(shift!.cause, "machine");
  assert.ok(Math.abs(shift!.control! - 0.1) < 0.03, String(shift!.control));
  assert.equal(judged.machine!.night, shift!.night);
  assert.deepEqual(
    [judged.news, judged.verdict],
    [null, "usual"],
    "by its ratio, which never shifted",
  );
  assert.deepEqual(toldShifts(judged), judged.shifts);
});

Deno.test("judgeHistory() tells a shift of the ratio as the store's, however the machine hides it", () => {
  for (const machine of [() => 1, (t: number) => t >= 50 ? 1 / 1.1 : 1]) {
    const judged = controlled(60, (t) => t >= 50 ? 1.1 : 1, machine);
    assert.equal(judged.verdict, "regressed");
    assert.equal(judged.news!.of, "ratio");
    assert.ok(Math.abs(judged.news!.change - 0.1) < 0.02, String(judged.news!.change));
    assert.deepEqual(toldShifts(judged).map(({ cause }) => cause), ["store"]);
  }
});

Deno.test("judgeHistory() takes a night that only the machine was slow in for usual, and says so", () => {
  const slow = (t: number) => t === 59 ? 1.3 : 1;
  const { tonight, verdict } = controlled(60, () => 1, slow);
  assert.deepEqual([tonight.verdict, tonight.cause, verdict], ["usual", "machine", "usual"]);
  const own = controlled(60, slow, () => 1);
  assert.deepEqual([own.tonight.verdict, own.tonight.cause], ["regressed", "store"]);
  const alone = controlled(60, () => 1, slow, (t) => t === 59 ? null : {});
  assert.equal(alone.tonight.verdict, "regressed", "without a control tonight it is judged alone");
  assert.equal(alone.control!.missing, "the night was measured without one");
});

Deno.test("judgeHistory() holds no ratio to one control against those to another", () => {
  const judged = controlled(
    60,
    () => 1,
    () => 1,
    (t) => t < 40 ? { what: "raw, release=8.0.0", ratio: 2 } : {},
  );
  assert.deepEqual(judged.control!.shifts, []);
  assert.equal(judged.control!.tonight.nights, 19);
  assert.equal(judgeOne(madeUpSeries(values(1, 30))).control, undefined);
});

Deno.test("judgeHistory() never holds a night's medians against another night's means", () => {
  // A tool that gave its times one by one, and then their median alone: a third less, on a quiet machine.
  const isMedian = (t: number) => t >= 40 && t < 70;
  const estimatorAt = (t: number) => isMedian(t) ? { estimator: "median" as const } : {};
  const cut = judgeOne(
    madeUpSeries(values(11, 70, (t) => isMedian(t) ? 0.67 : 1), {}, estimatorAt),
  );
  assert.deepEqual([cut.shifts, cut.anomalies, cut.news], [[], [], null]);
  assert.equal(cut.tonight.nights, 29);
  assert.ok(Math.abs(cut.tonight.level! / 670 - 1) < 0.01);
  assert.equal(cut.verdict, "usual");
  const change = { night: nightAt(40), after: nightAt(39), from: "mean", to: "median" };
  assert.deepEqual(cut.estimators, [change]);

  // A first night of another estimator has nothing yet that it could be judged against.
  const first = judgeOne(
    madeUpSeries(values(12, 41, (t) => isMedian(t) ? 0.67 : 1), {}, estimatorAt),
  );
  assert.deepEqual([first.verdict, first.tonight.level, first.tonight.change], [
    "too few nights",
    null,
    null,
  ]);

  // Back to means, which are held against the means before, and have got slower since.
  const back = judgeOne(
    madeUpSeries(
      values(13, 100, (t) => isMedian(t) ? 0.67 : t < 40 ? 1 : 1.2),
      {},
      estimatorAt,
    ),
  );
  assert.deepEqual(back.shifts.map(({ night, after, direction }) => [night, after, direction]), [
    [nightAt(70), nightAt(39), "regressed"],
  ]);
  assert.ok(Math.abs(back.shifts[0]!.change - 0.2) < 0.02);
  assert.equal(back.estimators!.length, 2);
});
