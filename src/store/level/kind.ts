import type { StoreOptions } from "../contract.ts";
import { refusal, type StoreKind } from "../kind.ts";
import { ROCKSDB_PROPERTIES } from "../rocksdb_properties.ts";
import { refuseServerOptions } from "../server_options.ts";
import { requireBuild } from "./build.ts";
import { refuseUnknownOptions } from "./options.ts";

/** Makes sure that npm:rocksdb can open a database here, with these options. */
function requireLevel(options: StoreOptions): void {
  requireBuild();
  refuseServerOptions(options);
  refuseUnknownOptions(options);
}

/** RocksDB where nothing can be installed. */
export const LEVEL: StoreKind = {
  name: "level",
  summary: "RocksDB through npm:rocksdb, asynchronous, needs nothing installed",
  api: () => "async",
  // Its asynchronous interface takes many times what RocksDB takes.
  informational: () => true,
  missing: () => refusal(requireBuild),
  require: requireLevel,
  async open(path, options) {
    const { openLevel } = await import("./store.ts");
    return await openLevel(path, options);
  },
  inFlight: true,
  properties: ROCKSDB_PROPERTIES,
  // Read by node-gyp-build, which finds the addon, and by readable-stream beneath the package.
  variables: [
    "PREBUILDS_ONLY",
    "npm_config_arch",
    "npm_config_platform",
    "LIBC",
    "ARM_VERSION",
    "UV_VERSION",
    "ELECTRON_RUN_AS_NODE",
    "READABLE_STREAM",
    "NODE_DEBUG",
  ],
};
