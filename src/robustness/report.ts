/** Writes `reports/robustness.md` from the counts that the fuzzers and the torture left. */
import { EXIT, knownFailure } from "../cli/exit_code.ts";
import { STANDARD } from "../cli/streams.ts";
import { replaceFile } from "../disk/mod.ts";
import { printable } from "../format/mod.ts";
import { toMarkdown } from "../report/mod.ts";
import {
  FUZZ_FILE,
  type FuzzRow,
  readCounts,
  type ReleaseRow,
  RELEASES_FILE,
  TORTURE_FILE,
  type TortureRow,
} from "./counts.ts";
import { buildRobustnessReport } from "./robustness_report.ts";

const FILE = "reports/robustness.md";

if (import.meta.main) {
  try {
    const document = buildRobustnessReport({
      fuzz: readCounts<FuzzRow[]>(FUZZ_FILE) ?? [],
      torture: readCounts<TortureRow[]>(TORTURE_FILE) ?? [],
      releases: readCounts<ReleaseRow[]>(RELEASES_FILE) ?? [],
    });
    replaceFile(FILE, toMarkdown(document));
  } catch (error) {
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    STANDARD.error(`error: ${printable(failure.line)}\n`);
    Deno.exit(failure.code);
  }
  STANDARD.error(`${FILE}\n`);
  Deno.exit(EXIT.fine);
}
