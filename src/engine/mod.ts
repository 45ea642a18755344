/**
 * Built libraries of an engine, release by release: the pinned table, obtaining and checking a
 * library, and the cache. Only {@linkcode obtainRelease} and {@linkcode pinRelease} lead to a
 * network, by a process of its own.
 */
export { addFile } from "./add.ts";
export {
  CACHE_VARIABLE,
  CACHE_VARIABLES,
  cachedLibrary,
  cachedReleases,
  cacheFolder,
  type EngineLibrary,
  isCached,
  removeRelease,
} from "./cache.ts";
export { EngineError } from "./error.ts";
export { digestOf } from "./digest.ts";
export { isFor, type LibraryFile, readLibraryFile } from "./library_file.ts";
export { type Machine, MACHINE_NAMES, requireMachine, thisMachine } from "./machine.ts";
export { type ObtainEvents, obtainRelease } from "./obtain.ts";
export { type Parcel, parcelOf, type ParcelReply } from "./parcel.ts";
export { pinRelease } from "./pin.ts";
export { compareReleases, isFileRelease, isPath, isReleaseName, parseRelease } from "./release.ts";
export { REPOSITORY_VARIABLE } from "./repository.ts";
export { compressionsOf, librarySymbols } from "./symbols.ts";
export { DEFAULT_RELEASE, pinFor, pinnedNames, releaseOfLibrary } from "./table.ts";
