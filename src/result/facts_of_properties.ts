import type { FactName, FactsRecord } from "./schema.ts";

/** RocksDB's properties that were recorded by their own names before there were facts. */
const FACTS: Readonly<Record<string, FactName>> = {
  "rocksdb.estimate-num-keys": "estimatedKeys",
  "rocksdb.cur-size-all-mem-tables": "memtableBytes",
  "rocksdb.num-immutable-mem-table": "immutableMemtables",
  "rocksdb.live-sst-files-size": "liveFileBytes",
  "rocksdb.num-files-at-level0": "level0Files",
  "rocksdb.num-files-at-level1": "level1Files",
  "rocksdb.num-running-flushes": "runningFlushes",
  "rocksdb.num-running-compactions": "runningCompactions",
  "rocksdb.estimate-pending-compaction-bytes": "pendingCompactionBytes",
  "rocksdb.block-cache-usage": "blockCacheBytes",
  "rocksdb.is-write-stopped": "writesStopped",
  "rocksdb.background-errors": "backgroundErrors",
};

/**
 * The facts in what older journals and results have as an engine's properties, given as numbers or
 * as text. What is no whole number, or under another name, is none.
 */
export function factsOfProperties(properties: Readonly<Record<string, unknown>>): FactsRecord {
  const facts: FactsRecord = {};
  for (const [name, value] of Object.entries(properties)) {
    const fact = Object.hasOwn(FACTS, name) ? FACTS[name] : undefined;
    if (fact !== undefined && /^\d+$/.test(String(value))) facts[fact] = Number(value);
  }
  return facts;
}
