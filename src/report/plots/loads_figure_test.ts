import assert from "node:assert/strict";
import type { Analysis, BenchmarkAnalysis } from "../../analysis/mod.ts";
import { loadsFigure } from "./loads_figure.ts";
import { standaloneSvg } from "./svg_document.tsx";

/** A load of one store with these quantiles, ns. */
function load(name: string, quantiles: Record<string, number>): BenchmarkAnalysis {
  const metrics = Object.entries(quantiles).map(([metric, value]) => ({
    metric,
    estimate: { value, low: value, high: value },
  }));
  const own = { id: `raw/${name}`, store: "raw", name, kind: "load", metrics };
  return own as unknown as BenchmarkAnalysis;
}

function figureOf(...benchmarks: BenchmarkAnalysis[]) {
  return loadsFigure({ benchmarks, stores: [{ store: "raw" }] } as unknown as Analysis);
}

Deno.test("loadsFigure() goes from the median to the farthest quantile that a load has, and says which", () => {
  const far = load("a", { p50: 1e3, p90: 2e3, p99: 3e3, p999: 4e3 });
  const near = load("b", { p50: 1e3, p90: 2e3, p99: 3e3 });
  const [alike] = figureOf(far, far);
  assert.match(
    alike!.caption,
    /the bar goes on to its p99\.9, which stands at its right: it is no/,
  );
  assert.match(
    standaloneSvg(alike!),
    /raw\/a: service p50 1\.000 µs, service p99\.9 4\.000 µs/,
  );
  const [unlike] = figureOf(far, near);
  assert.match(unlike!.caption, /the farthest quantile that its runs tell, which is named/);
  const drawn = standaloneSvg(unlike!);
  assert.match(drawn, />p99\.9 4\.000 µs</);
  assert.match(drawn, />p99 3\.000 µs</);
  assert.doesNotMatch(unlike!.caption, /more/);
});

Deno.test("loadsFigure() says how many it leaves to the tables, and draws none of what has no median", () => {
  const many = Array.from({ length: 14 }, (_, i) => load(`l${i}`, { p50: 1e3, p99: 3e3 }));
  assert.match(figureOf(...many)[0]!.caption, / The tables have 2 more\.$/);
  assert.equal(figureOf(...many)[0]!.numbers.rows.length, 14);
  assert.deepEqual(figureOf(load("a", { p99: 3e3 })), []);
  assert.deepEqual(figureOf(), []);
});
