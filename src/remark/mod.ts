/** What is said where a condition holds: its shape, and the limits that conditions test. */
export * from "./limits.ts";
export * from "./remark.ts";
