/**
 * Engines side by side: five benchmarks over RocksDB and the plug-ins that `plugin:engines` builds, all
 * with the same durability. Every write is synced before it is acknowledged: it is the one setting that
 * all of them have, and each says in the report what its acknowledgement means.
 */
import { type BenchmarkSpec, defineSuite } from "../src/mod.ts";

/** Where `deno task plugin:engines` puts them. */
const FOLDER = "reports/local/plugins";
const KEYS = 10_000;
const VALUE_BYTES = 1024;

/** Reads are of files that are written and merged, so that no engine's memory stands for its files. */
const read = { keys: KEYS, valueBytes: VALUE_BYTES, shape: "settled" } as const;
const write = { keys: KEYS, valueBytes: VALUE_BYTES } as const;

const benchmarks: BenchmarkSpec[] = [
  // Few writes: each waits for the device.
  {
    ...write,
    name: "write_throughput/100",
    kind: "throughput",
    operation: "put",
    samples: 10,
    elements: 100,
  },
  {
    ...read,
    name: "read_throughput/10000",
    kind: "throughput",
    operation: "get",
    samples: 10,
    elements: KEYS,
  },
  {
    ...read,
    name: "scan_throughput/1000",
    kind: "throughput",
    operation: "scan",
    samples: 10,
    elements: 1000,
  },
  { ...write, name: "write_latency/single_write", kind: "latency", operation: "put", samples: 200 },
  { ...read, name: "read_latency/single_read", kind: "latency", operation: "get", samples: 1000 },
];

export default defineSuite({
  name: "engines",
  title: "Storage Engines Side by Side",
  summary: "The same puts, gets and scans over several engines in one process, with one client; " +
    "every write is synced before it is acknowledged, as each engine understands that.",
  stores: ["raw", "rocksdb", "rocksdb-crate", "leveldb", "fjall", "sled", "redb", "lmdb", "sqlite"],
  plugins: {
    rocksdb: `${FOLDER}/librocksdb_plugin.so`,
    "rocksdb-crate": `${FOLDER}/libkvstore.so`,
    leveldb: `${FOLDER}/libleveldb_plugin.so`,
    fjall: `${FOLDER}/libfjall_plugin.so`,
    sled: `${FOLDER}/libsled_plugin.so`,
    redb: `${FOLDER}/libredb_plugin.so`,
    lmdb: `${FOLDER}/liblmdb_plugin.so`,
    sqlite: `${FOLDER}/libsqlite_plugin.so`,
  },
  storeOptions: { wal: "synced" },
  benchmarks,
  nextSteps: [
    "Measure with `--set wal=buffered`, which all have but redb and sled: these wait for the device " +
    "or keep writes in the process's memory.",
    "Measure several clients at once: some of these engines have one writer.",
    "Measure data larger than memory, and values of the deployment's own sizes.",
    "Give each engine the options of its own deployment: here are defaults, with block caches of 8 MiB " +
    "where there is one to be set.",
  ],
});
