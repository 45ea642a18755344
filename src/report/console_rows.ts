/** Lines of measured values for a terminal, as benchstat has them: a name, a metric, a value, a verdict. */
import { seenLength, wrapWords } from "../format/mod.ts";

/** A line; its texts may be styled but for the name and the metric, which are padded. */
export interface ConsoleRow {
  name: string;
  metric: string;
  value: string;
  /** Empty where there is none. */
  verdict: string;
}

/**
 * A line a row, values below one another; what is too long goes on under its value.
 *
 * @param columns Letters in a line.
 */
export function rowsToConsole(rows: readonly ConsoleRow[], columns: number): string[] {
  const [name, metric] = (["name", "metric"] as const).map((part) =>
    Math.max(0, ...rows.map((row) => row[part].length))
  ) as [number, number];
  return rows.map((row) => {
    const start = `  ${row.name.padEnd(name)}  ${row.metric.padEnd(metric)}  `;
    // Where half of a line is names, values have lines of their own.
    const below = start.length > columns / 2 + 4;
    const indent = " ".repeat(below ? 6 : start.length);
    const value = wrapWords((below ? indent : start) + row.value, columns, indent);
    const named = wrapWords(`  ${row.name} ${row.metric}`, columns, "    ");
    const text = below ? `${named}\n${value}` : value;
    if (row.verdict === "") return text;
    // The mark stays with its word.
    const last = seenLength(text.slice(text.lastIndexOf("\n") + 1));
    const fits = last + 2 + seenLength(row.verdict) <= columns;
    return fits ? `${text}  ${row.verdict}` : `${text}\n${indent}${row.verdict}`;
  });
}
