import { line } from "d3-shape";
import { capitalised, formatCount, formatRate, formatTime } from "../../format/mod.ts";
import type { BenchmarkAnalysis, MetricEstimate, Sweep, SweptNumber } from "../../analysis/mod.ts";
import { type Figure, figure, table } from "../document.ts";
import { makeAxis, type Quantity } from "./axis.ts";
import { BOTTOM, horizontalAxis, strokes, verticalAxis, WIDTH } from "./frame.ts";
import { element, hover, label, type Markup } from "./svg.ts";

/** Room left of the plot for the axis' texts, and right of it for the lines' names. */
const LEFT = 62;
const RIGHT = 110;
const TOP = 24;
const HEIGHT = 180;
/** Lines that are drawn; more could not be told apart. */
const MOST_LINES = 6;

/** What each number is, as a title has it, and what is shown of it. */
const NUMBERS: Record<SweptNumber, { title: string; quantity: Quantity; metric: "rate" | "time" }> =
  {
    clients: { title: "Clients", quantity: "count", metric: "rate" },
    rate: { title: "Operations a second that are offered", quantity: "rate", metric: "time" },
    keys: { title: "Keys in the store", quantity: "count", metric: "rate" },
    valueBytes: { title: "Bytes of a value", quantity: "count", metric: "rate" },
    theta: { title: "Exponent of the zipfian keys", quantity: "count", metric: "rate" },
  };

/** A point that has a value. */
interface Point {
  at: number;
  estimate: NonNullable<MetricEstimate["estimate"]>;
}

/**
 * What comes of loads of a store that differ in one number: their operations a second, or, of rates, the
 * p99 of the response times.
 *
 * @param sweeps Those of one store over one number.
 * @returns `undefined` where fewer than two points of any have a value.
 */
export function sweepFigure(
  store: string,
  of: SweptNumber,
  sweeps: readonly Sweep[],
  benchmarks: readonly BenchmarkAnalysis[],
): Figure | undefined {
  const { title, quantity, metric } = NUMBERS[of];
  const wanted = metric === "rate" ? "throughput" : "responseP99";
  const found = (id: string) =>
    benchmarks.find((each) => each.id === id)?.metrics.find((each) => each.metric === wanted)
      ?.estimate ?? null;
  const lines = sweeps.slice(0, MOST_LINES).flatMap(({ name, points }) => {
    const known = points.flatMap(({ value, id }): Point[] => {
      const estimate = found(id);
      return estimate === null ? [] : [{ at: value, estimate }];
    });
    return known.length < 2 ? [] : [{ name, points: known }];
  });
  if (lines.length === 0) return undefined;
  const bottom = TOP + HEIGHT;
  const all = lines.flatMap(({ points }) => points);
  const across = makeAxis(all.map(({ at }) => at), { quantity, from: LEFT, to: WIDTH - RIGHT });
  const up = makeAxis(all.flatMap(({ estimate: { low, value, high } }) => [low, value, high]), {
    quantity: metric,
    scale: metric === "rate" ? "linear" : "log",
    from: bottom,
    to: TOP,
    horizontal: false,
  });
  const format = metric === "rate" ? formatRate : formatTime;
  const head = metric === "rate" ? "Operations a second" : "Response time, p99";
  const marks: Markup[] = [
    label(LEFT, 15, head, { look: "head" }),
    ...(up.log ? [label(WIDTH - RIGHT, 15, "log scale", { anchor: "end", look: "soft" })] : []),
    verticalAxis(up, LEFT, WIDTH - RIGHT),
    horizontalAxis(across, { top: TOP, bottom, from: LEFT, to: WIDTH - RIGHT, title }),
    ...lines.map(({ name, points }, i) => {
      const path = line<Point>().x(({ at }) => across.at(at)).y(({ estimate }) =>
        up.at(estimate.value)
      )
        .digits(1)(points);
      const last = points.at(-1)!;
      return element(
        "g",
        { class: `c${i + 1}` },
        path === null ? null : element("path", { class: `line d${i + 1}`, d: path }),
        element("path", {
          class: "edge",
          d: points.map(({ at, estimate: { low, high } }) =>
            strokes(across.at(at), [[up.at(high), up.at(low)]])
          ).join(""),
        }),
        points.map(({ at, estimate: { value } }) =>
          element(
            "circle",
            { class: "ring", cx: across.at(at), cy: up.at(value), r: 3 },
            hover(`${name}, ${formatCount(at)}: ${format(value)}`),
          )
        ),
        label(across.at(last.at) + 8, up.at(last.estimate.value) + 4, name, {
          look: "soft",
          room: RIGHT - 10,
        }),
      );
    }),
  ];
  const what = metric === "rate"
    ? "the operations a second"
    : "the p99 of response times, which count from the intended start";
  const further = sweeps.length > lines.length ? " Further loads are in the tables alone." : "";
  return figure({
    id: `sweep-${of}-${store.replace(/[^A-Za-z0-9]+/g, "-")}`,
    title: `${capitalised(store)}: ${title.toLowerCase()}`,
    caption:
      `Each ring is a load, and the upright stroke its interval: ${what}. The loads of a line differ in ` +
      "nothing else." + further,
    drawing: { width: WIDTH, height: bottom + BOTTOM, marks },
    numbers: table(
      ["Load", `>${title}`, `>${head}`, ">From", ">To"],
      lines.flatMap(({ name, points }) =>
        points.map(({ at, estimate: { value, low, high } }) => [
          name,
          formatCount(at),
          format(value),
          format(low),
          format(high),
        ])
      ),
    ),
  });
}
