/** The stores by name: what there is, what can be opened on this machine, and how. */
import type { Store, StoreOptions } from "./contract.ts";
import { StoreError } from "./error.ts";
import { requireBuild } from "./level/build.ts";
import { refuseUnknownOptions } from "./level/options.ts";
import { libraryIsThere, loadLibrary } from "./raw/mod.ts";

/** A kind of store. */
export interface StoreKind {
  /** The name on the command line and in a benchmark's id. */
  name: string;
  /** One line for the help. */
  summary: string;
  /** Which form of the contract it has on this machine. */
  api(): "sync" | "async";
  /** What this machine lacks to open the store, as a sentence's text; `undefined` where nothing. */
  missing(): string | undefined;
  /**
   * Makes sure that the store could be opened here, with these options.
   *
   * @throws {StoreError} Why it cannot.
   */
  require(options: StoreOptions): void;
  /** Opens a database in a directory of its own. */
  open(path: string, options: StoreOptions): Promise<Store>;
}

/** What there is to say where no librocksdb is found. One that is found and unfit is an error. */
function missingLibrary(): string | undefined {
  return libraryIsThere() ? undefined : refusal(loadLibrary);
}

/** What a check says against this machine, if anything. */
function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}

/** Whether level can be opened, with these options. */
function requireLevel(options: StoreOptions): void {
  requireBuild();
  refuseUnknownOptions(options);
}

/** The stores that can be measured; the modules behind them are loaded when they are opened. */
export const STORES: readonly StoreKind[] = [
  {
    name: "raw",
    summary: "RocksDB through librocksdb's C API, nothing in between",
    api: () => "sync",
    missing: missingLibrary,
    require: () => void loadLibrary(),
    async open(path, options) {
      const { openRaw } = await import("./raw/mod.ts");
      return openRaw(path, options);
    },
  },
  {
    name: "kvstore",
    summary:
      "the etcd-style multi-version store, over raw, or over level where there is no librocksdb",
    api: () => libraryIsThere() ? "sync" : "async",
    // Where neither engine is there, librocksdb is the one that can be had.
    missing: () => refusal(requireBuild) && missingLibrary(),
    require(options) {
      if (libraryIsThere()) loadLibrary();
      else requireLevel(options);
    },
    async open(path, options) {
      const { KVSTORE_FAMILIES, openKvStore, openKvStoreAsync } = await import("./kvstore/mod.ts");
      const families = KVSTORE_FAMILIES;
      if (libraryIsThere()) {
        const { openRaw } = await import("./raw/mod.ts");
        return openKvStore(openRaw(path, { ...options, families }));
      }
      const { openLevel } = await import("./level/mod.ts");
      return await openKvStoreAsync(await openLevel(path, { ...options, families }));
    },
  },
  {
    name: "level",
    summary: "RocksDB through npm:rocksdb, asynchronous, needs nothing installed",
    api: () => "async",
    missing: () => refusal(requireBuild),
    require: requireLevel,
    async open(path, options) {
      const { openLevel } = await import("./level/mod.ts");
      return await openLevel(path, options);
    },
  },
];

/** The stores that do nothing; they calibrate the loops and are no benchmark's subject. */
const CALIBRATION: readonly StoreKind[] = [
  {
    name: "null",
    summary: "does nothing: the floor of the synchronous loops",
    api: () => "sync",
    missing: () => undefined,
    require: () => {},
    async open() {
      const { NullStore } = await import("./null.ts");
      return new NullStore();
    },
  },
  {
    name: "null-async",
    summary: "does nothing through promises: the floor of the asynchronous loops",
    api: () => "async",
    missing: () => undefined,
    require: () => {},
    async open() {
      const { AsyncNullStore } = await import("./null.ts");
      return new AsyncNullStore();
    },
  },
];

/** The calibrating store of a form. */
export function calibrationStore(api: "sync" | "async"): string {
  return api === "sync" ? "null" : "null-async";
}

/**
 * The store of a name.
 *
 * @throws {StoreError} Where there is none.
 */
export function storeKind(name: string): StoreKind {
  const kind = [...STORES, ...CALIBRATION].find((kind) => kind.name === name);
  if (kind === undefined) {
    throw new StoreError(
      `Cannot use the store ${JSON.stringify(name)}: there is ${
        STORES.map((store) => store.name).join(", ")
      }`,
      "open",
      "usage",
    );
  }
  return kind;
}
