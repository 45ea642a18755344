import assert from "node:assert/strict";
import { firstText } from "./first_text.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("firstText() has all of a short text, letters of several bytes whole", async () => {
  const [head, tail] = [
    bytes("gr\u00fc\u00df").subarray(0, 3),
    bytes("gr\u00fc\u00df").subarray(3),
  ];
  assert.equal(await firstText(ReadableStream.from([head, tail])), "gr\u00fc\u00df");
});

Deno.test("firstText() ends a stream that has no end", async () => {
  let closed = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(bytes("y".repeat(1000))),
    cancel: () => {
      closed = true;
    },
  });
  assert.equal(await firstText(endless, 2500), "y".repeat(2500));
  assert.ok(closed, "who prints hears that nobody listens");
});
