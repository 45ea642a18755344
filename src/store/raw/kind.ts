import { CACHE_VARIABLES } from "../../engine/kept.ts";
import type { StoreOptions } from "../contract.ts";
import { refusal, type StoreKind } from "../kind.ts";
import { ROCKSDB_PROPERTIES } from "../rocksdb_properties.ts";
import { refuseServerOptions } from "../server_options.ts";
import type { SharedRaw } from "./store.ts";
import { LIBRARY_VARIABLE, libraryIsThere, loadLibrary, requireRelease } from "./library.ts";

/**
 * What there is to say where no librocksdb is found. One that is found and unfit is an error, and so
 * is a release that was asked for and is not kept.
 */
function missingLibrary({ release }: StoreOptions): string | undefined {
  return release !== undefined || libraryIsThere() ? undefined : refusal(loadLibrary);
}

/** RocksDB with nothing in between. */
export const RAW: StoreKind = {
  name: "raw",
  summary: "RocksDB through librocksdb's C API, nothing in between",
  api: () => "sync",
  informational: () => false,
  missing: missingLibrary,
  require(options) {
    refuseServerOptions(options);
    requireRelease(options.release);
  },
  async open(path, options) {
    const { openRaw } = await import("./store.ts");
    return openRaw(path, options);
  },
  async attach(shared, options) {
    const { attachRaw } = await import("./store.ts");
    return attachRaw(shared as SharedRaw, options);
  },
  checkpoints: true,
  properties: ROCKSDB_PROPERTIES,
  variables: [LIBRARY_VARIABLE, ...CACHE_VARIABLES],
  libraryVariable: LIBRARY_VARIABLE,
};
