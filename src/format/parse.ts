/**
 * Numbers with their units out of text, as people write them in options and suites: `64MiB`, `5ms`,
 * `20k`, `3%`. A unit is spelled in one way only, since `K` and `M` alone, or `KB`, mean 1000 to the
 * one and 1024 to the other. Exact: `0.1GB` is 100,000,000 bytes and no fraction.
 */

const BYTES: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["B", 1],
  ["kB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40],
]);

/** In nanoseconds. */
const DURATIONS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  // The micro sign and the Greek letter look alike.
  ["\u00B5s", 1e3],
  ["\u03BCs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["min", 60e9],
  ["h", 3600e9],
]);

const COUNTS: ReadonlyMap<string, number> = new Map([["", 1], ["k", 1e3], ["M", 1e6], ["G", 1e9]]);

/**
 * Whole bytes: `65536`, `64KiB`, `64 MiB`, `1.5GB`.
 *
 * @returns `undefined` for anything else, and for what a number cannot hold exactly.
 */
export function parseBytes(text: string): number | undefined {
  return whole(scaled(text, BYTES));
}

/**
 * A count: `20000`, `20k`, `1.5M`, in thousands, millions and `G` for thousands of millions.
 *
 * @returns `undefined` for anything else, and for what a number cannot hold exactly.
 */
export function parseCount(text: string): number | undefined {
  return whole(scaled(text, COUNTS));
}

/**
 * A length of time with its unit: `5ms`, `1.5 s`, `2min`.
 *
 * @returns Nanoseconds; `undefined` for anything else.
 */
export function parseDuration(text: string): number | undefined {
  return scaled(text, DURATIONS);
}

/**
 * A share as a percentage: `3%`, `0.5 %`, `150%`.
 *
 * @returns The share, 0.03 for `3%`; `undefined` for anything else.
 */
export function parseShare(text: string): number | undefined {
  const percent = scaled(text, PERCENT);
  return percent === undefined ? undefined : percent / 100;
}

const PERCENT: ReadonlyMap<string, number> = new Map([["%", 1]]);

/**
 * Whole bytes in the largest binary unit that has no remainder, so that {@linkcode parseBytes} reads
 * the same again: `64MiB`, `65537`.
 */
export function formatBytesExact(bytes: number): string {
  const units = ["TiB", "GiB", "MiB", "KiB"];
  const unit = units.find((name) => bytes > 0 && bytes % BYTES.get(name)! === 0);
  return unit === undefined ? String(bytes) : `${bytes / BYTES.get(unit)!}${unit}`;
}

function whole(value: number | undefined): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A plain decimal, a space or none, and a unit, which is the longest that any has. */
const FORM = /^(\d{1,20})(?:\.(\d{1,20}))? ?([A-Za-z%\u00B5\u03BC]{0,3})$/;

/** A number of units in the smallest one. Whole digits are multiplied, so that nothing is rounded twice. */
function scaled(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const [, digits, decimals = "", unit] = FORM.exec(text) ?? [];
  const factor = unit === undefined ? undefined : units.get(unit);
  if (digits === undefined || factor === undefined) return undefined;
  // A space belongs before a unit.
  if (unit === "" && text.endsWith(" ")) return undefined;
  const product = BigInt(digits + decimals) * BigInt(factor);
  return quotient(product, 10n ** BigInt(decimals.length));
}

/** `a / b`, exact where a number can be. */
function quotient(a: bigint, b: bigint): number {
  return a % b === 0n ? Number(a / b) : Number(a) / Number(b);
}
