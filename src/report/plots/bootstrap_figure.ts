import { formatCount, formatPercentBound, formatTime } from "../../format/mod.ts";
import { area } from "d3-shape";
import type { Analysis, CriterionRun } from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { type Axis, makeAxis } from "./axis.ts";
import { BOTTOM, horizontalAxis, MARGIN, WIDTH } from "./frame.ts";
import { type Measured, storeColour, timeTitle } from "./marks.ts";
import { coordinate, element, hover, label, type Markup } from "./svg.ts";

/** Pixels of a store's name, of its hill, of the interval under it, and between stores. */
const NAME = 18;
const HILL = 42;
const INTERVAL = 12;
const GAP = 10;

/** What is drawn of a store: times for one operation, ns. */
interface Resampled {
  store: string;
  run: CriterionRun;
  value: number;
  low: number;
  high: number;
  /** Both ends of the bootstrap distribution. */
  from: number;
  to: number;
}

/** The bootstrap distribution that each store's interval inside one run was taken from. */
export function bootstrapFigure(
  { stores, confidence, resamples }: Analysis,
  index: number,
  name: string,
  all: readonly Measured[],
): Figure[] {
  const rows = all.flatMap(({ benchmark: { store, criterion: run } }): Resampled[] => {
    if (run === null) return [];
    const each = (ns: number) => ns / run.elements;
    return [{
      store,
      run,
      value: each(run.time.value),
      low: each(run.time.low),
      high: each(run.time.high),
      from: each(run.distribution.from),
      to: each(run.distribution.to),
    }];
  });
  if (rows.length === 0) return [];
  const [from, to] = [MARGIN, WIDTH - MARGIN];
  const ends = rows.flatMap((row) => [row.from, row.to]);
  const axis = makeAxis(ends, { quantity: "time", from, to });
  let y = 0;
  const marks = rows.map((row) => {
    const { store, run } = row;
    const interval = `${formatTime(row.low)} to ${formatTime(row.high)}`;
    const top = y;
    y += NAME + HILL + INTERVAL + GAP;
    return element(
      "g",
      { class: storeColour(stores, store) },
      hover(`${store}, run ${run.run}: ${formatTime(row.value)}, interval ${interval}`),
      element("rect", { class: "fill", x: from, y: top + 4, width: 10, height: 10 }),
      label(from + 16, top + 13, store, { look: "head", room: 230 }),
      label(to, top + 13, `run ${run.run}, ${formatCount(run.time.n)} samples`, {
        anchor: "end",
        look: "soft",
      }),
      drawHill(row, axis, top + NAME + HILL),
      drawInterval(row, axis, top + NAME + HILL + INTERVAL / 2 + 2),
    );
  });
  return [figure({
    id: `bootstrap-${index}`,
    title: `Bootstrap distributions of ${name}`,
    caption: "Left is faster. A hill is the distribution of criterion's estimate over " +
      `${formatCount(resamples)} resamples of the samples of one run, the median run of the ` +
      "store, as high for each store. The bar under it holds the middle " +
      `${formatPercentBound(confidence)} of it, which is the interval in the raw output, and ` +
      "the stroke is the estimate. It says how sure one run is of itself, and not how the next run " +
      "will differ: that is the spread between the runs.",
    drawing: {
      width: WIDTH,
      height: y + BOTTOM,
      marks: [
        horizontalAxis(axis, { top: 2, bottom: y, from, to, title: timeTitle(all[0]!.benchmark) }),
        ...marks,
      ],
    },
    numbers: table(
      ["Store", ">Run", ">Samples", ">Estimate", ">Low", ">High", ">Standard error"],
      rows.map(({ store, run, value, low, high }) => [
        code(store),
        String(run.run),
        formatCount(run.time.n),
        formatTime(value),
        formatTime(low),
        formatTime(high),
        formatTime(run.time.standardError / run.elements),
      ]),
    ),
  })];
}

/** The distribution as an area, a point in the middle of each interval. */
function drawHill({ run, from, to }: Resampled, axis: Axis, bottom: number): Markup {
  const { counts } = run.distribution;
  const highest = Math.max(...counts);
  const width = (to - from) / counts.length;
  const points = counts.map((count, i) =>
    [axis.at(from + (i + 0.5) * width), bottom - (HILL - 4) * count / highest] as const
  );
  const path = area<readonly [number, number]>()
    .x(([x]) => x).y0(bottom).y1(([, y]) => y).digits(1)([
      [axis.at(from), bottom],
      ...points,
      [axis.at(to), bottom],
    ]);
  return path === null ? null : element("path", { class: "area", d: path });
}

function drawInterval({ value, low, high }: Resampled, axis: Axis, y: number): Markup {
  const [left, right] = [axis.at(low), axis.at(high)];
  return [
    element("path", {
      class: "box",
      d: `M${coordinate(left)} ${coordinate(y)}H${coordinate(Math.max(right, left + 0.5))}`,
    }),
    element("path", { class: "line", d: `M${coordinate(axis.at(value))} ${coordinate(y - 3)}v6` }),
  ];
}
