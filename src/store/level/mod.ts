export { type LevelOptions, refuseUnknownOptions } from "./options.ts";
export { openLevel } from "./store.ts";
