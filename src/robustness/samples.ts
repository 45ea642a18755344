/** Real inputs to mutate: small, and with everything in them that the forms have. */
import { sampleResult, sampleStore, troubledResult } from "../analysis/_testing/sample_result.ts";
import { sampleRecords, sampleSession } from "../result/_testing/sample_journal.ts";
import type { JournalRecord, Result } from "../result/mod.ts";

/** A result with little in it, so that many can be read in a second. */
export function smallResult(seed = 1): Result {
  return shortened(sampleResult({
    stores: [sampleStore("raw", 1, {}, ["scan_throughput/1000", "read_throughput/10000"])],
    runs: 3,
    seed,
    observations: 300,
  }));
}

/** A result with what makes remarks: failed and interrupted runs, a busy machine. */
export function smallTroubledResult(): Result {
  return shortened(troubledResult());
}

/** At most five samples a run. */
function shortened(result: Result): Result {
  return {
    ...result,
    benchmarks: result.benchmarks.map((benchmark) => ({ ...benchmark, samples: 5 })),
    runs: result.runs.map((run) => ({ ...run, samples: run.samples.slice(0, 5) })),
  };
}

/** The journal that a result was made from. */
export function journalOf(result: Result): string {
  const { runs, complete: _, sessions: __, endedAt, ...head } = result;
  const records: unknown[] = [{ ...head, kind: "plan", schema: "tidemark.journal", version: 1 }];
  for (const run of runs) {
    const { benchmark, position, startedAt, store, clock, samples, latency, ...ended } = run;
    records.push({ kind: "run-started", benchmark, run: run.run, position, startedAt });
    if (store !== null) records.push({ kind: "run-opened", store, clock });
    records.push(...samples.map((sample) => ({ kind: "sample", ...sample })));
    if (latency !== null) records.push({ kind: "latency", ...latency });
    if (run.state === "interrupted") continue;
    const { run: _, superseded: __, ...end } = ended;
    records.push({ kind: "run-ended", ...end });
  }
  if (endedAt !== null) records.push({ kind: "finished", endedAt });
  return linesOf(records);
}

/** A journal with a failed run, and one that was gone on with. */
export function sampleJournals(): string[] {
  const resumed: JournalRecord[] = [...sampleRecords.slice(0, -2), sampleSession];
  return [linesOf(sampleRecords), linesOf(resumed)];
}

/** Records as JSON lines. */
export function linesOf(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
