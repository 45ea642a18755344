import assert from "node:assert/strict";
import type { BenchmarkAnalysis, Sweep } from "../../analysis/mod.ts";
import { sweepFigure } from "./sweep_figure.ts";

/** A benchmark whose throughput is known, or not. */
function benchmark(id: string, value: number | null): BenchmarkAnalysis {
  const estimate = value === null ? null : { value, low: value * 0.9, high: value * 1.1 };
  return { id, metrics: [{ metric: "throughput", estimate }] } as unknown as BenchmarkAnalysis;
}

const sweep: Sweep = {
  of: "clients",
  store: "raw",
  name: "get",
  points: [1, 2, 4].map((value) => ({ value, id: `raw/${value}` })),
};

Deno.test("sweepFigure() has a ring for each load whose rate is known, and its numbers beside it", () => {
  const all = [benchmark("raw/1", 1000), benchmark("raw/2", null), benchmark("raw/4", 3000)];
  const drawn = sweepFigure("raw", "clients", [sweep], all)!;
  assert.equal(JSON.stringify(drawn.drawing.marks).match(/"class":"ring"/g)?.length, 2);
  const rows = JSON.stringify(drawn.numbers);
  for (const text of ["get", "1,000", "900", "3,300"]) assert.ok(rows.includes(text), text);
});

Deno.test("sweepFigure() draws nothing of one point, nor of rates without response times", () => {
  const all = [benchmark("raw/1", 1000), benchmark("raw/2", null), benchmark("raw/4", null)];
  assert.equal(sweepFigure("raw", "clients", [sweep], all), undefined);
  const rates = { ...sweep, of: "rate" as const };
  assert.equal(sweepFigure("raw", "rate", [rates], [benchmark("raw/1", 1)]), undefined);
});
