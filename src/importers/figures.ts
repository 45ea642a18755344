/** Figures in the outputs of other tools. */
import { cannotImport, shown } from "./import_error.ts";

/** Where a figure stands, for the error. */
export interface Place {
  path: string;
  line?: number;
}

/** Beyond these no tool has measured anything, and a time made of it would be none. */
const LEAST = 1e-9;
const MOST = 2 ** 63;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * A figure that is a number at all: NaN, infinities, negative numbers and what is cut off are not.
 *
 * @param figure As a text has it, or as JSON has it: then what is no number there is none.
 * @param what What the figure is, e.g. `the time of fillseq`.
 * @throws {ResultError} Where it is none, or below zero.
 */
export function notNegative(figure: string | number, what: string, place: Place): number {
  const value = typeof figure === "number" ? figure : NUMBER.test(figure) ? Number(figure) : NaN;
  if (!(value >= 0 && Number.isFinite(value))) throw refuse(figure, what, "zero or more", place);
  if (value > MOST) throw refuse(figure, what, "what a machine can reach", place);
  return value;
}

/**
 * A figure above zero.
 *
 * @throws {ResultError} Where it is none.
 */
export function positive(figure: string | number, what: string, place: Place): number {
  const value = notNegative(figure, what, place);
  if (value < LEAST) throw refuse(figure, what, "above zero", place);
  return value;
}

/**
 * A time above zero, in ns.
 *
 * @param unit Nanoseconds in the unit of the figure.
 * @throws {ResultError} Where it is none.
 */
export function time(
  figure: string | number,
  unit: number,
  what: string,
  place: Place,
): number {
  const ns = notNegative(figure, what, place) * unit;
  if (ns < LEAST) throw refuse(figure, what, "above zero", place);
  return ns;
}

/**
 * A whole number.
 *
 * @throws {ResultError} Where it is none, or too large to be exact.
 */
export function count(figure: string | number, what: string, place: Place): number {
  const value = notNegative(figure, what, place);
  if (!Number.isSafeInteger(value)) throw refuse(figure, what, "a whole number", place);
  return value;
}

function refuse(figure: string | number, what: string, must: string, { path, line }: Place) {
  const mend = line === undefined ? "measure again" : "measure again, or take the line out";
  return cannotImport(
    path,
    `${what} is ${shown(String(figure))}, and must be ${must}; ${mend}`,
    line === undefined ? {} : { line },
  );
}

/** A closed range of what a rounded figure may have been. */
interface Bounds {
  low: number;
  high: number;
}

/**
 * What a figure printed with some decimals may have been before it was rounded or cut off.
 *
 * @param text The figure as it was printed.
 */
export function boundsOf(text: string): Bounds {
  const value = Number(text);
  const decimals = text.match(/^[+-]?\d*\.(\d+)$/)?.[1]?.length ?? 0;
  const step = 10 ** -decimals;
  return { low: Math.max(0, value - step), high: value + step };
}

const UNITS: Record<string, number> = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, sec: 1e9 };

/** Nanoseconds in a unit, or `undefined` for one that is not known. */
export function nanosecondsIn(unit: string): number | undefined {
  return Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
}
