/** `compare`: what changed from one result to another. */
import { compareResults, openRows } from "../../../analysis/mod.ts";
import {
  buildComparisonReport,
  comparisonToConsole,
  comparisonToJson,
  toMarkdown,
} from "../../../report/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { gateCode, parseThresholds, writeGateFiles } from "../../gate.ts";
import { printResult } from "../../print_result.ts";
import { readComparable } from "../../read_any.ts";
import { strictCode } from "../../strict.ts";
import type { CompareFlags } from "./command.ts";

/** Runs the command. */
export function runCompare(
  base: string,
  candidate: string,
  flags: CompareFlags,
  { streams }: Call,
): number {
  const thresholds = parseThresholds(flags.threshold ?? []);
  const comparison = compareResults(
    { label: base, result: readComparable(base) },
    { label: candidate, result: readComparable(candidate) },
    { thresholds },
  );
  const code = gateCode(comparison);
  const shown = { columns: streams.columns(), verbose: flags.verbose ?? false };
  printResult(streams, comparisonToConsole(comparison, shown), {
    taken: flags.json || flags.markdown,
  });
  if (flags.json) streams.out(`${comparisonToJson(comparison)}\n`);
  else if (flags.markdown) streams.out(toMarkdown(buildComparisonReport(comparison)));
  writeGateFiles(comparison, flags);
  return code === EXIT.fine ? strictCode(flags.strict, openRows(comparison), streams) : code;
}
