/** Dates that tools print, with a time zone or without one. */

/**
 * A date without a zone, taken for UTC: `Wed Jan 11 09:00:00 2023` (C's ctime),
 * `2024-03-01T08:00:00`, `2022-06-2T05:11:54` (benchmark.sh of RocksDB 7) or `2015/03/17-18:40:25`
 * (in google/benchmark's own documents).
 *
 * @returns `null` where it is none.
 */
export function utcOf(text: string): Date | null {
  const [, month, day, time, year] =
    text.match(/^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/) ?? [];
  const [, ...parts] = text.match(/^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T -](\d{2}:\d{2}:\d{2})$/) ??
    [];
  const [numbers, clock] = [parts.slice(0, 3).map((part) => part.padStart(2, "0")), parts[3]];
  const written = clock !== undefined
    ? `${numbers.join("-")}T${clock}Z`
    : month === undefined
    ? ""
    : `${day} ${month} ${year} ${time} UTC`;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** What a reader of such a date has to know, as a sentence. */
export function zonelessWarning(tool: string): string {
  return `${tool} prints its date without a time zone: it is taken for UTC.`;
}

/**
 * A date that a tool states: ISO 8601 with a zone, or one without that {@linkcode utcOf} reads.
 *
 * @returns `null` where it is none.
 */
export function statedDate(text: string): { at: Date; zoneless: boolean } | null {
  const whole = text.replace(/\.\d{1,9}(?=Z|[+-]\d{2}:\d{2}$|$)/, "");
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(whole)) {
    const at = dateAt(Date.parse(whole));
    return at && { at, zoneless: false };
  }
  const at = utcOf(whole);
  return at && { at, zoneless: true };
}

/** The end of the year 9999, ms since the epoch: beyond it ISO 8601 has another form. */
const LATEST_MS = 253_402_300_799_000;

/** A time in ms since the epoch as a date; `null` where no clock can have given it. */
export function dateAt(ms: number): Date | null {
  return ms > 0 && ms <= LATEST_MS ? new Date(ms) : null;
}

/** When what began at a date and took so long was over, as far as there are dates. */
export function dateAfter(began: Date, ms: number): Date {
  return new Date(Math.min(LATEST_MS, began.getTime() + ms));
}
