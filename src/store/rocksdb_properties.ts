import type { StoreKind } from "./kind.ts";

/** RocksDB's properties that tell where the data is, for every store with RocksDB underneath. */
export const ROCKSDB_PROPERTIES: StoreKind["properties"] = {
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
