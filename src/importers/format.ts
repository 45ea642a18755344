/** The forms that can be imported, and how a text is told to be of one. */
import { isBenchmarkSh, parseBenchmarkSh } from "./benchmark_sh.ts";
import { isDbBench, parseDbBench } from "./db_bench.ts";
import { isGoBenchmark, parseGoBenchmark } from "./go_benchmark.ts";
import { isGoYcsb, parseGoYcsb } from "./go_ycsb.ts";
import { isHdrLog, parseHdrLog } from "./hdr_log.ts";
import { cannotImport } from "./import_error.ts";
import type { Imported } from "./imported.ts";
import type { TextFile } from "./text_file.ts";
import { isYcsb, parseYcsb } from "./ycsb.ts";

/** Units that the values of an HDR histogram log can have. */
export type HdrUnit = "ns" | "us" | "ms" | "s";

interface TextFormat {
  is(text: string): boolean;
  /** An output for each process whose output is in the file. */
  parse(file: TextFile, unit?: HdrUnit): Imported | Imported[];
}

const TEXT_FORMATS = {
  "db_bench": { is: isDbBench, parse: parseDbBench },
  "benchmark.sh": { is: isBenchmarkSh, parse: parseBenchmarkSh },
  "ycsb": { is: isYcsb, parse: parseYcsb },
  "go-ycsb": { is: isGoYcsb, parse: parseGoYcsb },
  "hdr": { is: isHdrLog, parse: parseHdrLog },
  "go": { is: isGoBenchmark, parse: parseGoBenchmark },
} satisfies Record<string, TextFormat>;

/** Name of a form whose output is one text. */
export type TextFormatName = keyof typeof TEXT_FORMATS;

/** Name of a form that can be imported. */
export type FormatName = TextFormatName | "criterion";

/** All forms. */
export const FORMATS: readonly FormatName[] = [
  "criterion",
  ...Object.keys(TEXT_FORMATS) as TextFormatName[],
];

/**
 * The form of a text, by what only that form has.
 *
 * @throws {ResultError} Where it has the marks of none, or of several.
 */
export function detectFormat({ path, name, text }: TextFile): TextFormatName {
  const names = Object.keys(TEXT_FORMATS) as TextFormatName[];
  const found = names.filter((format) => TEXT_FORMATS[format].is(text));
  const [format] = found;
  if (format !== undefined && found.length === 1) return format;
  if (/^(sample|estimates|tukey|benchmark)\.json$/.test(name)) {
    throw cannotImport(path, "it is one file of criterion's; name its target/criterion");
  }
  throw cannotImport(
    path,
    found.length === 0
      ? `it is of no form that is known; there is ${FORMATS.join(", ")}`
      : `it may be ${found.join(" or ")}; say which with --format`,
  );
}

/** Reads a text of a form, which may hold the outputs of several processes. */
export function parseText(format: TextFormatName, file: TextFile, unit?: HdrUnit): Imported[] {
  return [TEXT_FORMATS[format].parse(file, unit)].flat();
}
