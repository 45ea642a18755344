import { changeRangeText, joinRange } from "../../format/mod.ts";
import { type Ladder, type LadderSeries, METRIC_WORDS, seriesInWords } from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { makeAxis } from "./axis.ts";
import { MARGIN, verticalAxis, WIDTH } from "./frame.ts";
import { SERIES_COLOURS } from "./style.ts";
import { coordinate, element, hover, label, type Markup } from "./svg.ts";

const LEFT = 62;
const RIGHT = 10;
/** Pixels of a panel's name, of the panel, and between two. */
const NAME = 22;
const PANEL = 84;
const GAP = 8;
/** Room for the releases' names under the last panel. */
const NAMES = 22;
/** Between two names of releases, so that they can be read. */
const LEAST_ROOM = 52;

/** What each series was on each release, as a multiple of the first. */
export function ladderFigure({ rungs, series, confidence }: Ladder): Figure[] {
  const drawn = series.filter(({ places }) => places.some(({ change }) => change !== null));
  if (drawn.length === 0) return [];
  const right = WIDTH - RIGHT;
  const x = (rung: number) => LEFT + 8 + rung * (right - LEFT - 16) / Math.max(1, rungs.length - 1);
  const marks: Markup[] = [];
  let y = 0;
  for (const [i, one] of drawn.entries()) {
    marks.push(
      label(MARGIN, y + 13, panelName(one), { look: "head", room: right - MARGIN }),
      ...panel(one, y + NAME, x, rungs.map(({ name }) => name), `c${i % SERIES_COLOURS + 1}`),
    );
    y += NAME + PANEL + GAP;
  }
  const percent = confidence * 100;
  let last = -Infinity;
  for (const [rung, { name }] of rungs.entries()) {
    const isLast = rung === rungs.length - 1;
    const tooNear = x(rung) - last < LEAST_ROOM ||
      !isLast && x(rungs.length - 1) - x(rung) < LEAST_ROOM;
    if (tooNear && !isLast) continue;
    last = x(rung);
    const anchor = rung === 0 ? "start" : isLast ? "end" : "middle";
    marks.push(label(rung === 0 ? LEFT : last, y + 10, name, { anchor, look: "soft" }));
  }
  return [figure({
    id: "ladder",
    title: "Release by release",
    caption: "Each panel is one metric, as a multiple of what the first release has, with its " +
      `interval at ${percent}%; each has a scale of its own, which does not begin at zero. ` +
      "Of a throughput more is better, of a time less.",
    drawing: { width: WIDTH, height: y + NAMES, marks },
    numbers: table(
      ["Benchmark", "Metric", "Release", ">Change from the first"],
      drawn.flatMap((one) =>
        one.places.flatMap(({ rung, change }) =>
          change === null ? [] : [[
            code(one.name),
            METRIC_WORDS[one.metric],
            rungs[rung]!.name,
            joinRange(changeRangeText(change)),
          ]]
        )
      ),
    ),
  })];
}

function panelName(one: LadderSeries): string {
  const metric = one.metric === "throughput" ? "" : `, ${METRIC_WORDS[one.metric]}`;
  return `${seriesInWords(one)} (${one.name})${metric}`;
}

function panel(
  { places }: LadderSeries,
  top: number,
  x: (rung: number) => number,
  names: readonly string[],
  colour: string,
): Markup[] {
  const known = places.flatMap(({ rung, change }) => change === null ? [] : [{ rung, change }]);
  const axis = makeAxis(
    [1, ...known.flatMap(({ change: { low, value, high } }) => [1 + low, 1 + value, 1 + high])],
    { quantity: "factor", from: top + PANEL, to: top, horizontal: false, scale: "log" },
  );
  const at = (change: number) => axis.at(1 + change);
  const path = [`M${coordinate(x(0))} ${coordinate(axis.at(1))}`].concat(
    known.map(({ rung, change }) => `L${coordinate(x(rung))} ${coordinate(at(change.value))}`),
  ).join("");
  return [
    verticalAxis(axis, LEFT, WIDTH - RIGHT),
    element("path", { class: "edge", d: `M${LEFT} ${coordinate(axis.at(1))}H${WIDTH - RIGHT}` }),
    element(
      "g",
      { class: colour },
      element("path", { class: "thin", d: path }),
      ...known.map(({ rung, change }) =>
        element(
          "g",
          {},
          hover(`${names[rung]}: ${joinRange(changeRangeText(change))}`),
          element("path", {
            class: "line",
            d: upright(x(rung), at(change.low), at(change.high)),
          }),
          element("circle", { class: "fill", cx: x(rung), cy: at(change.value), r: 2.5 }),
        )
      ),
    ),
  ];
}

/** An upright line as a path. */
function upright(x: number, from: number, to: number): string {
  return `M${coordinate(x)} ${coordinate(from)}V${coordinate(to)}`;
}
