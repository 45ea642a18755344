export { type LevelOptions, LevelStore, openLevel } from "./store.ts";
