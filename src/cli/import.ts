/** `import`: makes a result of what another tool measured, and its report. */
import { basename } from "node:path";
import { analyseResult } from "../analysis/mod.ts";
import { fileReason, RESULT_FILE } from "../disk/mod.ts";
import { FORMATS, type HdrUnit, importResult } from "../importers/mod.ts";
import {
  buildBaselineReport,
  placeReportFile,
  reportFiles,
  toConsole,
  toJson,
} from "../report/mod.ts";
import { type SuiteRecord, writeResult } from "../result/mod.ts";
import { type Suite, suiteRecord } from "../suite/mod.ts";
import { EXIT } from "./exit_code.ts";
import { freeDirectory, newDirectory } from "./new_files.ts";
import { VERSION } from "./version.ts";
import type { Streams } from "./streams.ts";
import { listWithSuggestion } from "./suggest.ts";
import { loadSuite } from "./suites.ts";
import { UsageError } from "./usage_error.ts";

/** The options of `import`, as they are written. */
export interface ImportFlags {
  format?: string;
  store?: string;
  unit?: string;
  baseline?: string[];
  suite?: string;
  out?: string;
  json?: boolean;
}

const UNITS: readonly HdrUnit[] = ["ns", "us", "ms", "s"];

/** Runs the command. */
export async function importCommand(
  paths: string[],
  flags: ImportFlags,
  streams: Streams,
): Promise<number> {
  const format = oneOf("form", flags.format, FORMATS);
  const unit = oneOf("unit", flags.unit, UNITS);
  if (flags.store !== undefined) requireStoreName(flags.store);
  const suite = flags.suite === undefined ? undefined : await loadSuite(flags.suite);
  const result = importResult(paths, {
    format,
    unit,
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
  streams.error(toConsole(result, analysis));
  streams.error(
    `\nResult: ${directory}/${RESULT_FILE}\nReport: ${directory}/report.md\n` +
      `        ${directory}/report.html\n`,
  );
  return analysis.targets.some(({ verdict }) => verdict === "missed") ? EXIT.missed : EXIT.fine;
}

function oneOf<T extends string>(
  what: string,
  given: string | undefined,
  known: readonly T[],
): T | undefined {
  if (given === undefined) return undefined;
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new UsageError(
    `Unknown ${what} ${JSON.stringify(given)}: ${listWithSuggestion(given, known)}`,
  );
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

function requireStoreName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && !/^null(-async)?$/.test(name)) return;
  throw new UsageError(
    `Cannot name a store ${JSON.stringify(name)}: use letters, digits, dots, dashes and ` +
      "underscores, begin with a letter or digit, and leave null to calibration",
  );
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
