/** Whether there is room for the databases that a bench will load. */
import { formatBytes, formatCount } from "../format/mod.ts";
import type { BenchmarkRecord, PlanLine } from "../result/mod.ts";
import { findStoreKind, STORES } from "../store/mod.ts";
import { mostOf, OPERATIONS, SHAPES, type SizeDistribution } from "../workload/mod.ts";
import { RunError } from "./error.ts";
import { beginsWith, treeKey, treeRuns } from "./trees.ts";

/** What a load takes beyond its keys and values: indexes, a log beside the files that it becomes. */
const MARGIN = 1.2;
/** What RocksDB keeps in memory before it writes a file, bytes; what it has unless another is set. */
const WRITE_BUFFER_BYTES = 64 * 1024 * 1024;

/**
 * Makes sure that there is room for the largest databases that live at a time. Only what is loaded
 * before anything is measured is known beforehand: what the measuring itself writes depends on how
 * fast it is.
 *
 * @param plans Those of the lanes; runs of all of them live at once.
 * @param directory Where the databases will be.
 * @throws {RunError} Where there is none.
 */
export function requireRoom(plans: readonly PlanLine[], directory: string): void {
  const { freeBytes, device, filesystem } = plans[0]!.environment.data;
  if (freeBytes === null) return;
  const [largest] = plans.flatMap((plan) =>
    plan.benchmarks.map((benchmark) => ({ benchmark, bytes: loadedBytes(benchmark, plan) }))
  ).toSorted((a, b) => b.bytes - a.bytes);
  if (largest === undefined) return;
  const { id, workload: { keys } } = largest.benchmark;
  const together = Math.max(plans.length, ...groupSizes(plans[0]!));
  const kept = plans.flatMap(keptBytes);
  const keptTogether = kept.reduce((sum, bytes) => sum + bytes, 0);
  const need = MARGIN * Math.max(largest.bytes * together, keptTogether);
  if (need <= freeBytes) return;
  const databases = largest.bytes * together >= keptTogether ? together : kept.length;
  const each = databases === 1 ? "" : ` for ${databases} databases at once`;
  const needed = `${formatBytes(need)}${each}`;
  const free = `${formatBytes(freeBytes)} are free on ${device ?? filesystem ?? "its device"}`;
  const what = `${formatCount(keys!)} keys for ${id}`;
  throw new RunError(
    `Cannot load ${what} into ${directory}: it needs some ${needed}, and ${free}; free some ` +
      "space, or name a folder elsewhere with --data",
    "usage",
  );
}

/** What each checkpoint has that runs of a plan begin with, which are kept until its end. */
function keptBytes(plan: PlanLine): number[] {
  const runs = treeRuns(plan);
  const kept = new Map<string, number>();
  for (const benchmark of plan.benchmarks) {
    const key = treeKey(benchmark);
    if (key === undefined || beginsWith(benchmark, runs.get(key)!) !== "checkpoint") continue;
    kept.set(key, loadedBytes(benchmark, plan));
  }
  return [...kept.values()];
}

/** How many stores play together, where a plan has groups. */
function groupSizes({ turns, ratioTurns }: PlanLine): number[] {
  return [turns, ratioTurns].flatMap((own) => own?.groups ?? []).map((group) => group.length);
}

/** What a benchmark's database will surely have on disk before it is measured, bytes. */
function loadedBytes({ store, variant, workload }: BenchmarkRecord, plan: PlanLine): number {
  const { operation, keys, keyBytes, load, shape = "ingested" } = workload;
  const filled = operation === null ? load?.filled : OPERATIONS[operation].filled;
  if (!filled) return 0;
  // Of sizes that are drawn, the largest: too much rather than too little.
  const valueBytes = workload.valueBytes ?? (load && mostOf(load.valueSize as SizeDistribution));
  // Of a plug-in's engine nobody knows what it writes, nor whether it writes at all.
  if (!STORES.some((kind) => kind === findStoreKind(store))) return 0;
  const times = SHAPES[shape].rewritten ? 2 : 1;
  const bytes = times * (keys ?? 0) * ((keyBytes ?? 0) + (valueBytes ?? 0));
  const { wal, writeBufferBytes = WRITE_BUFFER_BYTES } = { ...plan.storeOptions, ...variant };
  const staysInMemory = wal === "off" && shape === "ingested" && bytes < Number(writeBufferBytes);
  return staysInMemory ? 0 : bytes;
}
