import assert from "node:assert/strict";
import { Hub } from "./hub.ts";

/** A frame from one machine to another one; their addresses differ in the last byte. */
const frame = (from: number, to: number | "all") =>
  Uint8Array.of(
    ...(to === "all" ? [255, 255, 255, 255, 255, 255] : [2, 0, 0, 0, 1, to]),
    ...[2, 0, 0, 0, 1, from],
  );

Deno.test("a Hub sends to all until it has heard of the receiver, and then to it alone", () => {
  const hub = new Hub(3);
  const route = (from: number, to: number | "all") => hub.route(frame(from, to), 12, from);
  assert.deepEqual(route(0, 2), [1, 2]);
  assert.deepEqual(route(2, 0), [0]);
  assert.deepEqual(route(0, 2), [2]);
  assert.deepEqual(route(1, "all"), [0, 2]);
  // What is for the sender's own side goes nowhere.
  assert.deepEqual(hub.route(frame(0, 2), 12, 2), []);
});

Deno.test("a Hub sends no frame that is too short to be one", () => {
  assert.deepEqual(new Hub(3).route(new Uint8Array(20), 11, 0), []);
});
