/** The result: its schema, its journal, reading and writing. */
export * from "./bench_files.ts";
export { contentOf, copyOf } from "./copies.ts";
export * from "./error.ts";
export * from "./from_journal.ts";
export * from "./histogram.ts";
export * from "./issue.ts";
export * from "./journal.ts";
export * from "./night.ts";
export * from "./read.ts";
export * from "./schema.ts";
export * from "./variant.ts";
export * from "./write.ts";
