/** What machine this is, what else it does, and whether it is fit to measure on. */
export * from "./collect.ts";
export * from "./commit.ts";
export * from "./doctor/examine.ts";
export * from "./hide_home.ts";
export * from "./pressure.ts";
export type * from "./source.ts";
