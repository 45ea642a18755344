/**
 * Finds librocksdb and loads it: from the environment variable, else the newest version in the
 * places where Debian, nixpkgs and Homebrew put it.
 */
import { basename } from "node:path";
import { StoreError } from "../error.ts";
import { type FunctionAddresses, functionAddresses } from "./addresses.ts";
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
}

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

let loaded: RocksLibrary | undefined;
/** What this machine's own search led to, and the environment variable's value then. */
let usual: { named: string | undefined; library: RocksLibrary } | undefined;

/**
 * Loads librocksdb. Loading again gives the same library; folders are searched only the first time,
 * since every database that is opened asks.
 *
 * @param search Where to look. @default {@linkcode defaultSearch}
 * @throws {StoreError} Where there is none, where the file is not RocksDB, or is too old.
 */
export function loadLibrary(search?: LibrarySearch): RocksLibrary {
  if (search !== undefined) return loadFound(search);
  const named = Deno.env.get(LIBRARY_VARIABLE);
  if (usual === undefined || usual.named !== named) {
    usual = { named, library: loadFound(defaultSearch()) };
  }
  return usual.library;
}

function loadFound(search: LibrarySearch): RocksLibrary {
  const [path] = candidates(search);
  if (path === undefined) {
    const looked = search.directories.slice(0, 4).join(", ");
    throw new StoreError(
      `Cannot find librocksdb: none in ${looked} or the Nix store; ` +
        `install it (Debian: apt-get install librocksdb7.8) or set ${LIBRARY_VARIABLE} to its file`,
      "load",
      "usage",
    );
  }
  if (loaded?.path !== path) {
    const symbols = open(path);
    loaded = { path, name: fileName(path), symbols, addresses: functionAddresses(path) };
  }
  return loaded;
}

/** Whether a librocksdb can be found, without loading it. */
export function libraryIsThere(search: LibrarySearch = defaultSearch()): boolean {
  return candidates(search).length > 0;
}

/** The name of the file that a path leads to in the end: `librocksdb.so` is often a link. */
function fileName(path: string): string {
  let real = path;
  try {
    real = Deno.realPathSync(path);
  } catch {
    // A bare soname is found by the loader alone; its name is all there is to tell.
  }
  return basename(real);
}

function open(path: string): RocksSymbols {
  const missing = missingSymbols(path);
  if (missing.includes("rocksdb_close")) {
    throw new StoreError(
      `Cannot use ${path} as librocksdb: it has none of RocksDB's C functions; ` +
        `set ${LIBRARY_VARIABLE} to librocksdb's file`,
      "load",
      "usage",
    );
  }
  if (missing.length > 0) {
    throw new StoreError(
      `Cannot use ${path}: this librocksdb is too old, it lacks ${missing[0]}` +
        (missing.length > 1 ? ` and ${missing.length - 1} more` : "") +
        `; install RocksDB 7 or newer, or set ${LIBRARY_VARIABLE} to one`,
      "load",
      "usage",
    );
  }
  // Deno's own object of many symbols is a dictionary to V8, and every call would look its function
  // up by hash; the copy is an ordinary object, whose properties compiled code knows.
  return { ...Deno.dlopen(path, REQUIRED).symbols };
}

/** Names of the required functions that the library at this path lacks. */
function missingSymbols(path: string): string[] {
  const probe: Record<string, Deno.ForeignStatic & { optional: true }> = {};
  for (const name of Object.keys(REQUIRED)) {
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
      `Cannot load ${path} as librocksdb: ${firstLine(error)}; ` +
        `set ${LIBRARY_VARIABLE} to librocksdb's file, or unset it to search the usual places`,
      "load",
      "usage",
    );
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? "").replace(/^Could not open library: /, "");
}
