/**
 * The files of a bench's plug-ins. A person names each of them on the command line or in a suite; no
 * result, note or name of a store says what is loaded.
 */

/** A plug-in's file. */
export interface PluginPlace {
  path: string;
  sha256: string;
  /** Which form of the contract it has. @default sync */
  api?: "sync" | "async";
}

/** The files by the store's name, as `plugin@chainfire`. */
export type Plugins = Readonly<Record<string, PluginPlace>>;

/** The file of a store, whatever else is another in it; `undefined` of one that is no plug-in. */
export function pluginOf(plugins: Plugins, store: string): PluginPlace | undefined {
  const name = Object.keys(plugins).find((name) => store === name || store.startsWith(`${name}@`));
  return name === undefined ? undefined : plugins[name];
}
