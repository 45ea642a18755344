import { plural } from "../../format/mod.ts";
import { type Analysis, benchmarkSeries } from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { type Block, code, heading, paragraph } from "../document.ts";
import {
  bootstrapFigure,
  distributionFigure,
  linearFigure,
  type Measured,
  orderFigure,
  quantileFigure,
  timeMapFigure,
  windowsFigure,
} from "../plots/mod.ts";

/** A benchmark's file: its place makes names apart that are alike without what no file's name may have. */
function fileName(name: string, index: number): string {
  return `${index + 1}-${name.replace(/[^A-Za-z0-9_]+/g, "-").slice(0, 60).replace(/-$/, "")}`;
}

/** Each benchmark by itself, its stores side by side: what the samples look like. */
export function benchmarkByBenchmark(result: Result, analysis: Analysis): Block[] {
  const series = new Map(
    benchmarkSeries(result, analysis.benchmarks).map((each) => [each.id, each]),
  );
  const measured = analysis.benchmarks.flatMap((benchmark): Measured[] => {
    const own = series.get(benchmark.id);
    return own === undefined ? [] : [{ benchmark, series: own }];
  });
  // A store that gives a name to another kind of benchmark is not beside the others.
  const groups = Map.groupBy(
    measured,
    ({ benchmark: { name, kind, operation } }) => JSON.stringify([name, kind, operation]),
  );
  return [
    heading(2, "Benchmark by benchmark"),
    ...(groups.size === 0 ? [paragraph("The result holds no benchmarks.")] : []),
    ...[...groups.values()].flatMap((group, index) => {
      const { name, elements } = group[0]!.benchmark;
      const figures = [
        windowsFigure,
        timeMapFigure,
        distributionFigure,
        orderFigure,
        quantileFigure,
        linearFigure,
        bootstrapFigure,
      ].flatMap((draw) => draw(analysis, index + 1, name, group));
      return [
        heading(3, [code(name)], { listed: true, apart: fileName(name, index) }),
        paragraph(
          figures.length === 0
            ? "No run of it has samples to show."
            : group[0]!.benchmark.kind === "load"
            ? "A sample is a window of time: its length over the operations of all clients that ended " +
              "in it."
            : "A sample is a batch of operations that was timed as one " +
              `(${plural(elements, "operation")} an iteration); its time is divided by its ` +
              "operations.",
        ),
        ...figures,
      ];
    }),
  ];
}
