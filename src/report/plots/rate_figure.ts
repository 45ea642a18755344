import { line } from "d3-shape";
import { formatPercent, formatRate, formatTime } from "../../format/mod.ts";
import { median } from "../../stats/mod.ts";
import { type Figure, figure, table } from "../document.ts";
import { makeAxis } from "./axis.ts";
import { BOTTOM, horizontalAxis, strokes, verticalAxis, WIDTH } from "./frame.ts";
import { element, hover, label, type Markup } from "./svg.ts";

/** Room left of the plot for the axis' texts, and right of it. */
const LEFT = 62;
const RIGHT = 34;
const TOP = 24;
const HEIGHT = 180;

/** A rate that was offered, and what came of it. */
export interface OfferedRate {
  /** Operations a second. */
  rate: number;
  /** In a word. */
  verdict: string;
  /** Whether more was offered than was done: what then waits longer and longer has no latency. */
  overloaded: boolean;
  /** Share of what was offered that was done. */
  achieved: number;
  /** Response times, ns; `null` where nothing ended. */
  p50: number | null;
  p99: number | null;
}

/** The lines, and their dashes. */
const LINES = [["p50", "d1"], ["p99", "d2"]] as const;

/**
 * Response times by the rate that was offered.
 *
 * @param knee Where the highest rate that is kept lies.
 */
export function rateFigure(
  name: string,
  rates: readonly OfferedRate[],
  knee: { low: number; high: number },
): Figure {
  const sorted = rates.toSorted((a, b) => a.rate - b.rate);
  const kept = sorted.filter(({ overloaded }) => !overloaded);
  const bottom = TOP + HEIGHT;
  const offered = makeAxis(sorted.map(({ rate }) => rate), {
    quantity: "rate",
    from: LEFT,
    to: WIDTH - RIGHT,
  });
  const times = makeAxis(kept.flatMap(({ p50, p99 }) => [p50 ?? NaN, p99 ?? NaN]), {
    quantity: "time",
    scale: "log",
    from: bottom,
    to: TOP,
    horizontal: false,
  });
  const edges = [knee.low, knee.high].filter((rate) => offered.holds(rate));
  const marks: Markup[] = [
    label(LEFT, 15, "Response times", { look: "head" }),
    label(WIDTH - RIGHT, 15, "log scale", { anchor: "end", look: "soft" }),
    verticalAxis(times, LEFT, WIDTH - RIGHT),
    horizontalAxis(offered, {
      top: TOP,
      bottom,
      from: LEFT,
      to: WIDTH - RIGHT,
      title: "Operations a second that were offered",
    }),
    ...edges.map((rate) =>
      element("path", { class: "ref d3", d: strokes(offered.at(rate), [[TOP, bottom]]) })
    ),
    element(
      "g",
      { class: "c1" },
      LINES.map(([quantile, dashes]) => {
        const path = line<[rate: number, ns: number]>()
          .x(([rate]) => offered.at(rate))
          .y(([, ns]) => times.at(ns))
          .digits(1)(middles(kept, quantile));
        return path === null ? null : element("path", { class: `line ${dashes}`, d: path });
      }),
      kept.map(({ rate, p99, verdict }) =>
        p99 === null ? null : element(
          "circle",
          { class: "ring", cx: offered.at(rate), cy: times.at(p99), r: 3 },
          hover(`${formatRate(rate)}: ${verdict}, p99 ${formatTime(p99)}`),
        )
      ),
    ),
    // What was overloaded stands on the axis: it has no response time.
    element(
      "path",
      {
        class: "edge",
        d: sorted.filter(({ overloaded }) => overloaded)
          .map(({ rate }) => strokes(offered.at(rate), [[bottom - 8, bottom]])).join(""),
      },
    ),
    ...LINES.flatMap(([quantile]) => {
      const last = middles(kept, quantile).at(-1);
      return last === undefined ? [] : [
        label(WIDTH - RIGHT + 4, times.at(last[1]) + 4, quantile, { look: "soft" }),
      ];
    }),
  ];
  return figure({
    id: "rates",
    title: `Response times of ${name} by the rate that is offered`,
    caption:
      "Each ring is a step at one rate: its p99. The lines lead through the middle step of each rate; " +
      "below p99 is the middle of the response times, which count from the intended start. Dotted upright lines are the ends of the interval. Short strokes on " +
      "the axis are rates that were overloaded: what then waits for longer and longer has no latency.",
    drawing: { width: WIDTH, height: bottom + BOTTOM, marks },
    numbers: table(
      [">Offered", "Verdict", ">Done", ">p50", ">p99"],
      sorted.map(({ rate, verdict, overloaded, achieved, p50, p99 }) => {
        const show = (ns: number | null) => overloaded || ns === null ? "–" : formatTime(ns);
        return [formatRate(rate), verdict, formatPercent(achieved), show(p50), show(p99)];
      }),
    ),
  });
}

/** The middle one of each rate's quantiles. */
function middles(kept: readonly OfferedRate[], quantile: "p50" | "p99"): [number, number][] {
  const known = kept.filter((each) => each[quantile] !== null);
  return [...Map.groupBy(known, ({ rate }) => rate)].map(([rate, steps]) => [
    rate,
    median(steps.map((each) => each[quantile]!)),
  ]);
}
