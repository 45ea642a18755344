/** Text in columns for a terminal. */
import { table, tableToConsole } from "../report/mod.ts";

/** Text in columns, two spaces between, none at the end of a line. */
export function columns(headers: string[], rows: string[][]): string {
  return tableToConsole(table(headers, rows)).map((line) => `${line}\n`).join("");
}
