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
export {
  Code,
  errorText,
  EventKind,
  Handle,
  InFlight,
  Kind,
  loadPlugin,
  NOT_FOUND,
  openPlugin,
  parseOpenDescription,
  type PluginDescription,
  type PluginFile,
  pluginFile,
  type PluginLibrary,
  type PluginSymbols,
  REVERSE,
  STATS_PREFIX,
  textFrom,
} from "./plugin/mod.ts";
export { addressOf, keepAlive } from "./memory.ts";
