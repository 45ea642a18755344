/** `import`: makes a result of what another tool measured, and its report. */
import { basename } from "node:path";
import { analyseResult } from "../../../analysis/mod.ts";
import { fileReason, RESULT_FILE } from "../../../disk/mod.ts";
import { importResult } from "../../../importers/mod.ts";
import {
  buildBaselineReport,
  placeReportFile,
  reportFiles,
  toConsole,
  toJson,
} from "../../../report/mod.ts";
import { type SuiteRecord, writeResult } from "../../../result/mod.ts";
import { type Suite, suiteRecord } from "../../../suite/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { freeDirectory, newDirectory, requireNewDirectory } from "../../new_files.ts";
import { VERSION } from "../../version.ts";
import { loadSuite } from "../../suites.ts";
import { printResult } from "../../print_result.ts";
import { UsageError } from "../../usage_error.ts";
import type { ImportFlags } from "./command.ts";

/** Runs the command. */
export async function runImport(
  paths: string[],
  flags: ImportFlags,
  { streams }: Call,
): Promise<number> {
  requireNewDirectory(flags.out);
  const suite = flags.suite === undefined ? undefined : await loadSuite(flags.suite);
  const result = importResult(paths, {
    format: flags.format,
    unit: flags.unit,
    store: flags.store,
    baselines: flags.baseline,
    suite: suite && judgingSuite(suite),
    operations: operationsOf(suite),
    version: VERSION,
    command: ["import", ...paths.map(lastPart), ...optionsOf(flags)],
  });
  // Everything is made before the first file is written.
  const analysis = analyseResult(result);
  const document = buildBaselineReport(result, analysis);
  const directory = flags.out ?? freeDirectory(result.id);
  const files = reportFiles(directory, document, result);
  newDirectory(directory);
  writeResult(`${directory}/${RESULT_FILE}`, result);
  for (const file of files) {
    try {
      placeReportFile(file, { createNew: true });
    } catch (error) {
      throw new UsageError(`Cannot write ${file.path}: ${fileReason(error)}`);
    }
  }
  if (flags.json) streams.out(toJson(result, analysis));
  const shown = { columns: streams.columns(), verbose: flags.verbose ?? false };
  printResult(streams, toConsole(result, analysis, shown), { taken: flags.json });
  streams.error(
    `\nResult: ${directory}/${RESULT_FILE}\nReport: ${directory}/report.md\n` +
      `        ${directory}/report.html\n`,
  );
  return analysis.targets.some(({ verdict }) => verdict === "missed") ? EXIT.missed : EXIT.fine;
}

/**
 * What a suite has to say of another tool's measurements: targets and published figures. Its prose
 * and its claims are about the stores that it names.
 */
function judgingSuite(suite: Suite): SuiteRecord {
  return {
    ...suiteRecord(suite),
    summary:
      `Measured by another tool, and judged by the targets of the suite ${suite.name}, whose ` +
      "claims are about its own stores and are left out.",
    claims: [],
    nextSteps: [],
  };
}

/** What each benchmark of the suite does, for outputs that do not say it of theirs. */
function operationsOf(suite: Suite | undefined) {
  return new Map((suite?.benchmarks ?? []).map(({ name, operation }) => [name, operation]));
}

/** A path without the way to it, which may name a user. */
function lastPart(path: string): string {
  return basename(path) || path;
}

/** The options that shape the result, as they would be written again. */
function optionsOf({ format, store, unit, baseline, suite }: ImportFlags): string[] {
  return Object.entries({ format, store, unit, baseline: baseline?.join(","), suite })
    .flatMap(([name, value]) => value === undefined ? [] : [`--${name}`, lastPart(value)]);
}
