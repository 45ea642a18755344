/**
 * Finds librocksdb and loads it: the release that is asked for; else from the environment variable,
 * the newest version in the places where Debian, nixpkgs and Homebrew put it, or the default release
 * where that was obtained.
 */
import {
  cachedLibrary,
  DEFAULT_RELEASE,
  EngineError,
  type EngineLibrary,
  fusedIsKnownToAgree,
  isCached,
  isFor,
  isTried,
  librarySymbols,
  readLibraryFile,
  requireMachine,
  thisMachine,
} from "../../engine/kept.ts";
import { fileNameOf, fileReason, readRegularFile } from "../../disk/mod.ts";
import { loaderReason } from "../../native/mod.ts";
import { StoreError } from "../error.ts";
import { type FunctionAddresses, functionAddresses } from "./addresses.ts";
import { fusedAgree } from "./fused_check.ts";
import { REQUIRED, type RocksSymbols } from "./symbols.ts";

/** The environment variable that names the library's file. */
export const LIBRARY_VARIABLE = "TIDEMARK_LIBROCKSDB";

/** A loaded librocksdb. */
export interface RocksLibrary {
  /** The file that was loaded. */
  path: string;
  /** The file's own name, e.g. `librocksdb.so.7.8.3`: recorded instead of the path. */
  name: string;
  /** The C API's functions. */
  symbols: RocksSymbols;
  /** For machine code that calls several functions; `undefined` where each is called by itself. */
  addresses: FunctionAddresses | undefined;
  /** Whether machine code read something else than plain calls, and so is not used. */
  fusedDiffer: boolean;
  /** The release that it was obtained as; `undefined` of one that is installed. */
  obtained: EngineLibrary | undefined;
}

/** What is asked for where an installed librocksdb is, whatever else there is. */
export const SYSTEM = "system";

/** What the search reads; injected so that tests can set up other machines. */
export interface LibrarySearch {
  /** The environment variable's value, if set. */
  named: string | undefined;
  /** Directories to look into, in order. */
  directories: string[];
}

/**
 * Where the library is looked for on this machine.
 *
 * @param nixStore The Nix store's folder, which need not be there.
 */
export function defaultSearch(nixStore = "/nix/store"): LibrarySearch {
  const named = Deno.env.get(LIBRARY_VARIABLE);
  const multiarch = `${Deno.build.arch}-linux-gnu`;
  const directories = Deno.build.os === "darwin"
    ? ["/opt/homebrew/lib", "/usr/local/lib"]
    : [`/usr/lib/${multiarch}`, "/usr/lib64", "/usr/lib", "/usr/local/lib"];
  // NixOS: what the system or the user's profile links, then whatever the store holds.
  directories.push("/run/current-system/sw/lib", ...nixStoreDirectories(nixStore));
  return { named: named === "" ? undefined : named, directories };
}

/** Newest version first; equal ones by name, since a folder's own order is no order. */
function nixStoreDirectories(store: string): string[] {
  return entries(store)
    .flatMap((name) => {
      const version = /^[a-z0-9]{32}-rocksdb-(\d+(?:\.\d+)*)/.exec(name)?.[1];
      return version === undefined ? [] : [{ name, version: version.split(".").map(Number) }];
    })
    .sort((a, b) => compareVersions(b.version, a.version) || (a.name < b.name ? -1 : 1))
    .map(({ name }) => `${store}/${name}/lib`);
}

function entries(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].map((entry) => entry.name);
  } catch {
    return [];
  }
}

/**
 * The version in a library file's name, as numbers, e.g. `librocksdb.so.7.8.3` → [7, 8, 3].
 *
 * @returns `undefined` where the name is not one of librocksdb's shared libraries.
 */
export function versionOfName(name: string): number[] | undefined {
  const match = /^librocksdb\.so((?:\.\d+)*)$/.exec(name) ??
    /^librocksdb((?:\.\d+)*)\.dylib$/.exec(name);
  return match === null ? undefined : (match[1] ?? "").split(".").filter(Boolean).map(Number);
}

function compareVersions(a: number[], b: number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The library files there are, the most wanted first: the one that the variable names alone,
 * else by directory order, newest version first.
 */
export function candidates(search: LibrarySearch = defaultSearch()): string[] {
  if (search.named !== undefined) return [search.named];
  return search.directories.flatMap((directory) =>
    entries(directory)
      .flatMap((name) => {
        const version = versionOfName(name);
        return version === undefined ? [] : [{ name, version }];
      })
      .sort((a, b) => compareVersions(b.version, a.version))
      .map(({ name }) => `${directory}/${name}`)
  );
}

/** What was loaded, by the file's path. */
const loaded = new Map<string, RocksLibrary>();
/** What this machine's own search led to, and the environment variable's value then. */
let usual: { named: string | undefined; library: RocksLibrary } | undefined;
/** What releases led to. */
const releases = new Map<string, RocksLibrary>();

/**
 * Loads librocksdb. Loading again gives the same library; folders are searched only the first time,
 * since every database that is opened asks.
 *
 * @param search Where to look. @default {@linkcode defaultSearch}, then the default release
 * @throws {StoreError} Where there is none, where the file is not RocksDB, or is too old.
 */
export function loadLibrary(search?: LibrarySearch): RocksLibrary {
  if (search !== undefined) return loadFound(search);
  const named = Deno.env.get(LIBRARY_VARIABLE);
  if (usual === undefined || usual.named !== named) {
    const search = defaultSearch();
    const library = candidates(search).length === 0 && defaultIsCached()
      ? loadRelease(DEFAULT_RELEASE)
      : loadFound(search);
    usual = { named, library };
  }
  return usual.library;
}

/**
 * Loads a release's library, whose bytes are all held against its digest before.
 *
 * @param release Its name, or `system` for what is installed. @default as {@linkcode loadLibrary}
 * @throws {StoreError} Where it was not obtained, is damaged, or cannot be used.
 */
export function loadRelease(release?: string): RocksLibrary {
  if (release === undefined) return loadLibrary();
  if (release === SYSTEM) return loadFound(defaultSearch());
  const before = releases.get(release);
  if (before !== undefined) return before;
  const obtained = cachedOrRefused(release);
  const library = load(obtained.path, obtained);
  releases.set(release, library);
  return library;
}

/**
 * Makes sure that a release's library could be used, without loading it: two of them in one process
 * may have parts that refuse each other.
 *
 * @throws {StoreError} As {@linkcode loadRelease}.
 */
export function requireRelease(release: string | undefined): void {
  const usesDefault = release === undefined && candidates().length === 0 && defaultIsCached();
  const name = usesDefault ? DEFAULT_RELEASE : release ?? SYSTEM;
  if (name === SYSTEM) {
    loadFound(defaultSearch());
    return;
  }
  const { path } = cachedOrRefused(name);
  const { exported } = librarySymbols(Deno.readFileSync(path)) ?? { exported: new Set() };
  refuseMissing(path, REQUIRED_NAMES.filter((name) => !exported.has(name)), MEND_OBTAINED);
}

/** @throws {StoreError} */
function cachedOrRefused(release: string): EngineLibrary {
  let library: EngineLibrary | undefined;
  try {
    library = cachedLibrary(release, requireMachine());
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new StoreError(error.message, "load", "usage");
  }
  if (library !== undefined) return library;
  throw new StoreError(
    `Cannot use the release ${release}: it is not kept here; deno task engine get ${release} gets it`,
    "load",
    "usage",
  );
}

function defaultIsCached(): boolean {
  const machine = thisMachine();
  try {
    return machine !== undefined && isCached(DEFAULT_RELEASE, machine);
  } catch (error) {
    // A user without a home has no cache.
    if (error instanceof EngineError) return false;
    throw error;
  }
}

function loadFound(search: LibrarySearch): RocksLibrary {
  const [path] = candidates(search);
  if (path === undefined) {
    const places = search.directories.slice(0, 4).join(", ");
    throw new StoreError(
      `Cannot find librocksdb: none in ${places} or the Nix store; get a release ` +
        "(deno task engine get), install it (Debian: apt-get install librocksdb7.8) or set " +
        `${LIBRARY_VARIABLE} to its file`,
      "load",
      "usage",
    );
  }
  return load(path, undefined);
}

/** How to mend a library that cannot be used, as the ends of sentences. */
interface Mending {
  /** It is no library that can be loaded. */
  unloaded: string;
  /** It is another library. */
  another: string;
  /** It is too old. */
  old: string;
}
const MEND_INSTALLED: Mending = {
  unloaded: `set ${LIBRARY_VARIABLE} to librocksdb's file, or unset it to search the usual places`,
  another: `set ${LIBRARY_VARIABLE} to librocksdb's file`,
  old: `install RocksDB 7 or newer, or set ${LIBRARY_VARIABLE} to one`,
};
const LIST = "deno task engine list says which releases there are";
const MEND_OBTAINED: Mending = { unloaded: LIST, another: LIST, old: LIST };

/** Loads a file, if it is not loaded yet. */
function load(path: string, obtained: EngineLibrary | undefined): RocksLibrary {
  const before = loaded.get(path);
  if (before !== undefined) return before;
  const mend = obtained === undefined ? MEND_INSTALLED : MEND_OBTAINED;
  // Whoever has tried it had loaded it: it is a librocksdb, and lacks nothing.
  if (!isTried(path)) {
    requireLibraryFile(path, mend);
    refuseMissing(path, missingSymbols(path, mend), mend);
  }
  const symbols = open(path);
  const addresses = functionAddresses(path);
  const fusedDiffer = addresses !== undefined && !agree(path, symbols, addresses);
  const library = {
    path,
    name: fileName(path),
    symbols,
    addresses: fusedDiffer ? undefined : addresses,
    fusedDiffer,
    obtained,
  };
  loaded.set(path, library);
  return library;
}

/**
 * A library that another thread of this process has loaded and checked: its functions for this thread.
 *
 * @param path The library's file.
 * @param addresses As that thread has them.
 */
export function openedLibrary(
  path: string,
  addresses: FunctionAddresses | undefined,
): RocksLibrary {
  // As in `open`, an ordinary object.
  const symbols = { ...Deno.dlopen(path, REQUIRED).symbols };
  const name = fileNameOf(path);
  return { path, name, symbols, addresses, fusedDiffer: false, obtained: undefined };
}

/** What of a file is enough to tell which machine it is for, bytes. */
const HEAD_BYTES = 64;

/**
 * Refuses what is no regular file, since the loader would wait for a pipe's other end, and a library
 * for another machine, of which the loader says that there is none.
 *
 * @throws {StoreError}
 */
function requireLibraryFile(path: string, { unloaded }: Mending): void {
  // A bare soname is the loader's own to find.
  if (!path.includes("/")) return;
  const refuse = (reason: string) =>
    new StoreError(`Cannot load ${path} as librocksdb: ${reason}; ${unloaded}`, "load", "usage");
  let head: Uint8Array;
  try {
    head = readRegularFile(path, HEAD_BYTES, { end: HEAD_BYTES }).bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    // How to mend it is said otherwise here.
    throw refuse(fileReason(error).split("; ")[0]!);
  }
  const machine = thisMachine();
  if (machine === undefined) return;
  const file = readLibraryFile(head);
  if (file === undefined) throw refuse("it is no shared library for a 64-bit processor");
  if (!isFor(machine, file)) {
    throw refuse(`it is for ${file.system} on ${file.arch}, and this machine is ${machine}`);
  }
}

/** @throws {StoreError} Where machine code cannot be tried. */
function agree(path: string, symbols: RocksSymbols, addresses: FunctionAddresses): boolean {
  try {
    return fusedIsKnownToAgree(path, () => fusedAgree(path, symbols, addresses));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new StoreError(
      `Cannot open ${path} as librocksdb: ${(error as Error).message}`,
      "load",
    );
  }
}

/** Whether a librocksdb can be found, without loading it: an installed one, or the default release. */
export function libraryIsThere(search?: LibrarySearch): boolean {
  if (search !== undefined) return candidates(search).length > 0;
  return candidates().length > 0 || defaultIsCached();
}

/** The name of the file that a path leads to in the end: `librocksdb.so` is often a link. */
function fileName(path: string): string {
  let real = path;
  try {
    real = Deno.realPathSync(path);
  } catch {
    // A bare soname is found by the loader alone; its name is all there is to tell.
  }
  return fileNameOf(real);
}

function open(path: string): RocksSymbols {
  // Deno's own object of many symbols is a dictionary to V8, and every call would look its function
  // up by hash; the copy is an ordinary object, whose properties compiled code knows.
  return { ...Deno.dlopen(path, REQUIRED).symbols };
}

/** @throws {StoreError} Where functions are missing. */
function refuseMissing(path: string, missing: readonly string[], mend: Mending): void {
  if (missing.includes("rocksdb_close")) {
    throw new StoreError(
      `Cannot use ${path} as librocksdb: it has none of RocksDB's C functions; ${mend.another}`,
      "load",
      "usage",
    );
  }
  if (missing.length > 0) {
    throw new StoreError(
      `Cannot use ${path}: this librocksdb is too old, it lacks ${missing[0]}` +
        (missing.length > 1 ? ` and ${missing.length - 1} more` : "") +
        `; ${mend.old}`,
      "load",
      "usage",
    );
  }
}

const REQUIRED_NAMES = Object.keys(REQUIRED);

/** Names of the required functions that the library at this path lacks. */
function missingSymbols(path: string, mend: Mending): string[] {
  const probe: Record<string, Deno.ForeignStatic & { optional: true }> = {};
  for (const name of REQUIRED_NAMES) {
    // A static's address is asked for, so that nothing is called and no signature is needed.
    probe[name] = { type: "pointer", optional: true };
  }
  try {
    const library = Deno.dlopen(path, probe);
    const missing = Object.entries(library.symbols as Record<string, unknown>)
      .filter(([, value]) => value === null || value === undefined).map(([name]) => name);
    library.close();
    return missing;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new StoreError(
      `Cannot load ${path} as librocksdb: ${loaderReason(error)}; ${mend.unloaded}`,
      "load",
      "usage",
    );
  }
}
