/**
 * go-ycsb's other styles (`-p outputstyle=json` and `table`), as the lines of its plain one:
 *
 * ```text
 * [{"Avg(us)":"690","Count":"10000","OPS":"855.2","Operation":"READ","Takes(s)":"11.7"}]
 *
 * | OPERATION | TAKES(S) | COUNT |  OPS  | AVG(US) |
 * | READ      |     11.7 | 10000 | 855.2 |     690 |
 * ```
 */
import { linesOf, type TextFile } from "./text_file.ts";

const JSON_LINE = /^\[\{"[^\n]*"Operation":"[^\n]*\}\]$/;
const TABLE_HEAD = /^\|\s*OPERATION\s*\|\s*TAKES\(S\)\s*\|/;

/** Whether a text has lines of one of these styles. */
export function isStyledGoYcsb(text: string): boolean {
  return /^\[\{"[^\n]*"Operation":"[^\n]*"Takes\(s\)":"/m.test(text) ||
    /^\|\s*OPERATION\s*\|\s*TAKES\(S\)\s*\|/m.test(text);
}

/** The file with plain lines; each stays in the line that it was in, but for those of a list. */
export function asPlainGoYcsb(file: TextFile): TextFile {
  if (!isStyledGoYcsb(file.text)) return file;
  let columns: string[] = [];
  const lines = linesOf(file.text).map((line) => {
    if (JSON_LINE.test(line)) return plainLines(line) ?? line;
    if (!line.startsWith("|")) return line;
    const cells = line.slice(1, -1).split("|").map((cell) => cell.trim());
    if (TABLE_HEAD.test(line)) {
      columns = cells.map(plainColumn);
      return "";
    }
    return cells.length === columns.length
      ? plainLine(new Map(columns.map((column, at) => [column, cells[at]!])))
      : line;
  });
  return { ...file, text: lines.join("\n") };
}

/** `null` where it is no list of objects of texts. */
function plainLines(line: string): string | null {
  let rows: unknown;
  try {
    rows = JSON.parse(line);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  return rows.map((row) =>
    plainLine(
      new Map(Object.entries(row ?? {}).map(([key, value]) => [key, String(value)])),
    )
  ).join("\n");
}

/** The writer of tables prints columns in capitals, and `99.9TH(US)` so. */
function plainColumn(name: string): string {
  const known = ["Operation", "Takes(s)", "Count", "OPS", "Avg(us)", "Min(us)", "Max(us)"];
  return known.find((column) => column.toUpperCase() === name) ?? name.toLowerCase();
}

function plainLine(cells: ReadonlyMap<string, string>): string {
  const { Operation: operation, "Takes(s)": takes, ...rest } = Object.fromEntries(cells);
  const figures = Object.entries(rest).map(([key, value]) => `${key}: ${value}`);
  return `${operation ?? ""} - ${[`Takes(s): ${takes ?? ""}`, ...figures].join(", ")}`;
}
