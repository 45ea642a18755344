import type { ServerOptions, StoreOptions } from "./contract.ts";
import { StoreError } from "./error.ts";

/** Each option that only servers have, and which of them. */
const NAMES: Record<keyof ServerOptions, readonly string[]> = {
  endpoints: ["etcd"],
  nodes: ["etcd"],
  delayMs: ["etcd"],
  jitterMs: ["etcd"],
  loss: ["etcd"],
  consistency: ["etcd"],
  role: ["etcd"],
  connections: ["etcd", "tikv"],
  deadlineMs: ["etcd", "tikv"],
  caFile: ["etcd", "tikv"],
  certFile: ["etcd", "tikv"],
  keyFile: ["etcd", "tikv"],
  pd: ["tikv"],
  stores: ["tikv"],
  api: ["tikv"],
  keyspace: ["tikv"],
};

/** Options that are RocksDB's. */
const OF_ENGINES = [
  "release",
  "defaults",
  "engineOptions",
  "compression",
  "writeBufferBytes",
  "blockCacheBytes",
  "bloomBits",
  "directIo",
  "statistics",
] as const;

/** The stores that are servers. */
export const SERVER_NAMES: readonly string[] = [...new Set(Object.values(NAMES).flat())];

/** Whether only servers have an option. */
export function isServerOption(option: string): boolean {
  return Object.hasOwn(NAMES, option);
}

/** Whether a store of servers takes an option. */
export function serverTakes(store: string, option: string): boolean {
  return isServerOption(option)
    ? NAMES[option as keyof ServerOptions].includes(store)
    : !(OF_ENGINES as readonly string[]).includes(option);
}

/**
 * Refuses the options that only servers have, for a store that is none.
 *
 * @throws {StoreError} Names the first one.
 */
export function refuseServerOptions(options: StoreOptions): void {
  const given = (Object.keys(NAMES) as (keyof ServerOptions)[])
    .find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const store = NAMES[given][0]!;
  throw new StoreError(
    `Cannot set ${given} of a store without servers: it is an option of ${store}; measure with ` +
      `--store ${store}, or leave it out`,
    "open",
    "usage",
  );
}

/**
 * Refuses what a store of servers cannot be asked for, rather than measuring without it: options of
 * other stores, a log that is not synced, and half a certificate.
 *
 * @throws {StoreError} Names the first one.
 */
export function requireServerOptions(store: string, options: StoreOptions): void {
  const odd = OF_ENGINES.find((name) => options[name] !== undefined);
  if (odd !== undefined) throw refused(store, odd, "it is an option of RocksDB; leave it out");
  const other = (Object.keys(NAMES) as (keyof ServerOptions)[])
    .find((name) => options[name] !== undefined && !NAMES[name].includes(store));
  if (other !== undefined) {
    throw refused(store, other, `it is an option of ${NAMES[other][0]}; leave it out`);
  }
  if (options.wal !== undefined && options.wal !== "synced") {
    const what = `wal=${options.wal}`;
    throw refused(store, what, `${store} syncs its log before it answers; set wal=synced`);
  }
  const { certFile, keyFile } = options;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [given, other] = certFile === undefined
      ? ["keyFile", "certFile"]
      : ["certFile", "keyFile"];
    throw refused(store, given!, `it goes with ${other}; set both`);
  }
}

/** The error of an option that a store of servers does not take. */
export function refused(store: string, what: string, reason: string): StoreError {
  return new StoreError(`Cannot open the store ${store} with ${what}: ${reason}`, "open", "usage");
}
