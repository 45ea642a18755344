/**
 * Measures the intervals, the gate and the judging of histories by simulation, and writes
 * `reports/quality.md`. What was simulated is kept in `reports/quality.json`, part by part, so that one
 * part can be simulated anew without the others; the last section is of real sessions
 * (quality_sessions.ts), and `sessions` writes the report without simulating anything.
 */
import { STANDARD } from "./streams.ts";
import { printable, suggest } from "../format/mod.ts";
import { QUALITY_PARTS, type QualityPart, simulatePart } from "../analysis/mod.ts";
import { replaceFile } from "../disk/mod.ts";
import { buildQualityReport, toMarkdown } from "../report/mod.ts";
import { EXIT, knownFailure } from "./exit_code.ts";
import {
  QUALITY_FILE,
  readQuality,
  readSessions,
  SESSIONS_FILE,
  writeQuality,
} from "./quality_file.ts";
import { UsageError } from "./usage_error.ts";

const FOLDER = "reports";
const FILE = `${FOLDER}/quality.md`;
const SEED = 1;
/** What asks for the report alone. */
const SESSIONS = "sessions";

/** The parts that are asked for: all where none is named. @throws {UsageError} */
function partsOf(args: readonly string[]): readonly QualityPart[] {
  if (args.length === 0) return QUALITY_PARTS;
  const names = [...QUALITY_PARTS, SESSIONS];
  const odd = args.find((arg) => !(names as string[]).includes(arg));
  if (odd !== undefined) {
    const meant = suggest(odd, names);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new UsageError(
      `There is no part ${JSON.stringify(odd)} of the report${hint}; name none for all of it, or ` +
        `some of ${names.join(", ")}`,
    );
  }
  return QUALITY_PARTS.filter((part) => args.includes(part));
}

function write(args: readonly string[]): void {
  const parts = partsOf(args);
  Deno.mkdirSync(FOLDER, { recursive: true });
  // Before the minutes that it takes, not after them.
  const sessions = readSessions(SESSIONS_FILE);
  const quality = (parts.length < QUALITY_PARTS.length && readQuality(QUALITY_FILE)) ||
    { seed: SEED };
  for (const part of parts) {
    const start = performance.now();
    Object.assign(quality, { [part]: simulatePart(part, quality.seed) });
    // Each as it is done: who ends it keeps what was simulated.
    writeQuality(QUALITY_FILE, quality);
    STANDARD.error(`${part}, in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
  const real = sessions === undefined ? { skipped: `there is no ${SESSIONS_FILE}` } : { sessions };
  replaceFile(FILE, toMarkdown(buildQualityReport(quality, real)));
  STANDARD.out(`${FILE}\n`);
}

if (import.meta.main) {
  try {
    write(Deno.args);
  } catch (error) {
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    STANDARD.error(`error: ${printable(failure.line)}\n`);
    Deno.exit(failure.code);
  }
  Deno.exit(EXIT.fine);
}
