export { type LevelOptions, refuseUnknownOptions } from "./options.ts";
export { LevelStore, openLevel } from "./store.ts";
