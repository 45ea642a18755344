export { loadPlugin, type PluginFile, pluginFile, type PluginLibrary } from "./library.ts";
export { openPlugin, PluginStore } from "./store.ts";
export type { PluginOptions } from "./store.ts";
