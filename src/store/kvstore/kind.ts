import type { AsyncStore, StoreOptions } from "../contract.ts";
import type { StoreKind } from "../kind.ts";
import { LEVEL } from "../level/kind.ts";
import { RAW } from "../raw/kind.ts";
import { LIBRARY_VARIABLE, libraryIsThere } from "../raw/library.ts";

/** The kind of store underneath on this machine. A release that is asked for is raw's. */
function engine({ release }: StoreOptions): StoreKind {
  return release !== undefined || libraryIsThere() ? RAW : LEVEL;
}

/** The asynchronous form, over either engine's own. */
async function openLater(path: string, options: StoreOptions): Promise<AsyncStore> {
  const { KVSTORE_FAMILIES, openKvStoreAsync } = await import("./mod.ts");
  const all = { ...options, families: KVSTORE_FAMILIES };
  if (engine(options) === RAW) {
    const { openRawAsync } = await import("../raw/mod.ts");
    return await openKvStoreAsync(openRawAsync(path, all));
  }
  const { openLevel } = await import("../level/mod.ts");
  return await openKvStoreAsync(await openLevel(path, all));
}

/** The KvStore over whichever RocksDB there is. */
export const KVSTORE: StoreKind = {
  name: "kvstore",
  summary:
    "the etcd-style multi-version store, over raw, or over level where there is no librocksdb",
  api: (options) => engine(options).api(options),
  informational: (options) => engine(options).informational(options),
  // Where neither engine is there, librocksdb is the one that can be had.
  missing: (options) => engine(options).missing(options) && RAW.missing(options),
  require: (options) => engine(options).require(options),
  async open(path, options) {
    if (engine(options) !== RAW) return await openLater(path, options);
    const { KVSTORE_FAMILIES, openKvStore } = await import("./mod.ts");
    const { openRaw } = await import("../raw/mod.ts");
    return openKvStore(openRaw(path, { ...options, families: KVSTORE_FAMILIES }));
  },
  inFlight: true,
  etcdApi: true,
  openInFlight: openLater,
  // Either engine's, which are RocksDB's.
  properties: RAW.properties,
  variables: [...RAW.variables, ...LEVEL.variables],
  libraryVariable: LIBRARY_VARIABLE,
};
