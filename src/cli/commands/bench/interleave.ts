/**
 * `bench --interleave`, and `--against` where the old side can still be run: what a second variant is,
 * and what differs in it, in words.
 */
import { basename } from "node:path";
import { isPath } from "../../../engine/mod.ts";
import type { BenchRequest, OtherSide, Plugins } from "../../../run/mod.ts";
import { findStoreKind, loadLibrary, parseStoreOptions, storeKind } from "../../../store/mod.ts";
import { isFile, isFolder } from "../../../disk/mod.ts";
import { baselineNames } from "../../baselines.ts";
import { UsageError } from "../../usage_error.ts";

/** The setting of two variants that do not differ: what is measured then is the noise. */
const SAME = "same";

/**
 * What `--against` names where that can still be run: `store=NAME`, `library=FILE`, store options as
 * in `--set`, `same`, or a shared library's file, which is a plug-in where one is measured, and a release
 * of RocksDB else.
 *
 * @param stores What is measured, as the call names it; plug-ins by their files.
 * @returns The settings; `undefined` of a saved name, a file or a directory, which is compared with.
 */
export function oldSide(text: string, stores: readonly string[]): string[] | undefined {
  if (baselineNames().includes(text) || isFolder(text)) return undefined;
  if (isLibraryFile(text)) {
    return [stores.some((store) => isPath(store)) ? `store=${text}` : `release=${text}`];
  }
  return isFile(text) || !/^(same$|[A-Za-z]\w*=)/.test(text) ? undefined : text.split(",");
}

function isLibraryFile(text: string): boolean {
  return /\.(so|dylib)(\.\d+)*$/.test(text) && isFile(text);
}

/**
 * The second variant of a bench.
 *
 * @param first What the rest of the call describes.
 * @param settings What is another in the second: `store=NAME`, `library=FILE`, store options as
 * in `--set`, or `same`.
 * @param plugins The files of its stores that are plug-ins.
 * @param role Which side it is.
 * @throws {UsageError} Where a setting cannot be, or the library is not there.
 * @throws {StoreError} Where a store cannot be opened with its options.
 */
export function otherSide(
  first: BenchRequest,
  settings: readonly string[],
  plugins: Plugins = {},
  role: OtherSide["role"] = "candidate",
): OtherSide {
  if (first.variants !== undefined && first.variants.length > 0) {
    throw new UsageError(
      "Cannot interleave a sweep: its values take turns by themselves; leave --interleave out",
    );
  }
  if (settings.includes(SAME) && settings.length > 1) {
    throw new UsageError(`Cannot interleave with ${settings.join(", ")}: same is nothing else`);
  }
  requireOneOfEach(settings);
  const valueOf = (name: string) =>
    settings.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
  const store = valueOf("store");
  const library = valueOf("library");
  const changed = parseStoreOptions(
    settings.filter((text) => text !== SAME && !/^(store|library)=/.test(text)),
  );
  const isNamed = (name: string) => findStoreKind(name)?.libraryIsNamed === true;
  if (library !== undefined && first.stores.some(isNamed)) {
    throw new UsageError(
      `Cannot interleave a plug-in with library=${library}: name the other plug-in, store=FILE`,
    );
  }
  const other: OtherSide = {
    role,
    ...(store !== undefined && { plugins }),
    ...(store !== undefined && { stores: [anotherStore(first, store)] }),
    storeOptions: { ...first.storeOptions, ...changed },
    library,
    differs: {
      ...(store !== undefined && { store }),
      // The file's own name: a result names no path.
      ...(library !== undefined && { library: basename(library) }),
      ...changed,
    },
  };
  if (library !== undefined) {
    requireLibraryFile(library);
    // The first has to have one as well, or the two would be of different kinds.
    loadLibrary();
    loadLibrary({ named: library, directories: [] });
  }
  for (const name of other.stores ?? first.stores) {
    storeKind(name).require({ ...first.storeOptions, ...changed });
  }
  return other;
}

/**
 * The library of one side of a bench that is gone on with: all else was decided when it began.
 *
 * @throws {UsageError} Where something else is named, or several.
 * @throws {StoreError} Where the file is no such library.
 */
export function libraryAgain(settings: readonly string[]): string {
  const [library, ...more] = settings.map((text) => text.match(/^library=(.+)$/)?.[1]);
  if (library === undefined || more.length > 0) {
    throw new UsageError(
      "Cannot take --interleave for an interrupted bench, which goes on as it was planned, but for " +
        "library=FILE, which names the library of one side again",
    );
  }
  requireLibraryFile(library);
  loadLibrary({ named: library, directories: [] });
  return library;
}

/** @throws {UsageError} Where there is no such file: how else a library is found does not matter then. */
function requireLibraryFile(library: string): void {
  if (isFile(library)) return;
  throw new UsageError(`Cannot use library=${library}: there is no such file; check the path`);
}

/** @throws {UsageError} Where the other side is to have two values of one option. */
function requireOneOfEach(settings: readonly string[]): void {
  const byName = Map.groupBy(settings, (text) => text.replace(/=.*$/s, ""));
  for (const [name, same] of byName) {
    if (same.length === 1 || name === SAME) continue;
    throw new UsageError(
      `Cannot interleave with ${same.join(" and ")}: one side has one value of ${name}; name one`,
    );
  }
}

function anotherStore(first: BenchRequest, store: string): string {
  if (first.stores.length !== 1) {
    throw new UsageError(
      `Cannot interleave ${first.stores.join(", ")} with the store ${store}: name one base, ` +
        "e.g. --store raw",
    );
  }
  return store;
}

/** What differs on one side: `wal=off`, or `the same`. */
export function differsInWords(differs: OtherSide["differs"]): string {
  const settings = Object.entries(differs).map(([name, value]) => `${name}=${value}`);
  return settings.length === 0 ? "the same" : settings.join(", ");
}
