import { StoreError } from "../error.ts";
import type { StoreKind } from "../kind.ts";
import { refuseServerOptions } from "../server_options.ts";
import type { SharedPlugin } from "./store.ts";
import { PLUGIN_PROPERTIES } from "./stats.ts";

/**
 * The environment variable by which a run's process is told its plug-in's file. It is set by whoever
 * starts the run: no result, suite name or directory says what is loaded.
 */
export const PLUGIN_VARIABLE = "TIDEMARK_PLUGIN";

/** Options that are RocksDB's, and no plug-in can be asked for. */
const NOT_OF_PLUGINS = ["release", "defaults"] as const;

const UNNAMED =
  "No plug-in is named: give its library's path, with a slash, e.g. --store ./libmine.so";

/** Any engine behind the C interface. */
export const PLUGIN: StoreKind = {
  name: "plugin",
  summary: "any engine behind a small C ABI, by its library's path",
  // One that is asynchronous says so itself, to who has loaded it.
  api: () => "sync",
  informational: () => false,
  missing: () => undefined,
  require(options) {
    refuseServerOptions(options);
    const odd = NOT_OF_PLUGINS.find((name) => options[name] !== undefined);
    if (odd !== undefined) {
      throw new StoreError(
        `Cannot set ${odd} of a plug-in: it is an option of RocksDB's libraries; leave it out`,
        "open",
        "usage",
      );
    }
  },
  async open(path, options) {
    const file = Deno.env.get(PLUGIN_VARIABLE);
    if (file === undefined || file === "") throw new StoreError(UNNAMED, "open", "usage");
    const { loadPlugin } = await import("./library.ts");
    const library = loadPlugin(file);
    if (library.description.api === "async") {
      const { openAsyncPlugin } = await import("./async_store.ts");
      return openAsyncPlugin(path, { ...options, library });
    }
    const { openPlugin } = await import("./store.ts");
    return openPlugin(path, { ...options, library });
  },
  async attach(shared) {
    const { attachPlugin } = await import("./store.ts");
    return attachPlugin(shared as SharedPlugin);
  },
  properties: PLUGIN_PROPERTIES,
  variables: [PLUGIN_VARIABLE],
  libraryVariable: PLUGIN_VARIABLE,
  libraryIsNamed: true,
};
