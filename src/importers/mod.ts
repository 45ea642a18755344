/** Importers: the outputs of other tools, as results. */
export { FORMATS, type HdrUnit } from "./format.ts";
export { type ImportOptions, importResult } from "./import_result.ts";
