export { parseOpenDescription, type PluginDescription } from "./description.ts";
export { loadPlugin, type PluginFile, pluginFile, type PluginLibrary } from "./library.ts";
export { errorText } from "./native_session.ts";
export { attachPlugin, openPlugin, type PluginOptions, PluginStore } from "./store.ts";
export { Code, Handle, Kind, type PluginSymbols, REVERSE } from "./symbols.ts";
export { textFrom } from "./text.ts";
