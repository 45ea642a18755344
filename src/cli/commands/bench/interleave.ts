/** `bench --interleave`: what a second variant is, and what differs in it, in words. */
import { basename } from "node:path";
import type { BenchRequest, Candidate, Plugins } from "../../../run/mod.ts";
import { findStoreKind, loadLibrary, parseStoreOptions, storeKind } from "../../../store/mod.ts";
import { UsageError } from "../../usage_error.ts";

/** The setting of two variants that do not differ: what is measured then is the noise. */
const SAME = "same";

/**
 * The second variant of a bench.
 *
 * @param base What the rest of the call describes.
 * @param settings What is another in the candidate: `store=NAME`, `library=FILE`, store options as
 * in `--set`, or `same`.
 * @param plugins The files of its stores that are plug-ins.
 * @throws {UsageError} Where a setting cannot be, or the library is not there.
 * @throws {StoreError} Where a store cannot be opened with its options.
 */
export function candidateOf(
  base: BenchRequest,
  settings: readonly string[],
  plugins: Plugins = {},
): Candidate {
  if (base.variants !== undefined && base.variants.length > 0) {
    throw new UsageError(
      "Cannot interleave a sweep: its values take turns by themselves; leave --interleave out",
    );
  }
  if (settings.includes(SAME) && settings.length > 1) {
    throw new UsageError(`Cannot interleave with ${settings.join(", ")}: same is nothing else`);
  }
  const valuesOf = (name: string) =>
    settings.flatMap((text) => text.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : []);
  const store = valuesOf("store").at(-1);
  const library = valuesOf("library").at(-1);
  const changed = parseStoreOptions(
    settings.filter((text) => text !== SAME && !/^(store|library)=/.test(text)),
  );
  const isNamed = (name: string) => findStoreKind(name)?.libraryIsNamed === true;
  if (library !== undefined && base.stores.some(isNamed)) {
    throw new UsageError(
      `Cannot interleave a plug-in with library=${library}: name the other plug-in, store=FILE`,
    );
  }
  const candidate: Candidate = {
    ...(store !== undefined && { plugins }),
    ...(store !== undefined && { stores: [anotherStore(base, store)] }),
    storeOptions: { ...base.storeOptions, ...changed },
    library,
    differs: {
      ...(store !== undefined && { store }),
      // The file's own name: a result names no path.
      ...(library !== undefined && { library: basename(library) }),
      ...changed,
    },
  };
  if (library !== undefined) {
    // The base has to have one as well, or the two would be of different kinds.
    loadLibrary();
    loadLibrary({ named: library, directories: [] });
  }
  for (const name of candidate.stores ?? base.stores) {
    storeKind(name).require({ ...base.storeOptions, ...changed });
  }
  return candidate;
}

/**
 * The library of a candidate that is gone on with: all else was decided when it began.
 *
 * @throws {UsageError} Where something else is named, or several.
 * @throws {StoreError} Where the file is no such library.
 */
export function libraryAgain(settings: readonly string[]): string {
  const [library, ...more] = settings.map((text) => text.match(/^library=(.+)$/)?.[1]);
  if (library === undefined || more.length > 0) {
    throw new UsageError(
      "Cannot take --interleave for an interrupted bench, which goes on as it was planned, but for " +
        "library=FILE, which names its candidate's library again",
    );
  }
  loadLibrary({ named: library, directories: [] });
  return library;
}

function anotherStore(base: BenchRequest, store: string): string {
  if (base.stores.length !== 1) {
    throw new UsageError(
      `Cannot interleave ${base.stores.join(", ")} with the store ${store}: name one base, ` +
        "e.g. --store raw",
    );
  }
  return store;
}

/** What differs in the candidate: `wal=off`, or `the same`. */
export function differsInWords(differs: Candidate["differs"]): string {
  const settings = Object.entries(differs).map(([name, value]) => `${name}=${value}`);
  return settings.length === 0 ? "the same" : settings.join(", ");
}
