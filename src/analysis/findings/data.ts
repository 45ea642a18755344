/**
 * Where the data was while it was read or written, from what the engine said at the end of a run.
 * The engine is asked once, so only what follows from that moment is said.
 */
import type { RunRecord } from "../../result/mod.ts";
import { OPERATIONS } from "../../workload/mod.ts";
import { formatBytes, formatSpan, joinWords, plural } from "../../format/mod.ts";
import type { MeasuredBenchmark } from "../benchmark.ts";
import { factOf } from "../run_conditions.ts";
import { extremes, type TellFinding } from "./context.ts";

const FILES_SIZE = "liveFileBytes";
const MEMTABLES_SIZE = "memtableBytes";
const PENDING_BYTES = "pendingCompactionBytes";
const RUNNING_COMPACTIONS = "runningCompactions";

/** A used run with the size of its files at the end; runs that do not say are left out. */
interface RunWithFiles {
  store: string;
  run: RunRecord;
  bytes: number;
}

function runsWithFiles(
  measured: readonly MeasuredBenchmark[],
  { writes }: { writes: boolean },
): RunWithFiles[] {
  return measured.flatMap(({ record, runs }) => {
    const { operation } = record.workload;
    if (operation === null || OPERATIONS[operation].writes !== writes) return [];
    return runs.flatMap((run) => {
      const bytes = factOf(run, FILES_SIZE);
      return bytes === null ? [] : [{ store: record.store, run, bytes }];
    });
  });
}

/** Loads have operations of several kinds, and trees of their own: a sentence of all others says so. */
function loadsApart(measured: readonly MeasuredBenchmark[]): string {
  return measured.some(({ record }) => record.workload.load !== undefined)
    ? ", those of loads apart,"
    : "";
}

/** Whether all of them are of engines with memtables and SST files: others keep files of other kinds. */
function haveMemtables(runs: readonly RunWithFiles[]): boolean {
  return runs.every(({ run }) => factOf(run, MEMTABLES_SIZE) !== null);
}

const storesOf = (runs: readonly RunWithFiles[]) => [...new Set(runs.map(({ store }) => store))];

/** Reads that no file took part in. */
export const dataInMemory: TellFinding = ({ measured }) => {
  const reads = runsWithFiles(measured, { writes: false });
  const stores = storesOf(reads).filter((store) =>
    reads.every((read) => read.store !== store || read.bytes === 0)
  );
  const own = reads.filter(({ store }) => stores.includes(store));
  if (own.length === 0) return null;
  const memory = extremes(
    own.flatMap(({ run }) => factOf(run, MEMTABLES_SIZE) ?? []),
    (bytes) => bytes,
  );
  const apart = loadsApart(measured);
  const readers = joinWords(stores);
  return {
    id: "data-in-memory",
    topic: "data",
    severity: "info",
    about: stores,
    condition: `${FILES_SIZE} was 0 at the end of every read and scan run of a store`,
    numbers: { runs: own.length, ...(memory && { mostMemtableBytes: memory.most }) },
    text: `All reads and scans of ${readers}${apart} came from memtables: no SST file existed at ` +
      `the end of ${anyRun(own.length)}, so neither files nor block cache took part` +
      (memory === null ? "." : `, and the memtables held up to ${formatBytes(memory.most)}.`),
  };
};

/** `any of 5 runs`, `the one run`. */
function anyRun(runs: number): string {
  return runs === 1 ? "the one run" : `any of ${plural(runs, "run")}`;
}

/** Reads that may have come from files. */
export const dataInFiles: TellFinding = ({ measured }) => {
  const reads = runsWithFiles(measured, { writes: false });
  const filed = reads.filter(({ bytes }) => bytes > 0);
  const span = extremes(filed, ({ bytes }) => bytes);
  if (span === null) return null;
  const stores = storesOf(filed);
  const all = reads.filter(({ store }) => stores.includes(store)).length;
  const sizes = formatSpan(span.least, span.most, formatBytes);
  const readers = joinWords(stores);
  return {
    id: "data-in-files",
    topic: "data",
    severity: "info",
    about: stores,
    condition: `${FILES_SIZE} was above 0 at the end of a read or scan run`,
    numbers: { runs: filed.length, of: all, leastBytes: span.least, mostBytes: span.most },
    text: `Of ${plural(all, "read and scan run")} of ${readers}, ${filed.length} ended with ` +
      `${sizes} in ${haveMemtables(filed) ? "SST files" : "files"}: their reads could come from ` +
      "these, and not from memory alone.",
  };
};

/** Writes that never left the memtable. */
export const writesNotFlushed: TellFinding = ({ measured }) => {
  const writes = runsWithFiles(measured, { writes: true });
  const stores = storesOf(writes).filter((store) =>
    writes.every((write) => write.store !== store || write.bytes === 0)
  );
  const own = writes.filter(({ store }) => stores.includes(store));
  if (own.length === 0) return null;
  const apart = loadsApart(measured);
  return {
    id: "writes-not-flushed",
    topic: "data",
    severity: "info",
    about: stores,
    condition: `${FILES_SIZE} was 0 at the end of every write run of a store`,
    numbers: { runs: own.length },
    text:
      `The writes of ${joinWords(stores)}${apart} stayed in memtables: no SST file existed at ` +
      `the end of ${anyRun(own.length)}, so the cost of flushes and compactions is not in them.`,
  };
};

/** Writes that were flushed while they were measured. */
export const writesFlushed: TellFinding = ({ measured }) => {
  const writes = runsWithFiles(measured, { writes: true });
  const flushed = writes.filter(({ bytes }) => bytes > 0);
  const span = extremes(flushed, ({ bytes }) => bytes);
  if (span === null) return null;
  const stores = storesOf(flushed);
  const writers = joinWords(stores);
  const all = writes.filter(({ store }) => stores.includes(store)).length;
  const runs = plural(all, "write run");
  const ended = `Of ${runs} of ${writers}, ${flushed.length} ended`;
  const most = formatBytes(span.most);
  return {
    id: "writes-flushed",
    topic: "data",
    severity: "info",
    about: stores,
    condition: `${FILES_SIZE} was above 0 at the end of a write run`,
    numbers: { runs: flushed.length, of: all, mostBytes: span.most },
    text: haveMemtables(flushed)
      ? `${ended} with SST files, of up to ${most}: memtables were flushed while they ran.`
      : `${ended} with files of up to ${most}: data reached these while they ran.`,
  };
};

/** Compaction under way, or due, when runs ended. */
export const compactionDue: TellFinding = ({ measured }) => {
  const runs = measured.flatMap((benchmark) => benchmark.runs).map((run) => ({
    id: run.benchmark,
    running: factOf(run, RUNNING_COMPACTIONS),
    pending: factOf(run, PENDING_BYTES),
  })).filter(({ running, pending }) => running !== null || pending !== null);
  const due = runs.filter(({ running, pending }) => (running ?? 0) > 0 || (pending ?? 0) > 0);
  if (due.length === 0) return null;
  const all = plural(runs.length, "run");
  return {
    id: "compaction-due",
    topic: "data",
    severity: "info",
    about: [...new Set(due.map(({ id }) => id))],
    condition: `${RUNNING_COMPACTIONS} or ${PENDING_BYTES} was above 0 at the end of a run`,
    numbers: { runs: due.length, of: runs.length },
    text: `Compaction was under way or due at the end of ${due.length} of ${all}: the load had ` +
      "not come to rest in them.",
  };
};
