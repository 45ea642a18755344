/** What plots have in common: their width, axes and titles. */
import type { Axis } from "./axis.ts";
import { coordinate, element, label, type Markup } from "./svg.ts";

/**
 * Width of every plot, px. It is a phone's, so that its letters can be read there; a wide page has
 * two plots side by side.
 */
export const WIDTH = 440;
/** Room at the left and right ends. */
export const MARGIN = 8;
/** Room for the ticks and the title of a horizontal axis. */
export const BOTTOM = 40;

/** Where an axis is drawn. */
interface AxisPlace {
  top: number;
  bottom: number;
  from: number;
  to: number;
  title: string;
  /** From where to where there are grid lines. @default from top to bottom */
  bands?: readonly (readonly [top: number, bottom: number])[];
}

/** An upright line in some bands, as a path. */
export function strokes(x: number, bands: NonNullable<AxisPlace["bands"]>): string {
  return bands.map(([top, bottom]) => `M${coordinate(x)} ${coordinate(top)}V${coordinate(bottom)}`)
    .join("");
}

/** Grid lines, ticks under them, and the title. */
export function horizontalAxis(
  axis: Axis,
  { top, bottom, from, to, title, bands = [[top, bottom]] }: AxisPlace,
): Markup {
  const grid = axis.ticks.map(({ at }) => strokes(at, bands)).join("");
  return [
    grid === "" ? null : element("path", { class: "grid", d: grid }),
    ...axis.ticks.map(({ at, text }) => {
      // A text at the end of the axis stays inside the plot.
      const anchor = at < from + 16 ? "start" : at > to - 16 ? "end" : "middle";
      const x = anchor === "start" ? Math.min(at, from) : anchor === "end" ? Math.max(at, to) : at;
      return label(x, bottom + 15, text, { anchor, look: "soft" });
    }),
    label((from + to) / 2, bottom + 33, `${title}${axis.log ? ", log scale" : ""}`, {
      anchor: "middle",
      look: "soft",
    }),
  ];
}

/** Grid lines with their texts left of them; the title stands over the plot. */
export function verticalAxis(axis: Axis, from: number, to: number): Markup {
  const grid = axis.ticks.map(({ at }) =>
    `M${coordinate(from)} ${coordinate(at)}H${coordinate(to)}`
  )
    .join("");
  return [
    grid === "" ? null : element("path", { class: "grid", d: grid }),
    ...axis.ticks.map(({ at, text }) =>
      label(from - 5, at + 4, text, { anchor: "end", look: "soft", room: from - 6 })
    ),
  ];
}
