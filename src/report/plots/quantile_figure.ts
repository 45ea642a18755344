import { formatCount, formatPercentBound, formatTime, plural } from "../../format/mod.ts";
import { line } from "d3-shape";
import type { Analysis, QuantileCurve } from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { type Axis, makeAxis } from "./axis.ts";
import { BOTTOM, horizontalAxis, verticalAxis, WIDTH } from "./frame.ts";
import { type Measured, storeColour, storeDashes } from "./marks.ts";
import { element, hover, label, type Markup, textWidth } from "./svg.ts";

const LEFT = 62;
const RIGHT = 14;
const HEIGHT = 220;
const LEGEND_ROW = 18;

/** Quantiles that the axis names. */
const NAMED = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999];

/** Latency by quantile of every store, as HDR histograms are drawn. */
export function quantileFigure(
  { stores }: Analysis,
  index: number,
  name: string,
  all: readonly Measured[],
): Figure[] {
  const drawn = all.flatMap(({ benchmark: { store }, series: { latencies } }) =>
    latencies === null ? [] : [{ store, latencies }]
  );
  if (drawn.length === 0) return [];
  const curves = drawn.flatMap(({ latencies: { merged, runs } }) => [merged, ...runs]);
  const legend = drawLegend(drawn.map(({ store }) => store), stores);
  const top = legend.height + 6;
  const bottom = top + HEIGHT;
  const last = Math.max(...curves.flatMap(({ points }) => points.map(({ q }) => q)));
  const across = quantileAxis(last);
  const up = makeAxis(curves.flatMap(({ points }) => points.map(({ ns }) => ns)), {
    quantity: "time",
    from: bottom,
    to: top,
    horizontal: false,
  });
  const draw = (curve: QuantileCurve, looks: string) => {
    const path = line<QuantileCurve["points"][number]>()
      .x(({ q }) => across.at(tail(q))).y(({ ns }) => up.at(ns)).digits(1)(curve.points);
    return path === null ? null : element("path", { class: looks, d: path });
  };
  const lines = drawn.map(({ store, latencies: { merged, runs } }) =>
    element(
      "g",
      { class: storeColour(stores, store) },
      hover(`${store}: ${merged.named.map(named).join(", ")}`),
      ...(runs.length > 1 ? runs.map((curve) => draw(curve, "thin")) : []),
      draw(merged, `line ${storeDashes(stores, store)}`),
    )
  );
  const several = drawn.some(({ latencies }) => latencies.runs.length > 1);
  return [figure({
    id: `quantiles-${index}`,
    title: `Latency by quantile in ${name}`,
    caption:
      "At 99% on the axis below stands the p99: the latency that 99% of the operations did " +
      "not exceed. Each step to the right is a tail ten times as rare. " +
      (several ? "Thick lines are all runs together, thin ones each run by itself. " : "") +
      "A line ends at the last quantile that has ten operations beyond it; the latency's scale is " +
      `${up.log ? "logarithmic" : "linear"}.`,
    drawing: {
      width: WIDTH,
      height: bottom + BOTTOM,
      marks: [
        legend.marks,
        horizontalAxis(across, {
          top,
          bottom,
          from: LEFT,
          to: WIDTH - RIGHT,
          title: "Operations that were as fast or faster",
        }),
        verticalAxis(up, LEFT, WIDTH - RIGHT),
        label(LEFT - 5, top - 8, "Latency", { anchor: "end", look: "soft" }),
        ...lines,
      ],
    },
    numbers: table(
      ["Store", "Runs", ">Operations", "Latencies"],
      drawn.flatMap(({ store, latencies: { merged, runs } }) => [
        [
          code(store),
          runs.length === 1 ? "1 run" : `all ${plural(runs.length, "run")}`,
          formatCount(merged.observations),
          merged.named.map(named).join(", "),
        ],
        ...(runs.length === 1 ? [] : runs.map((curve) => [
          code(store),
          `run ${curve.run}`,
          formatCount(curve.observations),
          curve.named.map(named).join(", "),
        ])),
      ]),
    ),
  })];
}

function named({ q, ns }: { q: number; ns: number }): string {
  return `p${formatPercentBound(q).slice(0, -1)} ${formatTime(ns)}`;
}

/** The tail beyond a quantile: one operation in so many. */
function tail(q: number): number {
  return 1 / (1 - q);
}

/** The axis of 1 / (1 − q), with quantiles as its texts. */
function quantileAxis(last: number): Axis {
  const axis = makeAxis([1, Math.max(10, tail(last))], {
    quantity: "count",
    from: LEFT,
    to: WIDTH - RIGHT,
    scale: "log",
  });
  const ticks = NAMED.filter((q) => axis.holds(tail(q)))
    .map((q) => ({ at: axis.at(tail(q)), text: formatPercentBound(q) }));
  return { ...axis, ticks };
}

function drawLegend(
  names: readonly string[],
  stores: Analysis["stores"],
): { height: number; marks: Markup } {
  let [x, y] = [LEFT, 0];
  const parts = names.map((store) => {
    const width = 34 + Math.min(150, textWidth(store)) + 14;
    if (x > LEFT && x + width > WIDTH - RIGHT) [x, y] = [LEFT, y + LEGEND_ROW];
    const mark = element(
      "g",
      { class: storeColour(stores, store) },
      element("path", { class: `line ${storeDashes(stores, store)}`, d: `M${x} ${y + 9}h26` }),
      label(x + 32, y + 13, store, { room: 150 }),
    );
    x += width;
    return mark;
  });
  return { height: y + LEGEND_ROW + 12, marks: parts };
}
