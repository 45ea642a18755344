// @ts-types="./std_fmt_duration.d.ts"
export * from "npm:deno-std@1.4.0/fmt/duration.js";
