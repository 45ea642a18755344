export { levelIsThere } from "./build.ts";
export { type LevelOptions, refuseUnknownOptions } from "./options.ts";
export { openLevel } from "./store.ts";
