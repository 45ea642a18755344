/** Text in columns, two spaces between, none at the end of a line. */
export function columns(headers: string[], rows: string[][]): string {
  const table = [headers, ...rows];
  const widths = headers.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  return table.map((row) =>
    `${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()}\n`
  ).join("");
}
