export { TIKV } from "./kind.ts";
export { openTikv } from "./store.ts";
