import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";

/** How to open a level store. */
export interface LevelOptions extends StoreOptions {
  /**
   * Column families after the default one. The package knows no column families: where any are
   * asked for, every key gets its family's number as a first byte.
   * @default []
   */
  families?: readonly string[];
}

/** Options that {@linkcode refuseUnknownOptions} refuses, whatever else their value asks for. */
export const NOT_OF_LEVEL: readonly string[] = [
  "release",
  "defaults",
  "engineOptions",
  "bloomBits",
  "directIo",
  "statistics",
];

/**
 * Refuses the options that npm:rocksdb cannot set, rather than measuring without them.
 *
 * @throws {StoreError} Names the first one.
 */
export function refuseUnknownOptions(options: StoreOptions): void {
  const refused = [
    options.release !== undefined && `release=${options.release}`,
    options.defaults === "engine" && "defaults=engine",
    options.engineOptions !== undefined && "engineOptions",
    options.wal === "off" && "wal=off",
    options.compression !== undefined && !["none", "snappy"].includes(options.compression) &&
    `compression=${options.compression}`,
    (options.bloomBits ?? 0) > 0 && "bloomBits",
    options.directIo === true && "directIo",
    options.statistics === true && "statistics",
    options.blockCacheBytes === 0 && "blockCacheBytes=0",
  ].find((option) => option !== false);
  if (refused !== undefined) {
    throw new StoreError(
      `Cannot open the store level with ${refused}: npm:rocksdb has no such setting; use the store raw for it`,
      "open",
      "usage",
    );
  }
}
