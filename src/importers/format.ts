/** The forms that can be imported, and how a text is told to be of one. */
import { isAsv, parseAsv } from "./asv.ts";
import { isBenchmarkSh, parseBenchmarkSh } from "./benchmark_sh.ts";
import { isDbBench, parseDbBenches } from "./db_bench.ts";
import { isFio, parseFios } from "./fio.ts";
import { isGoBenchmark, parseGoBenchmark } from "./go_benchmark.ts";
import { isGoYcsb, parseGoYcsbs } from "./go_ycsb.ts";
import { isGoogleBenchmark, parseGoogleBenchmark } from "./google_benchmark.ts";
import { isHdrLog, parseHdrLogs } from "./hdr_log.ts";
import { isHyperfine, parseHyperfine } from "./hyperfine.ts";
import { cannotImport } from "./import_error.ts";
import type { Imported } from "./imported.ts";
import { isK6, parseK6 } from "./k6.ts";
import { eachObject, type JsonObject, jsonObjectIn, looksLikeJson } from "./json_file.ts";
import { otherStyle } from "./other_styles.ts";
import { isPytestBenchmark, parsePytestBenchmark } from "./pytest_benchmark.ts";
import type { TextFile } from "./text_file.ts";
import { isYcsb, parseYcsbs } from "./ycsb.ts";

/** Units that the values of an HDR histogram log can have. */
export type HdrUnit = "ns" | "us" | "ms" | "s";

interface TextFormat {
  /** @param json The object that the text is or has, `null` where it has none. */
  is(text: string, json: JsonObject | null): boolean;
  /** An output for each process whose output is in the file. */
  parse(file: TextFile, unit?: HdrUnit): Imported | Imported[];
}

/** A parser of one object as one of a file, which may have several. */
function ofObjects(parse: (file: TextFile) => Imported | Imported[]): TextFormat["parse"] {
  return (file) => eachObject(file, parse);
}

const TEXT_FORMATS = {
  "db_bench": { is: isDbBench, parse: parseDbBenches },
  "benchmark.sh": { is: isBenchmarkSh, parse: parseBenchmarkSh },
  "ycsb": { is: isYcsb, parse: parseYcsbs },
  "go-ycsb": { is: isGoYcsb, parse: parseGoYcsbs },
  "hdr": { is: isHdrLog, parse: parseHdrLogs },
  "go": { is: isGoBenchmark, parse: parseGoBenchmark },
  "google-benchmark": {
    is: (_, json) => isGoogleBenchmark(json),
    parse: ofObjects(parseGoogleBenchmark),
  },
  "hyperfine": { is: (_, json) => isHyperfine(json), parse: ofObjects(parseHyperfine) },
  "pytest-benchmark": {
    is: (_, json) => isPytestBenchmark(json),
    parse: ofObjects(parsePytestBenchmark),
  },
  "asv": { is: (_, json) => isAsv(json), parse: ofObjects(parseAsv) },
  "fio": { is: (_, json) => isFio(json), parse: parseFios },
  "k6": { is: (_, json) => isK6(json), parse: ofObjects(parseK6) },
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
  const json = jsonObjectIn(text);
  const found = names.filter((format) => (TEXT_FORMATS[format] as TextFormat).is(text, json));
  const [format] = found;
  if (format !== undefined && found.length === 1) return format;
  if (/^(sample|estimates|tukey|benchmark)\.json$/.test(name)) {
    throw cannotImport(path, "it is one file of criterion's; name its target/criterion");
  }
  if (text.trim() === "") {
    throw cannotImport(path, "it is empty; name what the tool printed when it had ended");
  }
  const other = found.length === 0 ? otherStyle(text) : null;
  if (other !== null) throw cannotImport(path, other);
  if (json === null && found.length === 0 && looksLikeJson(text)) {
    throw cannotImport(
      path,
      "it is no whole JSON; let its tool come to its end, and name all of it",
    );
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
