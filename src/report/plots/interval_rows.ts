/** Values with their intervals, row by row on one logarithmic axis. */
import type { Range } from "../../format/mod.ts";
import type { Drawing } from "../document.ts";
import { type Axis, makeAxis, type Quantity } from "./axis.ts";
import { BOTTOM, horizontalAxis, MARGIN, strokes, WIDTH } from "./frame.ts";
import { element, hover, label, type Markup, textWidth } from "./svg.ts";

/** A row: a label over a track with a mark on it. */
export interface IntervalRow {
  label: string;
  /** What stands at the row's right end, and the class that colours it. */
  note: string;
  noteLook?: string;
  /** Class of the mark's colour. */
  colour: string;
  /** Full for what was measured, hollow for what was published. */
  mark: "full" | "hollow";
  /** A circle in process, a diamond over a network, a square where it is not stated. */
  shape: "circle" | "diamond" | "square";
  /** `null` where there is nothing to mark. */
  range: Range | null;
  /** What the mark says under the pointer. */
  says: string;
}

/** Rows under a heading of their own; without one they are set close. */
export interface IntervalGroup {
  heading?: string;
  rows: IntervalRow[];
}

/** How the rows are drawn. */
interface IntervalOptions {
  quantity: Quantity;
  /** The axis' title with its unit. */
  title: string;
  /** A value that the rows are held against, with its name. */
  reference?: { value: number; name: string };
  /**
   * Whether labels stand left of the tracks and notes right of them, a line a row, for a figure that
   * has to be low; else each label stands over its track. @default false
   */
  compact?: boolean;
}

/** Pixels of a heading and of a row. */
const HEADING = 24;
const ROW = 33;
/** Of a compact row, and the room for its label and for its note. */
const COMPACT = { row: 20, label: 136, note: 92 };
/** Of a compact label, the room without the gap that keeps it from the track. */
const COMPACT_ROOM = COMPACT.label - 8;
/** Room over the first heading for the reference's name. */
const TOP = 16;

/** An interval may go this much beyond the values; further on an arrow stands for the rest. */
const REACH = 1000;

/** Draws the rows. Intervals that go on beyond the axis end in an arrow. */
export function drawIntervals(
  groups: readonly IntervalGroup[],
  { quantity, title, reference, compact = false }: IntervalOptions,
): Drawing & { clipped: boolean } {
  const [from, to] = compact
    ? [MARGIN + COMPACT.label, WIDTH - MARGIN - COMPACT.note]
    : [MARGIN, WIDTH - MARGIN];
  const ranges = groups.flatMap(({ rows }) => rows.flatMap(({ range }) => range ?? []));
  const axis = makeAxis(extent(ranges, reference?.value), { quantity, from, to, scale: "log" });
  const marks: Markup[] = [];
  const bands: [number, number][] = [];
  let y = reference === undefined ? 0 : TOP;
  let clipped = false;
  for (const { heading, rows } of groups) {
    if (heading !== undefined) {
      marks.push(label(MARGIN, y + 16, heading, { look: "head", room: WIDTH - 2 * MARGIN }));
      y += HEADING;
    }
    for (const row of rows) {
      const [height, middle] = compact ? [COMPACT.row, 10] : [ROW, 21];
      const room = compact ? COMPACT_ROOM : to - from - textWidth(row.note) - 12;
      marks.push(
        label(MARGIN, y + (compact ? 14 : 11), row.label, { room }),
        label(WIDTH - MARGIN, y + (compact ? 14 : 11), row.note, {
          anchor: "end",
          look: row.noteLook ?? "soft",
        }),
      );
      if (row.range !== null) {
        bands.push(compact ? [y, y + height] : [y + 14, y + 28]);
        marks.push(mark(row, row.range, y + middle, axis));
        clipped ||= !(axis.holds(row.range.low) && axis.holds(row.range.high));
      }
      y += height;
    }
    y += 4;
  }
  const top = reference === undefined ? 4 : TOP;
  const line = reference === undefined ? [] : [
    element("path", {
      class: "ref",
      d: strokes(axis.at(reference.value), [[TOP - 1, TOP + 5], ...bands]),
    }),
    label(axis.at(reference.value), 11, reference.name, {
      anchor: anchorAt(axis.at(reference.value), from, to),
      look: "soft",
    }),
  ];
  return {
    width: WIDTH,
    height: y + BOTTOM,
    marks: [horizontalAxis(axis, { top, bottom: y, from, to, title, bands }), ...line, ...marks],
    clipped,
  };
}

/** Whether all labels can be told from one another where each has a compact row's room. */
export function areCompact(groups: readonly IntervalGroup[]): boolean {
  return groups.every(({ rows }) => rows.every(({ label }) => textWidth(label) <= COMPACT_ROOM));
}

/** Keeps a label at the axis' end inside the plot. */
function anchorAt(x: number, from: number, to: number): "start" | "middle" | "end" {
  return x < from + 40 ? "start" : x > to - 40 ? "end" : "middle";
}

/** The values, and the intervals' ends as far as they are near them. */
function extent(ranges: readonly Range[], reference: number | undefined): number[] {
  const values = ranges.map(({ value }) => value).filter((value) => value > 0);
  const all = reference === undefined ? values : [...values, reference];
  const [least, most] = [Math.min(...all) / REACH, Math.max(...all) * REACH];
  const ends = ranges.flatMap(({ low, high }) => [low, high]);
  return [...all, ...ends.map((end) => Math.min(most, Math.max(least, end)))];
}

function mark(row: IntervalRow, { value, low, high }: Range, y: number, axis: Axis): Markup {
  const [x, left, right] = [axis.at(value), axis.at(low), axis.at(high)];
  const end = (at: number, beyond: boolean, side: 1 | -1) =>
    beyond
      ? `M${(at - 5 * side).toFixed(1)} ${y - 4}L${at.toFixed(1)} ${y}l${-5 * side} 4`
      : `M${at.toFixed(1)} ${y - 4}v8`;
  const ends = end(left, !axis.holds(low), -1) + end(right, !axis.holds(high), 1);
  const whisker = low === high ? null : element("path", {
    class: "line",
    d: `M${left.toFixed(1)} ${y}H${right.toFixed(1)}${ends}`,
  });
  return element(
    "g",
    { class: row.colour },
    hover(row.says),
    whisker,
    shape(row, x, y),
  );
}

function shape({ shape, mark }: IntervalRow, x: number, y: number): Markup {
  const look = mark === "full" ? "fill" : "ring";
  switch (shape) {
    case "circle":
      return element("circle", { class: look, cx: x, cy: y, r: 4.5 });
    case "square":
      return element("rect", { class: look, x: x - 4, y: y - 4, width: 8, height: 8 });
    case "diamond":
      return element("path", {
        class: look,
        d: `M${x.toFixed(1)} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5-5.5z`,
      });
  }
}
