import { refusal, type StoreKind } from "../kind.ts";
import { ROCKSDB_PROPERTIES } from "../rocksdb_properties.ts";
import { LIBRARY_VARIABLE, libraryIsThere, loadLibrary } from "./library.ts";

/** What there is to say where no librocksdb is found. One that is found and unfit is an error. */
function missingLibrary(): string | undefined {
  return libraryIsThere() ? undefined : refusal(loadLibrary);
}

/** RocksDB with nothing in between. */
export const RAW: StoreKind = {
  name: "raw",
  summary: "RocksDB through librocksdb's C API, nothing in between",
  api: () => "sync",
  missing: missingLibrary,
  require: () => void loadLibrary(),
  async open(path, options) {
    const { openRaw } = await import("./store.ts");
    return openRaw(path, options);
  },
  properties: ROCKSDB_PROPERTIES,
  variables: [LIBRARY_VARIABLE],
  libraryVariable: LIBRARY_VARIABLE,
};
