import { max, min } from "d3-array";
import { formatCount, formatTime } from "../../format/mod.ts";
import type { Analysis, RunSeries } from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { makeAxis } from "./axis.ts";
import { BOTTOM, horizontalAxis, verticalAxis, WIDTH } from "./frame.ts";
import { type Measured, storeColour } from "./marks.ts";
import { coordinate, element, hover, label, type Markup } from "./svg.ts";

const LEFT = 62;
const RIGHT = 14;
const NAME = 20;
const PANEL = 110;

/** Wall time against iterations, for the stores whose samples grow: linear sampling. */
export function linearFigure(
  { stores }: Analysis,
  index: number,
  name: string,
  all: readonly Measured[],
): Figure[] {
  const measured = all.filter(({ series }) =>
    series.sampling === "linear" && series.runs.length > 0
  );
  if (measured.length === 0) return [];
  const parts: Markup[] = [];
  let y = 0;
  for (const { benchmark: { store }, series: { runs } } of measured) {
    const top = y + NAME;
    const bottom = top + PANEL;
    const across = makeAxis(runs.flatMap(({ iterations }) => iterations), {
      quantity: "count",
      from: LEFT,
      to: WIDTH - RIGHT,
      scale: "linear",
    });
    const up = makeAxis(runs.flatMap(({ ns }) => ns), {
      quantity: "time",
      from: bottom,
      to: top,
      scale: "linear",
      horizontal: false,
    });
    parts.push(
      horizontalAxis(across, {
        top,
        bottom,
        from: LEFT,
        to: WIDTH - RIGHT,
        title: "Iterations in a sample",
      }),
      verticalAxis(up, LEFT, WIDTH - RIGHT),
      element(
        "g",
        { class: storeColour(stores, store) },
        element("rect", { class: "fill", x: LEFT, y: y + 4, width: 10, height: 10 }),
        label(LEFT + 16, y + 13, store, { look: "head", room: 200 }),
        ...runs.map((run) => drawRun(run, across.at, up.at)),
      ),
      label(WIDTH - RIGHT, y + 13, "wall time of a sample", { anchor: "end", look: "soft" }),
    );
    y = bottom + BOTTOM + 6;
  }
  return [figure({
    id: `linear-${index}`,
    title: `Time against iterations in ${name}`,
    caption:
      "Each sample has more iterations than the one before. A dot is a sample, dots of one " +
      "place drawn once, and a line is a run's slope through the origin: the time of one iteration. " +
      "Dots that bend away from the line are work that does not grow with the iterations.",
    drawing: { width: WIDTH, height: y, marks: parts },
    numbers: table(
      ["Store", ">Run", ">Samples", ">Iterations", ">Slope, time of an iteration"],
      measured.flatMap(({ benchmark: { store }, series }) =>
        series.runs.map(({ run, iterations, slope }) => [
          code(store),
          String(run),
          formatCount(iterations.length),
          `${formatCount(min(iterations)!)} to ${formatCount(max(iterations)!)}`,
          formatTime(slope),
        ])
      ),
    ),
  })];
}

function drawRun(
  { run, iterations, ns, slope }: RunSeries,
  x: (value: number) => number,
  y: (value: number) => number,
): Markup {
  const dots = new Set(
    iterations.map((count, i) => `M${coordinate(x(count))} ${coordinate(y(ns[i]!))}h0`),
  );
  const most = max(iterations)!;
  const from = `${coordinate(x(0))} ${coordinate(y(0))}`;
  const to = `${coordinate(x(most))} ${coordinate(y(slope * most))}`;
  return element(
    "g",
    {},
    hover(`Run ${run}: ${formatTime(slope)} for one iteration`),
    element("path", { class: "dots", d: [...dots].join("") }),
    element("path", { class: "thin", d: `M${from}L${to}` }),
  );
}
