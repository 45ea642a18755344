/** Axes: where a value lies on the plot, and the ticks with their units. */
import { ticks } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";
import { formatTimeBound } from "../../format/mod.ts";
import { textWidth } from "./svg.ts";

/** What an axis shows, which decides its ticks' text. */
export type Quantity = "time" | "rate" | "factor" | "count";

/** An axis along one side of a plot. */
export interface Axis {
  log: boolean;
  /** The values at its ends, and where these lie, px. */
  ends: { values: readonly [number, number]; places: readonly [number, number] };
  /** Where a value lies, px: on the axis for every number, at its end for one beyond it. */
  at(value: number): number;
  /** Whether a value lies on the axis. */
  holds(value: number): boolean;
  ticks: Tick[];
}

/** A tick and its text. */
interface Tick {
  at: number;
  text: string;
}

/** How an axis is made. */
interface AxisOptions {
  quantity: Quantity;
  /** Where the axis begins and ends, px. */
  from: number;
  to: number;
  /** @default `auto`: logarithmic where the largest value is more than four times the smallest. */
  scale?: "auto" | "log" | "linear";
  /** Whether the labels stand beside each other, and not above each other. @default true */
  horizontal?: boolean;
}

/** Beyond this ratio a linear axis would press the small values together. */
const LINEAR_RATIO = 4;

/** Room at both ends, as a share of the axis, so that marks are not cut. */
const PADDING = 0.03;

/** An axis that holds all values that are finite and, on a logarithmic one, positive. */
export function makeAxis(values: Iterable<number>, options: AxisOptions): Axis {
  const { quantity, from, to, scale = "auto", horizontal = true } = options;
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value) || (scale !== "linear" && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = scale === "linear" ? [0, 1] : [1, 10];
  const log = scale === "log" || (scale === "auto" && high > low * LINEAR_RATIO);
  const [start, end] = log ? padLog(low, high) : padLinear(low, high, scale === "linear");
  const place = (log ? scaleLog() : scaleLinear()).domain([start, end]).range([from, to]);
  const at = (value: number) => {
    if (Number.isNaN(value)) return from;
    return place(Math.min(end, Math.max(start, value)));
  };
  const values_ = log ? logTicks(start, end) : ticks(start, end, horizontal ? 5 : 3);
  const texts = values_.map((value) => ({ at: at(value), text: tickText(quantity, value) }));
  return {
    log,
    ends: { values: [start, end], places: [from, to] },
    at,
    holds: (value) => value >= start && value <= end,
    ticks: apart(texts, horizontal ? (text) => textWidth(text) + 8 : () => 14),
  };
}

function padLog(low: number, high: number): [number, number] {
  // A single value stands in the middle of a small range.
  const pad = Math.max(Math.log(high / low) * PADDING, low === high ? Math.log(1.1) : 0.002);
  return [
    Math.max(low * Math.exp(-pad), Number.MIN_VALUE * 1e20),
    Math.min(high * Math.exp(pad), Number.MAX_VALUE / 1e10),
  ];
}

function padLinear(low: number, high: number, zero: boolean): [number, number] {
  if (low === high) return [zero ? 0 : low * 0.9, high === 0 ? 1 : high * 1.1];
  const pad = (high - low) * PADDING;
  // An axis that begins at zero shows it.
  return [zero ? 0 : low > 0 ? Math.max(low - pad, low * 0.5) : low - pad, high + pad];
}

/** Round numbers: powers of ten, with 2 and 5 between them where there are few. */
function logTicks(start: number, end: number): number[] {
  const decades = Math.log10(end / start);
  if (decades < 0.8) return ticks(start, end, 5);
  const step = Math.max(1, Math.ceil(decades / 8));
  const mantissas = decades <= 2.2 ? [1, 2, 5] : [1];
  const first = Math.floor(Math.log10(start) / step) * step;
  const all: number[] = [];
  for (let power = first; power <= Math.log10(end); power += step) {
    for (const mantissa of mantissas) all.push(Number(`${mantissa}e${power}`));
  }
  return all.filter((value) => value >= start && value <= end);
}

/** Leaves out ticks whose texts would touch the one before. */
function apart(all: readonly Tick[], room: (text: string) => number): Tick[] {
  const kept: Tick[] = [];
  for (const tick of all) {
    const last = kept.at(-1);
    const need = last === undefined ? 0 : (room(last.text) + room(tick.text)) / 2;
    if (last === undefined || Math.abs(tick.at - last.at) >= need) kept.push(tick);
  }
  return kept;
}

/** A tick's text with its unit. */
function tickText(quantity: Quantity, value: number): string {
  const rounded = Number(value.toPrecision(6));
  switch (quantity) {
    case "time":
      return rounded === 0 ? "0" : formatTimeBound(rounded);
    case "rate":
    case "count":
      return short(rounded);
    case "factor":
      return `${short(rounded)}×`;
  }
}

/** A number in few characters: `20k`, `1.5M`. */
function short(value: number): string {
  const size = Math.abs(value);
  for (const [unit, name] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) {
    if (size >= unit && size < unit * 1e3) return `${Number((value / unit).toPrecision(6))}${name}`;
  }
  return size !== 0 && (size >= 1e12 || size < 1e-3)
    ? value.toExponential().replace("e+", "e")
    : String(value);
}
