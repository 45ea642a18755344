// @ts-types="./yauzl.d.ts"
export { default } from "npm:yauzl@3.4.0";
export type * from "./yauzl.d.ts";
