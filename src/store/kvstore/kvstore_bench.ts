/**
 * What the KvStore costs above the engine it stands on: the same operations, 10,000 keys of 1 KB in
 * key order, WAL not synced, on the raw store and on the KvStore, by turns in one process with a
 * fresh database each time. Prints medians, best rounds, and their ratios.
 *
 *     deno run --allow-ffi --allow-read --allow-write --allow-env src/store/kvstore/kvstore_bench.ts [rounds]
 */
import type { SyncStore } from "../contract.ts";
import { openRaw } from "../raw/mod.ts";
import { Slice } from "../slice.ts";
import { KVSTORE_FAMILIES, openKvStore } from "./mod.ts";

const KEYS = 10_000;
const SCANNED = 1_000;
/** Scans of one sample, and gets over all keys, so that a sample is not too short. */
const SCANS = 20;
const GET_ROUNDS = 3;

const keys = Array.from(
  { length: KEYS },
  (_, i) => Slice.fromText(`key_${String(i).padStart(12, "0")}`),
);
const value = Slice.from(new Uint8Array(1024).map((_, i) => i * 31 + 7));
const into = new Slice(1024);
const intoKey = new Slice(64);
const end = keys[SCANNED]!;

function put(store: SyncStore): number {
  for (let i = 0; i < KEYS; i++) store.put(keys[i]!, value);
  return KEYS;
}

function get(store: SyncStore): number {
  for (let round = 0; round < GET_ROUNDS; round++) {
    for (let i = 0; i < KEYS; i++) {
      if (store.get(keys[i]!, into) !== 1024) throw new Error(`Cannot read key ${i}`);
    }
  }
  return KEYS * GET_ROUNDS;
}

/** Goes over the entries without copying them, as the measuring loop does. */
function scan(store: SyncStore): number {
  let bytes = 0;
  for (let round = 0; round < SCANS; round++) {
    const cursor = store.cursor();
    for (let i = 0; i < SCANNED; i++) {
      cursor.next();
      bytes += cursor.keyLength + cursor.valueLength;
    }
    cursor.close();
  }
  if (bytes !== SCANS * SCANNED * (1024 + keys[0]!.length)) throw new Error("Cannot scan");
  return SCANS * SCANNED;
}

/** Goes over the entries and copies each key and value. */
function scanRead(store: SyncStore): number {
  let entries = 0;
  for (let round = 0; round < SCANS; round++) {
    const cursor = store.cursor({ to: end });
    while (cursor.next()) {
      cursor.readKey(intoKey);
      cursor.readValue(into);
      entries++;
    }
    cursor.close();
  }
  if (entries !== SCANS * SCANNED) throw new Error(`Cannot scan: ${entries} entries`);
  return entries;
}

/** Nanoseconds an operation. */
function time(operations: (store: SyncStore) => number, store: SyncStore): number {
  const start = performance.now();
  const count = operations(store);
  return (performance.now() - start) * 1e6 / count;
}

/** Overwrites in a scattered order, so that neighbouring keys' records lie far apart. */
function scatter(store: SyncStore): number {
  for (let i = 0; i < KEYS; i++) store.put(keys[(i * 7919) % KEYS]!, value);
  return KEYS;
}

const stores: Record<string, (path: string) => SyncStore> = {
  raw: (path) => openRaw(path),
  kvstore: (path) => openKvStore(openRaw(path, { families: KVSTORE_FAMILIES })),
};
const operations = {
  put,
  get,
  scan,
  "scan+read": scanRead,
  "put scattered": scatter,
  "get after it": get,
  "scan after it": scan,
};

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[sorted.length - 1 >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

const rounds = Number(Deno.args[0] ?? 15);
const times: Record<string, number[]> = {};
for (let round = 0; round < rounds + 2; round++) {
  for (const [name, open] of Object.entries(stores)) {
    const path = Deno.makeTempDirSync();
    const store = open(path);
    for (const [operation, run] of Object.entries(operations)) {
      const ns = time(run, store);
      // The first two rounds are for the compiler.
      if (round >= 2) (times[`${name} ${operation}`] ??= []).push(ns);
    }
    store.close();
    Deno.removeSync(path, { recursive: true });
  }
}
console.log(
  `ns an operation, ${rounds} rounds: median (ratio) | best, which other load disturbs least`,
);
for (const operation of Object.keys(operations)) {
  const raw = times[`raw ${operation}`]!;
  const kvstore = times[`kvstore ${operation}`]!;
  const compare = (pick: (values: number[]) => number) =>
    `raw ${pick(raw).toFixed(0).padStart(6)}  kvstore ${pick(kvstore).toFixed(0).padStart(6)}  ` +
    `(${(pick(kvstore) / pick(raw)).toFixed(2)})`;
  const best = (values: number[]) => Math.min(...values);
  console.log(`${operation.padEnd(13)}  ${compare(median)}  |  ${compare(best)}`);
}
