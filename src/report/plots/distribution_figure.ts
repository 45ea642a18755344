import { max, min } from "d3-array";
import { formatCount, formatTime, plural } from "../../format/mod.ts";
import { area } from "d3-shape";
import type { Analysis, RunSeries } from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { type Axis, makeAxis } from "./axis.ts";
import { density, LEAST_VALUES } from "./density.ts";
import { BOTTOM, horizontalAxis, MARGIN, WIDTH } from "./frame.ts";
import { type Measured, readable, storeColour, timeTitle } from "./marks.ts";
import { coordinate, element, hover, label, type Markup } from "./svg.ts";

/** Pixels of a store's name, of its density, of a run's lane, and between stores. */
const NAME = 18;
const HILL = 30;
const LANE = 15;
const GAP = 10;

/** Runs that are drawn; more lanes could not be read. */
const MOST_RUNS = 12;

/** The samples of every store that ran one benchmark, above each other on one axis. */
export function distributionFigure(
  { stores }: Analysis,
  index: number,
  name: string,
  all: readonly Measured[],
): Figure[] {
  const measured = all.filter(({ series }) => series.runs.length > 0);
  const first = measured[0];
  if (first === undefined) return [];
  const from = MARGIN;
  const to = WIDTH - MARGIN;
  const axis = makeAxis(
    measured.flatMap(({ series }) => series.runs.flatMap(({ times }) => times)),
    { quantity: "time", from, to },
  );
  const marks: Markup[] = [];
  let y = 0;
  for (const { benchmark: { store }, series } of measured) {
    const shown = series.runs.slice(0, MOST_RUNS);
    const parts = [element("rect", { class: "fill", x: from, y: y + 4, width: 10, height: 10 })];
    const samples = series.runs.reduce((sum, { times }) => sum + times.length, 0);
    marks.push(
      label(from + 16, y + 13, store, { look: "head", room: 230 }),
      label(to, y + 13, `${plural(samples, "sample")}, ${plural(series.runs.length, "run")}`, {
        anchor: "end",
        look: "soft",
      }),
    );
    y += NAME;
    const hill = drawHill(series.runs, axis, y + HILL, from, to);
    if (hill !== null) {
      parts.push(hill);
      y += HILL + 2;
    }
    for (const run of shown) {
      parts.push(drawLane(store, run, axis, y));
      y += LANE;
    }
    y += GAP;
    marks.push(element("g", { class: storeColour(stores, store) }, ...parts));
  }
  const thinned = measured.some(({ series }) => series.runs.length > MOST_RUNS);
  const hills = measured.some(({ benchmark }) => benchmark.samples >= LEAST_VALUES);
  const drawn = thinned ? ` (of the first ${MOST_RUNS} runs; the hill has all)` : "";
  return [figure({
    id: `distribution-${index}`,
    title: `Distribution of the samples of ${name}`,
    caption: "Left is faster. " +
      (hills ? "A hill is the density of a store's samples, as high for each store. " : "") +
      `Under it a line for each run: a dot for every sample${drawn}, those that share a place ` +
      "drawn once, then a bar from the first quartile to the third with the median on it. Upright strokes are Tukey's fences, solid for mild outliers and dotted for " +
      "severe ones; a fence that is not drawn has no sample beyond it.",
    drawing: {
      width: WIDTH,
      height: y + BOTTOM,
      marks: [
        horizontalAxis(axis, { top: 2, bottom: y, from, to, title: timeTitle(first.benchmark) }),
        ...marks,
      ],
    },
    readable: true,
    numbers: table(
      ["Store", ">Run", ">Samples", ">Least", ">Q1", ">Median", ">Q3", ">Most", ">Fences"],
      measured.flatMap(({ benchmark: { store }, series }) =>
        series.runs.map(({ run, times, box }) => [
          code(store),
          String(run),
          formatCount(times.length),
          formatTime(min(times)!),
          formatTime(box.q1),
          formatTime(box.median),
          formatTime(box.q3),
          formatTime(max(times)!),
          `${formatTime(box.lowMild)} to ${formatTime(box.highMild)}`,
        ])
      ),
    ),
  })];
}

function drawHill(
  runs: readonly RunSeries[],
  axis: Axis,
  bottom: number,
  from: number,
  to: number,
): Markup {
  const curve = density(runs.flatMap(({ times }) => times.map(axis.at)), from, to);
  if (curve === null) return null;
  const points = curve.at.map((x, i) => [x, (HILL - 2) * curve.height[i]!] as const)
    // Flat ground is not drawn, but for a point on either side of a hill.
    .filter(([, height], i, all) =>
      height > 0.2 || (all[i - 1]?.[1] ?? 0) > 0.2 || (all[i + 1]?.[1] ?? 0) > 0.2
    );
  const path = area<readonly [number, number]>()
    .x(([x]) => x).y0(bottom).y1(([, height]) => bottom - (height > 0.2 ? height : 0))
    .defined(() => true).digits(1)(points);
  return path === null ? null : element("path", { class: "area", d: path });
}

function drawLane(store: string, { run, times, box }: RunSeries, axis: Axis, top: number): Markup {
  const y = top + 4;
  // Half a pixel apart is apart enough to be seen.
  const places = [...new Set(times.map((time) => Math.round(axis.at(time) * 2)))]
    .sort((a, b) => a - b);
  let at = 0;
  const dots = places.map((place, i) => {
    const step = place - at;
    at = place;
    return i === 0 ? `M${place / 2} ${y}h0` : `m${step / 2} 0h0`;
  }).join("");
  const fences = (["lowMild", "highMild"] as const).flatMap((fence) =>
    axis.holds(box[fence]) ? [`M${coordinate(axis.at(box[fence]))} ${top}v13`] : []
  ).join("");
  const severe = (["lowSevere", "highSevere"] as const).flatMap((fence) =>
    axis.holds(box[fence]) ? [`M${coordinate(axis.at(box[fence]))} ${top}v13`] : []
  ).join("");
  const [q1, median, q3] = [box.q1, box.median, box.q3].map(axis.at) as [number, number, number];
  const quartiles = `${formatTime(box.q1)} and ${formatTime(box.q3)}`;
  return [
    fences === "" ? null : element("path", { class: "fence", d: fences }),
    severe === "" ? null : element("path", { class: "fence severe", d: severe }),
    element(
      "g",
      readable(`${store}, run ${run}`, axis, "x", times.length),
      hover(`Run ${run}: median ${formatTime(box.median)}, quartiles ${quartiles}`),
      element("path", { class: "dots", d: dots }),
      element("path", {
        class: "box",
        d: `M${coordinate(q1)} ${top + 10}H${coordinate(Math.max(q3, q1 + 0.5))}`,
      }),
      element("path", { class: "line", d: `M${coordinate(median)} ${top + 7.5}v5` }),
    ),
  ];
}
