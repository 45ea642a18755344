export { KEY_BYTES, type KeyOrder, SequentialKeys, writeKey } from "./keys.ts";
export { makeValues } from "./values.ts";
