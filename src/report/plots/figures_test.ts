/** All figures: golden drawings of small data, and what must hold of any. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { anyResult } from "../../analysis/_testing/arbitrary_result.ts";
import { analyse, type Analysis, benchmarkSeries } from "../../analysis/mod.ts";
import {
  sampleResult,
  sampleStore,
  threeStores,
  troubledResult,
} from "../../analysis/_testing/sample_result.ts";
import type { Result } from "../../result/schema.ts";
import { buildBaselineReport } from "../baseline_report.ts";
import type { Figure } from "../document.ts";
import { writeMarkup } from "../html/markup.tsx";
import { drawnExtent } from "./_testing/drawn_extent.ts";
import {
  distributionFigure,
  linearFigure,
  type Measured,
  orderFigure,
  standaloneSvg,
} from "./mod.ts";

function figuresOf(result: Result): Figure[] {
  return buildBaselineReport(result, analyse(result, { resamples: 20 })).blocks
    .filter((block) => block.type === "figure");
}

/** Two runs of one store, few samples, and sampling that is linear where it is asked for. */
function smallResult(sampling: "flat" | "linear"): Result {
  const result = sampleResult({ runs: 2, stores: [sampleStore("raw", 1)], observations: 200 });
  return {
    ...result,
    benchmarks: result.benchmarks.map((benchmark) => ({ ...benchmark, sampling })),
    runs: result.runs.map((run) => ({
      ...run,
      samples: run.samples.slice(0, 5).map((sample, i) =>
        sampling === "flat"
          ? sample
          : { ...sample, iterations: i + 1, ns: (i + 1) * sample.ns / sample.iterations }
      ),
    })),
  };
}

/** A result whose suite asks for nothing. */
function withoutTargets(): Result {
  const { suite, ...result } = threeStores();
  return { ...result, suite: { ...suite, targets: [] } };
}

const golden: [id: string, result: () => Result][] = [
  ["targets", troubledResult],
  ["times", withoutTargets],
  ["distribution-1", () => smallResult("flat")],
  ["order-1", () => smallResult("flat")],
  ["quantiles-4", () => smallResult("flat")],
  ["linear-1", () => smallResult("linear")],
  ["overhead-2", threeStores],
  ["comparison-read", threeStores],
];
for (const [id, result] of golden) {
  Deno.test(`the figure ${id} is drawn as it was`, async (t) => {
    const figure = figuresOf(result()).find((figure) => figure.id === id);
    assert.ok(figure !== undefined);
    const svg = standaloneSvg(figure).replace(/<style>[^<]*<\/style>/, "<style/>")
      .replaceAll("><", ">\n<");
    await t.assertSnapshot(svg, { serializer: (text) => text });
  });
}

Deno.test("figures of any result lie inside their drawing, with numbers for every mark", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      const figures = figuresOf(result);
      assert.equal(new Set(figures.map(({ id }) => id)).size, figures.length, "ids");
      for (const { id, drawing, numbers, caption } of figures) {
        assert.match(id, /^[a-z0-9-]+$/);
        const { left, right, top, bottom } = drawnExtent(writeMarkup(drawing.marks));
        const where =
          `${id}: ${left} to ${right} of ${drawing.width}, ${top} to ${bottom} of ${drawing.height}`;
        assert.ok(
          left >= 0 && right <= drawing.width && top >= 0 && bottom <= drawing.height,
          where,
        );
        assert.ok(
          !/NaN|Infinity|undefined|\[object/.test(
            writeMarkup(drawing.marks).replace(/>[^<]*</g, "><"),
          ),
        );
        assert.ok(caption.length > 40 && numbers.rows.length > 0, id);
        for (const row of numbers.rows) assert.equal(row.length, numbers.columns.length);
      }
    }),
    { seed: 6, numRuns: 80 },
  );
});

Deno.test("figures are the same for the same result", () => {
  const written = () =>
    figuresOf(threeStores()).map((figure) => [figure.id, standaloneSvg(figure)]);
  assert.deepEqual(written(), written());
});

Deno.test("figures thin their marks where there are many, and say so", () => {
  const result = sampleResult({ runs: 3, stores: [sampleStore("raw", 1)] });
  const many: Result = {
    ...result,
    runs: result.runs.map((run) => ({
      ...run,
      samples: Array.from({ length: 20 }, () => run.samples).flat(),
    })),
  };
  const order = figuresOf(many).find(({ id }) => id === "order-4")!;
  assert.match(order.caption, /a stroke spans the least and the most of up to \d+ samples/);
  assert.ok(figuresOf(many).every(({ drawing }) => writeMarkup(drawing.marks).length < 30_000));
  const few = figuresOf(result).find(({ id }) => id === "order-1")!;
  assert.ok(!few.caption.includes("stroke spans"));
});

Deno.test("figures of many runs draw the first twelve, and say so", () => {
  const result = sampleResult({ runs: 14, stores: [sampleStore("raw", 1)], observations: 100 });
  const [order, distribution] = ["order-1", "distribution-1"].map((id) =>
    figuresOf(result).find((figure) => figure.id === id)!
  );
  assert.match(order!.caption, /the first 12 are drawn/);
  assert.match(distribution!.caption, /the first 12 runs/);
  assert.equal(distribution!.numbers.rows.length, 14);
});

Deno.test("the targets' figure has a row for every target that was asked, measured or not", () => {
  const result = troubledResult();
  const analysis = analyse(result, { resamples: 20 });
  const figure = figuresOf(result).find(({ id }) => id === "targets")!;
  const asked = analysis.targets.filter(({ planned }) => planned);
  assert.ok(asked.length < analysis.targets.length, "what nobody asked for has no row");
  assert.equal(figure.numbers.rows.length, asked.length);
  assert.match(writeMarkup(figure.drawing.marks), />– not measured</);
});

Deno.test("linearFigure() draws only what was sampled linearly", () => {
  const draw = (sampling: "flat" | "linear") => {
    const result = smallResult(sampling);
    const analysis: Analysis = analyse(result, { resamples: 20 });
    const series = benchmarkSeries(result, analysis.benchmarks);
    const measured = analysis.benchmarks.map((benchmark, i): Measured => ({
      benchmark,
      series: series[i]!,
    }));
    return linearFigure(analysis, 1, "name", measured.slice(0, 1));
  };
  assert.equal(draw("flat").length, 0);
  assert.equal(draw("linear").length, 1);
});

Deno.test("figures draw a run with more samples than a call can have arguments", () => {
  const result = smallResult("linear");
  const analysis = analyse(result, { resamples: 20 });
  const [series] = benchmarkSeries(result, analysis.benchmarks);
  const times = Array.from({ length: 300_000 }, (_, i) => 1000 + i % 100);
  const iterations = times.map((_, i) => i + 1);
  const measured: Measured[] = [{
    benchmark: analysis.benchmarks[0]!,
    series: { ...series!, runs: series!.runs.map((run) => ({ ...run, times, iterations })) },
  }];
  const figures = [orderFigure, distributionFigure].map((draw) =>
    draw(analysis, 1, "name", measured)[0]!
  );
  for (const { numbers } of figures) assert.match(JSON.stringify(numbers), /300,000/);
});
