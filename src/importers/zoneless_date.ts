/** Dates that tools print without a time zone. */

/**
 * A date without a zone, taken for UTC: `Wed Jan 11 09:00:00 2023` (C's ctime), or
 * `2024-03-01T08:00:00`.
 *
 * @returns `null` where it is none.
 */
export function utcOf(text: string): Date | null {
  const [, month, day, time, year] =
    text.match(/^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/) ?? [];
  const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}$/.test(text);
  const written = iso
    ? `${text.replace(" ", "T")}Z`
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
