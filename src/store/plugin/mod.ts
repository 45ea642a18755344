export { parseOpenDescription, type PluginDescription } from "./description.ts";
export { loadPlugin, type PluginFile, pluginFile, type PluginLibrary } from "./library.ts";
export { errorText } from "./native_session.ts";
export { AsyncPluginStore, openAsyncPlugin } from "./async_store.ts";
export { InFlight } from "./in_flight.ts";
export { attachPlugin, openPlugin, type PluginOptions, PluginStore } from "./store.ts";
export {
  Code,
  EventKind,
  Handle,
  Kind,
  NOT_FOUND,
  type PluginSymbols,
  REVERSE,
} from "./symbols.ts";
export { textFrom } from "./text.ts";
