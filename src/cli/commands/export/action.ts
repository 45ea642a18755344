/** `export`: writes a result in the form of another tool. */
import { dirname } from "node:path";
import { analyseResult } from "../../../analysis/mod.ts";
import { fileReason, makeFolder } from "../../../disk/mod.ts";
import { toCriterionTree, toGoBenchmark, toMetricsCsv, toSamplesCsv } from "../../../report/mod.ts";
import type { Result } from "../../../result/mod.ts";
import { readAny } from "../../read_any.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import {
  newDirectory,
  requireNewDirectory,
  requireNewFile,
  writeNewFile,
} from "../../new_files.ts";
import type { Streams } from "../../streams.ts";
import { UsageError } from "../../usage_error.ts";
import type { ExportFlags, ExportFormat } from "./command.ts";

/** The forms of one text. */
const TEXTS: Record<Exclude<ExportFormat, "criterion">, (result: Result) => string> = {
  "go": toGoBenchmark,
  "csv": (result) => toMetricsCsv(analyseResult(result)),
  "samples-csv": toSamplesCsv,
};

/** Runs the command. */
export function runExport(path: string, flags: ExportFlags, { streams }: Call): number {
  const { format, out } = flags;
  if (format === "criterion") requireNewDirectory(out);
  else requireNewFile(out);
  const result = readAny(path);
  if (format === "criterion") {
    if (out === undefined) {
      throw new UsageError("Cannot print a tree of files: name a new directory with --out");
    }
    writeTree(result, out, streams);
    return EXIT.fine;
  }
  const text = TEXTS[format](result);
  if (out === undefined) streams.out(text);
  else writeNewFile(out, text);
  return EXIT.fine;
}

function writeTree(result: Result, out: string, streams: Streams): void {
  const files = toCriterionTree(result);
  if (files.length === 0) {
    throw new UsageError(
      "Cannot export to criterion's form: no run has the two samples that its estimates need",
    );
  }
  newDirectory(out);
  for (const { path, text } of files) {
    const file = `${out}/${path}`;
    try {
      makeFolder(dirname(file));
    } catch (error) {
      throw new UsageError(`Cannot write ${file}: ${fileReason(error)}`);
    }
    writeNewFile(file, text);
  }
  const benchmarks = files.filter((file) => file.path.endsWith("/new/sample.json")).length;
  const left = result.benchmarks.length - benchmarks;
  streams.out(
    `Wrote ${benchmarks} benchmarks to ${out}` +
      (left === 0 ? "\n" : `; ${left} have no run with two samples, and are left out\n`),
  );
}
