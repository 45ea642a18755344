import { isKernelPath, processorSeconds, readKernelFile } from "../native/mod.ts";
import type { Store } from "../store/mod.ts";

/**
 * Processor time of the servers that a store has started, s: the run's own, and no other process's.
 * What one has used that has ended is not known any more.
 */
export function startedSeconds(store: Store): number {
  const pids = store.api === "async" ? store.pids ?? [] : [];
  if (!isKernelPath("/proc")) return 0;
  return pids.reduce(
    (sum, pid) => sum + (processorSeconds(readKernelFile(`/proc/${pid}/stat`)) ?? 0),
    0,
  );
}
