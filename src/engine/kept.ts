/**
 * Releases as who opens a store needs them: their names, the pinned table, and what is kept here. What
 * gets and pins them is in `mod.ts`, and would take a run's process as long to load as it is measured.
 */
export { CACHE_VARIABLES, cachedLibrary, type EngineLibrary, isCached } from "./cache.ts";
export { EngineError } from "./error.ts";
export {
  fusedIsKnownToAgree,
  isTried,
  knownLibraries,
  type KnownLibrary,
  learnLibraries,
  type LibraryContent,
  libraryContent,
} from "./known.ts";
export { isFor, readLibraryFile } from "./library_file.ts";
export { requireMachine, thisMachine } from "./machine.ts";
export { isFileRelease, isPath, isReleaseName, parseRelease } from "./release.ts";
export { librarySymbols } from "./symbols.ts";
export { DEFAULT_RELEASE, releaseOfLibrary } from "./table.ts";
