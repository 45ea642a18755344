/**
 * Numbers with their units as text, for sentences and for every writer of a report. One place, so
 * that a number reads the same wherever it stands.
 */
import { format as formatByteCount } from "@std/fmt/bytes";

/** A value and where its interval begins and ends, all in one unit. */
export interface Range {
  value: number;
  low: number;
  high: number;
}

/** What stands where a number is not finite. */
const NOT_A_NUMBER = "not a number";

/** Significant digits of times and rates. */
const TIME_DIGITS = 4;
const RATE_DIGITS = 5;

/** Digits after the point that leave `digits` significant ones, at least 0. */
function decimals(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  // Rounded first: 9.9996 with four digits is 10.00, not 10.000.
  const rounded = Number(Math.abs(value).toPrecision(digits));
  return Math.min(20, Math.max(0, digits - 1 - Math.floor(Math.log10(rounded))));
}

/** Formatters by the places that they write: to make one takes longer than to use it a hundred times. */
const formatters = new Map<number, Intl.NumberFormat>();

function separated(value: number, places: number): string {
  let formatter = formatters.get(places);
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat("en-US", {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    });
    formatters.set(places, formatter);
  }
  return formatter.format(value);
}

/**
 * A number with thousands separators, rounded to some significant digits.
 *
 * @param value Any number.
 * @param digits Significant digits.
 * @returns E.g. `104,290` for 104291.6 with 5.
 */
export function formatNumber(value: number, digits: number): string {
  if (!Number.isFinite(value)) return NOT_A_NUMBER;
  return separated(Number(value.toPrecision(digits)), decimals(value, digits));
}

/** A count with thousands separators: `10,000`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? separated(Math.round(count), 0) : NOT_A_NUMBER;
}

/** A unit of time: its name, and how many nanoseconds it has. */
interface TimeUnit {
  name: string;
  ns: number;
}

const SECOND: TimeUnit = { name: "s", ns: 1e9 };
const SMALLER: TimeUnit[] = [
  { name: "ps", ns: 1e-3 },
  { name: "ns", ns: 1 },
  { name: "µs", ns: 1e3 },
  { name: "ms", ns: 1e6 },
];

/** The largest unit in which a time is at least 1, once it is rounded to the digits shown. */
function timeUnit(ns: number, digits = TIME_DIGITS): TimeUnit {
  const rounded = Number(Math.abs(ns).toPrecision(digits));
  return SMALLER.find((unit) => rounded < unit.ns * 1000) ?? SECOND;
}

/**
 * A duration in the unit that suits it.
 *
 * @param ns Nanoseconds.
 * @param digits Significant digits.
 * @returns E.g. `10.37 µs`.
 */
export function formatTime(ns: number, digits = TIME_DIGITS): string {
  if (!Number.isFinite(ns)) return NOT_A_NUMBER;
  if (ns === 0) return "0 ns";
  const unit = timeUnit(ns, digits);
  return `${formatNumber(ns / unit.ns, digits)} ${unit.name}`;
}

/** A whole figure for a bound that somebody set, without digits it does not need: `5 ms`. */
export function formatTimeBound(ns: number): string {
  if (!Number.isFinite(ns)) return NOT_A_NUMBER;
  const unit = timeUnit(ns);
  return `${(ns / unit.ns).toLocaleString("en-US", { maximumFractionDigits: 6 })} ${unit.name}`;
}

/** The unit of rates. */
export const RATE_UNIT = "ops/s";

/** A rate: `104,290 ops/s`. */
export function formatRate(perSecond: number): string {
  return `${formatNumber(perSecond, RATE_DIGITS)} ${RATE_UNIT}`;
}

/** A rate that somebody stated, without rounding it: `185,758 ops/s`. */
export function formatRateBound(perSecond: number): string {
  return `${perSecond.toLocaleString("en-US", { maximumFractionDigits: 6 })} ${RATE_UNIT}`;
}

/**
 * Quantities that follow one another, where all have one unit with that behind the last alone: `3.4`, `27`
 * and `130 µs`. Of several units each keeps its own.
 */
export function unitOnce(quantities: readonly string[]): string[] {
  const parts = quantities.map((text) => /^([^ ]+) ([^ ]+)$/.exec(text));
  const [first] = parts;
  if (!parts.every((part) => part !== null && part[2] === first![2])) return [...quantities];
  return parts.map((part, i) => i === parts.length - 1 ? part![0] : part![1]!);
}

/** A value and its interval as texts, for writers that set the two apart. */
export interface RangeText {
  /** The value with its unit. */
  text: string;
  /** From one end to the other; a value without a width has none. */
  interval?: string;
}

/** Both in one line: `10.37 µs (10.04–10.76)`. */
export function joinRange({ text, interval }: RangeText): string {
  return interval === undefined ? text : `${text} (${interval})`;
}

/**
 * A duration and its interval: `10.37 µs` and `10.04–10.76`. Where an end suits another unit than the
 * value, each end has its own: `28.05 µs` and `56.25 ns–13.99 ms`.
 */
export function timeRangeText(range: Range): RangeText {
  const { value, low, high } = range;
  if (value === 0 || !Number.isFinite(value) || isWidthless(range)) {
    return { text: formatTime(value) };
  }
  const digits = TIME_DIGITS +
    digitsToTell(range, (ns, more) => formatTime(ns, TIME_DIGITS + more));
  const unit = timeUnit(value, digits);
  const text = formatTime(value, digits);
  if ([low, high].some((ns) => ns !== 0 && timeUnit(ns, digits) !== unit)) {
    return { text, interval: `${formatTime(low, digits)}–${formatTime(high, digits)}` };
  }
  const show = (ns: number) => formatNumber(ns / unit.ns, digits);
  return { text, interval: `${show(low)}–${show(high)}` };
}

/** Digits beyond the usual ones that an interval may need. */
const MOST_MORE_DIGITS = 4;
/** Ends that are as near to a value, as a fraction of it, differ by what arithmetic leaves. */
const NO_WIDTH = 1e-9;

/** Whether an interval has no width. */
function isWidthless({ value, low, high }: Range): boolean {
  return isSame(value, low) && isSame(value, high);
}

function isSame(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= NO_WIDTH * Math.abs(a);
}

/** How many more digits than usual it takes until both ends of an interval read otherwise than its value. */
function digitsToTell(
  { value, low, high }: Range,
  show: (value: number, more: number) => string,
): number {
  for (let more = 0; more < MOST_MORE_DIGITS; more++) {
    const text = show(value, more);
    if ([low, high].every((end) => isSame(value, end) || show(end, more) !== text)) return more;
  }
  return MOST_MORE_DIGITS;
}

/** A duration with its interval: `10.37 µs (10.04–10.76)`. */
export function formatTimeRange(range: Range): string {
  return joinRange(timeRangeText(range));
}

/** A rate and its interval: `104,290 ops/s` and `103,170–105,320`. */
export function rateRangeText(range: Range): RangeText {
  const { text, ...interval } = numberRangeText(range);
  return { text: `${text} ${RATE_UNIT}`, ...interval };
}

/** A rate with its interval: `104,290 ops/s (103,170–105,320)`. */
export function formatRateRange(range: Range): string {
  return joinRange(rateRangeText(range));
}

/** A rate and its interval under a header that has the unit: `104,290` and `103,170–105,320`. */
export function numberRangeText(range: Range): RangeText {
  const { value, low, high } = range;
  const of = (rate: number, more: number) => formatNumber(rate, RATE_DIGITS + more);
  const more = digitsToTell(range, of);
  const show = (rate: number) => of(rate, more);
  if (isWidthless(range)) return { text: show(value) };
  return { text: show(value), interval: `${show(low)}–${show(high)}` };
}

/** A rate with its interval under a header that has the unit: `104,290 (103,170–105,320)`. */
export function formatNumberRange(range: Range): string {
  return joinRange(numberRangeText(range));
}

/**
 * A factor's number alone: two decimals below 10, one below 100, none above; small ones two digits.
 *
 * @param more Digits beyond these.
 */
function factorNumber(factor: number, more = 0): string {
  if (!Number.isFinite(factor)) return NOT_A_NUMBER;
  const size = Math.abs(factor);
  if (size < 1) return formatNumber(factor, 2 + more);
  return separated(factor, (size < 9.995 ? 2 : size < 99.95 ? 1 : 0) + more);
}

/** A factor: `10.4×`. */
export function formatFactor(factor: number): string {
  return `${factorNumber(factor)}×`;
}

/** A factor and its interval: `10.4×` and `10.3–10.5`. */
export function factorRangeText(range: Range): RangeText {
  const { value, low, high } = range;
  if (isWidthless(range)) return { text: formatFactor(value) };
  const more = digitsToTell(range, factorNumber);
  const show = (factor: number) => factorNumber(factor, more);
  return { text: `${show(value)}×`, interval: `${show(low)}–${show(high)}` };
}

/** A factor with its interval: `10.4× (10.3–10.5)`. */
export function formatFactorRange(range: Range): string {
  return joinRange(factorRangeText(range));
}

/** From one factor to another, once where both read the same: `1.9× to 2.4×`. */
export function formatFactorSpan(low: number, high: number): string {
  return formatSpan(low, high, formatFactor);
}

/** From the least to the most, `0.3% to 5.9%`; once where both read the same. */
export function formatSpan(
  least: number,
  most: number,
  format: (value: number) => string,
): string {
  const [low, high] = [format(least), format(most)];
  return low === high ? low : `${low} to ${high}`;
}

/** A share as a percentage with two significant digits: `5.9%`, `0.031%`, `100%`. */
export function formatPercent(share: number): string {
  return percentText(share, 0);
}

/** @param more Digits beyond two. */
function percentText(share: number, more: number): string {
  if (!Number.isFinite(share)) return NOT_A_NUMBER;
  const percent = share * 100;
  if (percent === 0) return "0%";
  const whole = Math.abs(percent) >= 99.5;
  return `${whole ? separated(percent, more) : formatNumber(percent, 2 + more)}%`;
}

/** A share that somebody set, as a percentage without digits it does not need: `95%`, `99.5%`. */
export function formatPercentBound(share: number): string {
  return `${(share * 100).toLocaleString("en-US", { maximumFractionDigits: 6 })}%`;
}

/** A relative change below this is what arithmetic leaves, or what no clock can tell. */
const NO_CHANGE = 1e-6;

/** A relative change from this on is told as a factor: nobody reads thousands of percent. */
const FACTOR_FROM = 10;
/** A factor beyond this says of runs that differ so much only that they do. */
const MOST_FACTOR = 10_000;

/**
 * A relative change with its sign, the minus being U+2212: `+3.2%`, `−0.51%`, `0%`; one of tenfold and
 * more as a factor: `23.4×`, `more than 10,000×`.
 */
export function formatChange(change: number): string {
  return changeText(change, 0);
}

/** @param more Digits beyond two. */
function changeText(change: number, more: number): string {
  if (!Number.isFinite(change)) return NOT_A_NUMBER;
  if (Math.abs(change) < NO_CHANGE) return "0%";
  if (change > MOST_FACTOR) return `more than ${formatFactor(MOST_FACTOR)}`;
  if (change >= FACTOR_FROM) return `${factorNumber(1 + change, more)}×`;
  return `${change < 0 ? "\u2212" : "+"}${percentText(Math.abs(change), more)}`;
}

/**
 * A relative change and its interval: `+3.2%` and `−0.10% to +6.6%`, with as many digits as tell the ends
 * from the change; of one that is the same in all runs that it is exact.
 */
export function changeRangeText(range: Range): RangeText {
  const { value, low, high } = range;
  if ([low, high].every((end) => Math.abs(end - value) < NO_CHANGE)) {
    return { text: formatChange(value), interval: "exact" };
  }
  const more = digitsToTell(range, changeText);
  const [text, from, to] = [value, low, high].map((change) => changeText(change, more));
  return { text: text!, interval: `${from} to ${to}` };
}

/** A relative change with its interval: `+3.2% (−0.10% to +6.6%)`. */
export function formatChangeRange(range: Range): string {
  return joinRange(changeRangeText(range));
}

/** A p-value with two significant digits; of very small ones only that they are: `p < 0.0001`. */
export function formatP(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p = ${formatNumber(p, 2)}`;
}

/** Bytes in binary units: `1 KiB`, `9.77 MiB`. */
export function formatBytes(bytes: number): string {
  // Deno std writes kiB; the unit's name is KiB (IEC 80000-13).
  return Number.isFinite(bytes)
    ? formatByteCount(Math.round(bytes), { binary: true }).replace("kiB", "KiB")
    : NOT_A_NUMBER;
}

/** The day of an ISO 8601 time in UTC, `2025-12-10`; a text that is no time is given back as it is. */
export function formatDay(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString().slice(0, 10);
}

/** A time to the minute in UTC, `2025-12-10 14:03 UTC`; a text that is no time stays as it is. */
export function formatMinute(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A moment to its second, in UTC; a text that is none as it is. */
export function formatSecond(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A count with its noun: `1 run`, `3 runs`. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : several}`;
}

/** A list in prose: `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[], conjunction = "and"): string {
  if (words.length <= 1) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** As {@linkcode joinWords}; of more than `most` words the first are named, and the others counted. */
export function joinSome(words: readonly string[], most: number): string {
  const more = words.length - most;
  return joinWords(more > 0 ? [...words.slice(0, most), `${formatCount(more)} more`] : words);
}

/** A text with its first letter as a sentence begins. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
