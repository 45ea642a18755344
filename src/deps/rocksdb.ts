// @ts-types="./rocksdb.d.ts"
export { default } from "npm:rocksdb@5.2.1";
export type * from "./rocksdb.d.ts";
