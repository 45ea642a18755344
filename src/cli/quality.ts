/**
 * Measures the intervals, the gate and the judging of histories by simulation, and writes
 * `reports/quality.md`. Its last section is of real sessions (quality_sessions.ts); with the argument
 * `sessions` only that section is written anew, which takes no simulation.
 */
import { STANDARD } from "./streams.ts";
import { printable } from "../format/mod.ts";
import { simulateQuality } from "../analysis/mod.ts";
import { readRegularText, replaceFile } from "../disk/mod.ts";
import {
  buildQualityReport,
  buildRealSessions,
  REAL_SESSIONS_HEADING,
  toMarkdown,
} from "../report/mod.ts";
import { EXIT, knownFailure } from "./exit_code.ts";
import { readSessions, SESSIONS_FILE } from "./quality_file.ts";
import { UsageError } from "./usage_error.ts";

const FOLDER = "reports";
const FILE = `${FOLDER}/quality.md`;
/** The largest report that is read. */
const MOST_REPORT_BYTES = 16 * 1024 * 1024;
const SECTION = `\n## ${REAL_SESSIONS_HEADING}\n`;

function write(args: readonly string[]): void {
  const only = args[0] === "sessions" && args.length === 1;
  if (args.length > 0 && !only) {
    const given = JSON.stringify(args.join(" "));
    throw new UsageError(
      `Unknown argument ${given}: give none, or sessions for the last section alone`,
    );
  }
  // Before the minutes that it takes, not after them.
  Deno.mkdirSync(FOLDER, { recursive: true });
  const kept = readSessions(SESSIONS_FILE);
  const real = kept === undefined
    ? { skipped: `there is no ${SESSIONS_FILE}` }
    : { sessions: kept };
  replaceFile(
    FILE,
    only
      ? `${simulated()}\n${toMarkdown(buildRealSessions(real))}`
      : toMarkdown(buildQualityReport(simulateQuality(), real)),
  );
}

/** The report as it is, up to the section of real sessions. */
function simulated(): string {
  let text: string;
  try {
    text = readRegularText(FILE, MOST_REPORT_BYTES);
  } catch {
    throw new UsageError(`There is no ${FILE} yet: run deno task quality without an argument`);
  }
  const end = text.indexOf(SECTION);
  if (end < 0) {
    throw new UsageError(`${FILE} has no section of real sessions: run deno task quality`);
  }
  return text.slice(0, end);
}

if (import.meta.main) {
  const start = performance.now();
  try {
    write(Deno.args);
  } catch (error) {
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    STANDARD.error(`error: ${printable(failure.line)}\n`);
    Deno.exit(failure.code);
  }
  STANDARD.error(`${FILE}, in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  Deno.exit(EXIT.fine);
}
