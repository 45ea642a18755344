export { candidates, LIBRARY_VARIABLE, libraryIsThere, loadLibrary } from "./library.ts";
export type { LibrarySearch, RocksLibrary } from "./library.ts";
export { AsyncRawStore, openRawAsync } from "./async_store.ts";
export { attachRaw, openRaw, RawStore } from "./store.ts";
export type { RawOptions, RawSnapshot, SharedRaw } from "./store.ts";
