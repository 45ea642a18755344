/** SVG: elements, numbers and labels. */
import type { ComponentChildren } from "preact";
import { element as writtenElement } from "../html/markup.tsx";
import { oneLine } from "../plain_text.ts";

/** What is drawn. */
export type Markup = ComponentChildren;

/** An attribute's value: a number is a coordinate. */
export type Attributes = Record<string, string | number>;

/** An element with its children. */
export function element(name: string, attributes: Attributes, ...children: Markup[]): Markup {
  const written = Object.entries(attributes).map(([key, value]) => [
    key,
    typeof value === "number" ? coordinate(value) : value,
  ]);
  return writtenElement(name, Object.fromEntries(written), ...children);
}

/**
 * A coordinate to a tenth of a pixel, which is finer than what is seen.
 *
 * @throws {RangeError} On a number that is not finite: it would draw something else than was meant.
 */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot draw at ${value}: coordinates must be finite`);
  }
  // Adding 0 makes 0 of −0.
  return String(Math.round(value * 10) / 10 + 0);
}

/** What a mark says when the pointer rests on it. */
export function hover(text: string): Markup {
  return element("title", {}, text);
}

/** How a label is placed. */
interface LabelOptions {
  /** Which end of the text is at x. @default "start" */
  anchor?: "start" | "middle" | "end";
  /** Classes of the plot's style sheet. @default "" */
  look?: string;
  /** Room in pixels; a longer text is cut, with an ellipsis. @default Infinity */
  room?: number;
}

/** A text with its baseline at y. */
export function label(
  x: number,
  y: number,
  text: string,
  { anchor = "start", look = "", room = Infinity }: LabelOptions = {},
): Markup {
  return element(
    "text",
    {
      x,
      y,
      ...(anchor === "start" ? {} : { "text-anchor": anchor }),
      ...(look === "" ? {} : { class: look }),
    },
    fit(text, room),
  );
}

/** A text cut to some room; what is cut is in the figure's numbers. */
function fit(text: string, room: number): string {
  const line = oneLine(text);
  if (textWidth(line) <= room) return line;
  let kept = "";
  for (const character of line) {
    if (textWidth(`${kept}${character}…`) > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * About how wide a text is in the plots' font, px. There is no font to ask: digits and letters are
 * taken a little wider than they mostly are, so that labels keep apart.
 */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/[ .,:;|!'ilj()[\]]/.test(character)) width += 3.8;
    else if (/[mwMW%×@]/.test(character)) width += 10.5;
    else if (character < "\u2e80") width += 7;
    else width += 13;
  }
  return width;
}
