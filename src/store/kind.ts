import type { FactName } from "../result/mod.ts";
import type { AsyncStore, Store, StoreClient, StoreOptions } from "./contract.ts";
import { StoreError } from "./error.ts";

/** A kind of store: all that the rest of the house knows of it before it is opened. */
export interface StoreKind {
  /** The name on the command line and in a benchmark's id. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Which form of the contract it has on this machine, with these options. */
  api(options: StoreOptions): "sync" | "async";
  /**
   * Whether it tells more of the way to the engine than of the engine, with these options. That is
   * information: no target is held against it, and of a suite's own stores it is measured only where
   * none of the others can be.
   */
  informational(options: StoreOptions): boolean;
  /**
   * What this machine lacks to open the store with these options, as a sentence's text; `undefined`
   * where nothing.
   */
  missing(options: StoreOptions): string | undefined;
  /**
   * Makes sure that the store could be opened here, with these options.
   *
   * @throws {StoreError} Why it cannot.
   */
  require(options: StoreOptions): void;
  /** Opens a database in a directory of its own. */
  open(path: string, options: StoreOptions): Promise<Store>;
  /**
   * Uses a database that another thread of this process has opened; absent where the store is one
   * thread by nature.
   *
   * @param shared What the open store's `share` gave.
   * @param options As it was opened with.
   */
  attach?(shared: unknown, options: StoreOptions): Promise<StoreClient>;
  /**
   * Whether one thread can have many of its operations in flight: clients of a load are operations in
   * flight then, and not threads.
   */
  readonly inFlight?: true;
  /** Whether what it opens for operations in flight serves etcd's requests. */
  readonly etcdApi?: true;
  /** Whether a database of it that is open can be kept as it is, by the store's `checkpoint`. */
  readonly checkpoints?: true;
  /**
   * Opens a database in the form that has operations in flight, where that is another than the one that
   * {@linkcode StoreKind.open} gives.
   */
  openInFlight?(path: string, options: StoreOptions): Promise<AsyncStore>;
  /**
   * The engine's properties that a run records when its last sample has been taken, and the fact
   * that each one tells. They say where the data was and what the engine was still to do.
   */
  readonly properties: Readonly<Record<string, FactName>>;
  /** The environment variables that opening it reads. A run's process may read no others. */
  readonly variables: readonly string[];
  /**
   * What of the machine its process needs beyond reading files and the engine's library, with these
   * options. @default nothing
   */
  reach?(options: StoreOptions): Reach;
  /**
   * Options that are no longer this program's to choose with these: a suite that measures the store in
   * several of their values has it once then. @default none
   */
  decided?(options: StoreOptions): readonly string[];
  /**
   * Looks whether the programs that opening it starts are what they should be.
   *
   * @param path What errors call the database.
   * @throws {StoreError} Where they are not.
   */
  requirePrograms?(path: string): Promise<void>;
  /** The store that does nothing and is spoken to as this one. @default the one of its form */
  readonly calibration?: string;
  /** The variable among them that names the engine's library, where there is one. */
  readonly libraryVariable?: string;
  /** Whether that library is named by a person each time, and never found or obtained. */
  readonly libraryIsNamed?: true;
}

/** What a run's process may do for its store. */
export interface Reach {
  /** The servers that it speaks to, as Deno's permission names them. */
  hosts: readonly string[];
  /** The programs that it starts, by their paths. */
  programs: readonly string[];
  /** Whether those servers run already, and may turn out to be none that can be used. */
  running?: true;
}

/** What a check says against this machine, if anything. */
export function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}
