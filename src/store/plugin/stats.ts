/** What a plug-in tells of itself by fixed names, so that no engine needs an adapter here. */
import type { StoreKind } from "../kind.ts";

/** Stands before a name of `tidemark_stats` where a property is asked for. */
export const STATS_PREFIX = "tidemark.";

const FACTS = [
  "estimatedKeys",
  "memtableBytes",
  "immutableMemtables",
  "liveFileBytes",
  "level0Files",
  "level1Files",
  "runningFlushes",
  "runningCompactions",
  "pendingCompactionBytes",
  "blockCacheBytes",
  "writesStopped",
  "backgroundErrors",
] as const;

/** The facts of a run. */
export const PLUGIN_PROPERTIES: StoreKind["properties"] = Object.fromEntries(
  FACTS.map((fact) => [STATS_PREFIX + fact, fact]),
);
