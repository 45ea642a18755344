export { burning, type StoreSettings } from "./burn.ts";
export { calibrationStore, type StoreKind, storeKind, STORES } from "./catalog.ts";
export type { AsyncStore, Store, StoreOptions, SyncCursor, SyncStore } from "./contract.ts";
export { StoreError } from "./error.ts";
export { parseStoreOptions, STORE_OPTION_NAMES } from "./options.ts";
export { Slice } from "./slice.ts";
export { candidates as libraryCandidates, LIBRARY_VARIABLE, loadLibrary } from "./raw/mod.ts";
