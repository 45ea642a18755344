/** What the process and its engine have written and read so far: amplification is made of it. */
import { isKernelPath, readKernelFile } from "../../native/mod.ts";
import { STATS_PREFIX, type Store } from "../../store/mod.ts";

/** Counts since the process began or the database was opened. What is not told is absent. */
export interface EngineCounts {
  /** Bytes that the process gave to the system to write: log, flushes and compactions. */
  processWritten?: number;
  /** Bytes that it asked for, from the page cache or the device. */
  processRead?: number;
  /** Bytes that went to the block layer on its behalf, as far as it was there still. */
  deviceWritten?: number;
  /** Bytes that came from the block layer. */
  deviceRead?: number;
  /** The engine's own, where it keeps statistics. */
  walBytes?: number;
  flushedBytes?: number;
  compactedBytes?: number;
  compactionReadBytes?: number;
  blockCacheHits?: number;
  blockCacheMisses?: number;
  stallMicros?: number;
  /** Transactions of a store that writes those that wait at a time together, and its writes. */
  transactions?: number;
  groupWrites?: number;
}

/** Fields of `/proc/self/io`. */
const IO = {
  wchar: "processWritten",
  rchar: "processRead",
  write_bytes: "deviceWritten",
  read_bytes: "deviceRead",
} as const;

/** RocksDB's tickers. */
const TICKERS = {
  "rocksdb.wal.bytes": "walBytes",
  "rocksdb.flush.write.bytes": "flushedBytes",
  "rocksdb.compact.write.bytes": "compactedBytes",
  "rocksdb.compact.read.bytes": "compactionReadBytes",
  "rocksdb.block.cache.hit": "blockCacheHits",
  "rocksdb.block.cache.miss": "blockCacheMisses",
  "rocksdb.stall.micros": "stallMicros",
} as const;

/** What a plug-in tells by the interface's names, and how many of its units make one of ours. */
const TOLD = {
  walBytes: ["walBytes", 1],
  flushBytes: ["flushedBytes", 1],
  compactWriteBytes: ["compactedBytes", 1],
  compactReadBytes: ["compactionReadBytes", 1],
  cacheHits: ["blockCacheHits", 1],
  cacheMisses: ["blockCacheMisses", 1],
  stallNs: ["stallMicros", 1000],
} as const;

/** Reads the counts. */
export function engineCounts(store: Store): EngineCounts {
  const counts: EngineCounts = {};
  const io = isKernelPath("/proc") ? readKernelFile("/proc/self/io") : null;
  for (const [, name, value] of (io ?? "").matchAll(/^(\w+): (\d+)$/gm)) {
    const field = IO[name as keyof typeof IO];
    if (field !== undefined) counts[field] = Number(value);
  }
  const text = store.api === "sync" ? store.statistics?.() : undefined;
  for (const [, name, value] of (text ?? "").matchAll(/^(\S+) COUNT : (\d+)$/gm)) {
    const field = TICKERS[name as keyof typeof TICKERS];
    if (field !== undefined) counts[field] = Number(value);
  }
  for (const [name, [field, units]] of Object.entries(TOLD)) {
    const told = store.property(STATS_PREFIX + name);
    if (told !== undefined) counts[field] = Number(told) / units;
  }
  const commits = store.api === "async" ? store.groupCommits : undefined;
  if (commits !== undefined) {
    counts.transactions = commits.transactions;
    counts.groupWrites = commits.writes;
  }
  return counts;
}

/** What was counted from one reading to another. */
export function countedBetween(before: EngineCounts, after: EngineCounts): EngineCounts {
  const names = Object.keys(after) as (keyof EngineCounts)[];
  return Object.fromEntries(
    names.filter((name) => before[name] !== undefined)
      .map((name) => [name, after[name]! - before[name]!]),
  );
}
