import assert from "node:assert/strict";
import { simulateCoverage } from "./coverage.ts";
import { simulateLooks } from "./looks.ts";
import { parseQuality, qualityText, simulatePart } from "./quality.ts";
import { simulateSequential } from "./sequential.ts";
import { simulateUnfit } from "./unfit.ts";
import { simulateAdvice, simulateFalseVerdicts, simulatePower } from "./verdicts.ts";

/** Four standard errors of a share. */
const slack = (share: number, repetitions: number) =>
  4 * Math.sqrt(share * (1 - share) / repetitions);

Deno.test("simulatePart() gives the same again, and qualityText() is read as it was written", () => {
  const power = simulatePart("power", 1, 10);
  assert.deepEqual(simulatePart("power", 1, 10), power);
  assert.notDeepEqual(simulatePart("power", 2, 10), power);
  // A change that nothing found.
  const never = { change: "a", data: "b", most: 3, series: 9, median: Infinity, p90: Infinity };
  const shares = { in30: 0, in50: 0, within1: null, within3: null, second: null, lastNight: 0 };
  const controls = { pairs: 20, pairSpread: 0.06, machine: [], store: [{ ...never, ...shares }] };
  const quality = { seed: 1, power, controls };
  assert.deepEqual(parseQuality(qualityText(quality)), quality);
});

const damaged: [text: string, message: RegExp][] = [
  ["{", /^it is not JSON$/],
  ["[]", /./],
  [JSON.stringify({ schema: "tidemark.quality", version: 0, seed: 1 }), /version/],
  [JSON.stringify({ schema: "tidemark.quality", version: 1 }), /seed/],
  [JSON.stringify({ schema: "tidemark.quality", version: 1, seed: 1, coverage: {} }), /coverage/],
];
Deno.test.each(damaged)("parseQuality() refuses %s", (text, message) => {
  assert.throws(() => parseQuality(text), { name: "RangeError", message });
});

Deno.test("simulateFalseVerdicts() finds at most 1 % unless it warns, as of separate sessions", () => {
  const rows = simulateFalseVerdicts(1, 80);
  for (const row of rows.filter(({ warning }) => warning === null)) {
    assert.ok(
      row.withThreshold <= 0.01 + slack(0.01, row.repetitions),
      `${row.data}, ${row.runs} runs: ${row.withThreshold}`,
    );
  }
  const worst = rows.find(({ data, runs }) =>
    data.endsWith("5 % between sessions") && runs === 10
  )!;
  assert.ok(worst.withThreshold > 0.2, "or the warning would be idle");
});

Deno.test("simulatePower() grows with the slow-down, and the advice gives the power it promises", () => {
  for (const { called } of simulatePower(1, 40)) {
    assert.ok(called.at(-1)! >= called[0]!);
    assert.ok(called[0]! <= 0.1);
  }
  for (const [rows, repetitions] of [[1, 100], [13, 160]] as const) {
    for (const { called, spread, effect, pilot } of simulateAdvice(1, repetitions, [rows])) {
      const where = `${rows} ${spread} ${effect} ${pilot}`;
      assert.ok(
        called! >= 0.95 - slack(0.95, rows === 1 ? repetitions : repetitions / 4),
        `${where}: ${called}`,
      );
    }
  }
});

Deno.test("simulateUnfit() tells of what intervals do not fit, and of what they do rarely", () => {
  const told = simulateUnfit(1, 50);
  const of = (data: RegExp, interval: RegExp, runs: number) =>
    told.find((row) => data.test(row.data) && interval.test(row.interval) && row.runs === runs)!;
  for (const { data, interval, runs, told: share, printed } of told) {
    if (printed === "plainly") assert.ok(share! <= 0.15, `${data}, ${interval}, ${runs}: ${share}`);
  }
  assert.ok(of(/two modes/, /./, 10).told! > 0.85);
  assert.ok(of(/correlated/, /13 benchmarks/, 5).told! > 0.85);
  assert.ok(of(/drift/, /13 benchmarks/, 10).told! > 0.9);
});

Deno.test("simulateCoverage() gives the same for the same seed, near 95 % over runs", () => {
  const rows = simulateCoverage(1, 8);
  assert.deepEqual(simulateCoverage(1, 8), rows);
  const plain = rows.filter(({ interval, printed }) =>
    interval === "mean or rate over runs" && printed === "plainly"
  );
  const average = plain.reduce((sum, { coverage }) => sum + coverage, 0) / plain.length;
  assert.ok(average > 0.9 && average < 0.99, String(average));
});

Deno.test("simulateLooks() decides what is so, and nothing on the bound more often than is allowed", () => {
  const { rows } = simulateLooks(1, 60, 1);
  for (const { planned, within, sessions, wrong, plain, right, runs } of rows) {
    const where = `${planned} runs, ${within}`;
    assert.ok(wrong <= 0.05 + slack(0.05, sessions), where);
    if (within === 0) {
      assert.equal(right, null, where);
      assert.ok(plain > 0.05, "or spending would be idle");
    }
    assert.ok(runs >= planned && runs <= 1000, where);
  }
  const [close, far] = [rows.at(-4)!, rows.at(-1)!];
  assert.ok(
    far.right! > 0.95 && far.runs < close.runs,
    "what is far from the bound is decided soon",
  );
});

Deno.test("simulateSequential() calls a slow-down of 10 % and nothing else, and says what it took", () => {
  const { looks, cases } = simulateSequential(1, 4, 1);
  assert.equal(looks[0], 16);
  for (const { data, effect, wrong, called, pairs, estimate } of cases) {
    if (effect === 0) assert.equal(called, null);
    if (effect === 0.1) {
      assert.equal(called, 1, data);
      assert.ok(Math.abs(estimate!.median - 0.1) < 0.04, data);
    }
    assert.ok(pairs >= 16 && pairs < 80, data);
    assert.equal(wrong, 0, data);
  }
});
