/** Measures the intervals and the gate by simulation, and writes `reports/quality.md`. */
import { simulateQuality } from "../analysis/mod.ts";
import { buildQualityReport, toMarkdown } from "../report/mod.ts";
import { readSessions, SESSIONS_FILE } from "./quality_file.ts";

const FOLDER = "reports";
const FILE = `${FOLDER}/quality.md`;

if (import.meta.main) {
  const start = performance.now();
  // Before the minutes that it takes, not after them.
  Deno.mkdirSync(FOLDER, { recursive: true });
  const sessions = readSessions(SESSIONS_FILE);
  const document = buildQualityReport(
    simulateQuality(),
    sessions === undefined ? { skipped: `there is no ${SESSIONS_FILE}` } : { sessions },
  );
  Deno.writeTextFileSync(FILE, toMarkdown(document));
  console.error(`${FILE}, in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
