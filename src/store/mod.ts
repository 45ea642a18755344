export {
  CALIBRATION_NAMES,
  calibrationStore,
  findStoreKind,
  SERVERS,
  storeKind,
  STORES,
} from "./catalog.ts";
export type {
  AsyncStore,
  Batch,
  EngineEvent,
  NativeOperation,
  NativeOperations,
  ServerMember,
  ServerProbe,
  SeveralFound,
  SortedLoad,
  Store,
  StoreClient,
  StoreOptions,
  StoreSettings,
  SyncCursor,
  SyncStore,
} from "./contract.ts";
export { StoreError } from "./error.ts";
export type { EtcdApi, KeyChange, KeyVersion } from "./etcd_api.ts";
export { readFacts } from "./facts.ts";
export type { Reach, StoreKind } from "./kind.ts";
export { optionNamesOf, storesOfOption } from "./option_names.ts";
export { parseStoreOptions, parseSweep, STORE_OPTION_NAMES } from "./options.ts";
export { optionsInEffect } from "./options_file.ts";
export { Slice } from "./slice.ts";
export {
  candidates as libraryCandidates,
  libraryIsThere,
  loadLibrary,
  loadRelease,
  SYSTEM,
} from "./raw/library.ts";
export { knownLibraries, type KnownLibrary, learnLibraries } from "../engine/kept.ts";
export { STATS_PREFIX } from "./plugin/stats.ts";
export { addressOf, keepAlive } from "./memory.ts";
