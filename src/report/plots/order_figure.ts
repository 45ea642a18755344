import { max, min } from "d3-array";
import { formatCount, formatTime, plural } from "../../format/mod.ts";
import { line } from "d3-shape";
import type { Analysis, RunSeries } from "../../analysis/mod.ts";
import { mean, median } from "../../stats/mod.ts";
import { code, type Drawing, type Figure, figure, table } from "../document.ts";
import { type Axis, makeAxis } from "./axis.ts";
import { BOTTOM, verticalAxis, WIDTH } from "./frame.ts";
import { type Measured, readable, storeColour, timeTitle } from "./marks.ts";
import { coordinate, element, hover, label, type Markup } from "./svg.ts";

/** Room left of the panels for the axis' texts, and right of them. */
const LEFT = 62;
const RIGHT = 6;
const NAME = 20;
const PANEL = 78;
const GAP = 8;
/** Between two runs. */
const BOUNDARY = 7;
/** Pixels that a stroke needs, so that neighbours are told apart. */
const STROKE = 2.6;
/** Runs that are drawn; more could not be read. */
const MOST_RUNS = 12;

/** The samples in the order in which they were taken, store under store, run beside run. */
export function orderFigure(
  { stores }: Analysis,
  index: number,
  name: string,
  all: readonly Measured[],
): Figure[] {
  const measured = all.filter(({ series }) => series.runs.length > 0);
  if (measured.length === 0) return [];
  const parts: Markup[] = [];
  let y = 0;
  let bundle = 1;
  for (const { benchmark, series } of measured) {
    const { store } = benchmark;
    const colour = storeColour(stores, store);
    const panel = drawPanel(store, series.runs.slice(0, MOST_RUNS), y + NAME);
    bundle = Math.max(bundle, panel.bundle);
    parts.push(
      element(
        "g",
        { class: colour },
        element("rect", { class: "fill", x: LEFT, y: y + 4, width: 10, height: 10 }),
      ),
      label(LEFT + 16, y + 13, store, { look: "head", room: WIDTH - LEFT - RIGHT - 210 }),
      label(
        WIDTH - RIGHT,
        y + 13,
        `${timeTitle(benchmark)}, ${panel.axis.log ? "log" : "linear"} scale`,
        {
          anchor: "end",
          look: "soft",
        },
      ),
      verticalAxis(panel.axis, LEFT, WIDTH - RIGHT),
      element("g", { class: colour }, panel.marks),
    );
    y += NAME + PANEL + GAP;
  }
  parts.push(
    label(
      (LEFT + WIDTH - RIGHT) / 2,
      y + 12,
      "Samples in the order in which they were taken, run by run",
      {
        anchor: "middle",
        look: "soft",
      },
    ),
  );
  const drawing: Drawing = { width: WIDTH, height: y + BOTTOM - 20, marks: parts };
  const thinned = measured.some(({ series }) => series.runs.length > MOST_RUNS);
  const drawn = thinned ? ` (the first ${MOST_RUNS} are drawn)` : "";
  return [figure({
    id: `order-${index}`,
    title: `Samples of ${name} in time order`,
    caption:
      "Each store has a scale of its own, which does not begin at zero. Upright lines part " +
      `the runs, which stand in the order of their numbers${drawn}; between them other ` +
      "benchmarks ran. " +
      (bundle > 1
        ? `Where a run has too many samples to tell apart, a stroke spans the least and the most of ` +
          `up to ${formatCount(bundle)} samples, and the line is their median. `
        : "") +
      "A slope inside a run is drift or warm-up; a step between runs is what differs from process to process.",
    drawing,
    readable: true,
    numbers: table(
      ["Store", ">Run", ">Samples", ">First tenth", ">Last tenth", ">Least", ">Most"],
      measured.flatMap(({ benchmark: { store }, series }) =>
        series.runs.map(({ run, times }) => {
          const tenth = Math.max(1, Math.floor(times.length / 10));
          return [
            code(store),
            String(run),
            formatCount(times.length),
            formatTime(mean(times.slice(0, tenth))),
            formatTime(mean(times.slice(-tenth))),
            formatTime(min(times)!),
            formatTime(max(times)!),
          ];
        })
      ),
    ),
  })];
}

interface Panel {
  axis: Axis;
  /** Samples of the largest bundle that one stroke stands for. */
  bundle: number;
  marks: Markup;
}

function drawPanel(store: string, runs: readonly RunSeries[], top: number): Panel {
  const axis = makeAxis(runs.flatMap(({ times }) => times), {
    quantity: "time",
    from: top + PANEL,
    to: top,
    horizontal: false,
  });
  const room = (WIDTH - RIGHT - LEFT - BOUNDARY * (runs.length - 1)) / runs.length;
  let most = 1;
  const parts = runs.map(({ run, times, box }, i): Markup => {
    const left = LEFT + i * (room + BOUNDARY);
    const bundle = Math.ceil(times.length * STROKE / room);
    most = Math.max(most, bundle);
    const boundary = i === 0 ? null : element("path", {
      class: "edge",
      d: `M${coordinate(left - BOUNDARY / 2)} ${top}v${PANEL}`,
    });
    const says = hover(
      `Run ${run}: ${plural(times.length, "sample")}, median ${formatTime(box.median)}`,
    );
    const read = readable(`${store}, run ${run}`, axis, "y", times.length, bundle);
    return [boundary, element("g", read, says, ...drawRun(times, bundle, left, room, axis))];
  });
  return { axis, bundle: most, marks: parts };
}

function drawRun(
  times: readonly number[],
  bundle: number,
  left: number,
  room: number,
  axis: Axis,
): Markup[] {
  const count = Math.ceil(times.length / bundle);
  const bundles = Array.from(
    { length: count },
    (_, i) => times.slice(i * bundle, (i + 1) * bundle),
  );
  const x = (i: number) => left + (i + 0.5) * room / count;
  const path = line<number>().x((_, i) => x(i)).y((time) => axis.at(time)).digits(1)(
    bundles.map(median),
  );
  const marks = bundle === 1
    ? element("path", {
      class: "dots",
      d: times.map((time, i) => `M${coordinate(x(i))} ${coordinate(axis.at(time))}h0`).join(""),
    })
    : element("path", {
      class: "bars",
      d: bundles.map((own, i) => {
        const [low, high] = [axis.at(min(own)!), axis.at(max(own)!)];
        return `M${coordinate(x(i))} ${coordinate(low)}V${coordinate(Math.min(high, low - 0.5))}`;
      }).join(""),
    });
  return [marks, path === null ? null : element("path", { class: "thin", d: path })];
}
