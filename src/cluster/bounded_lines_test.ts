import assert from "node:assert/strict";
import fc from "fast-check";
import { boundedLines } from "./bounded_lines.ts";

function stream(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(pieces);
}

Deno.test("boundedLines() has the lines whatever pieces they come in", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
      const bytes = new TextEncoder().encode(lines.map((text) => `${text}\n`).join(""));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
      assert.deepEqual(await Array.fromAsync(boundedLines(stream(pieces))), lines);
    }),
    { seed: 1 },
  );
});

Deno.test("boundedLines() takes \\r\\n, and a last line without an end", async () => {
  const bytes = new TextEncoder().encode("a\r\nb\nc");
  assert.deepEqual(await Array.fromAsync(boundedLines(stream([bytes]))), ["a", "b", "c"]);
});

Deno.test("boundedLines() gives a line up that has no end, and takes nothing more", async () => {
  let taken = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken++;
      controller.enqueue(new Uint8Array(1000).fill(65));
    },
  });
  await assert.rejects(() => Array.fromAsync(boundedLines(endless, 10_000)), {
    name: "NodeFault",
    message: /^it sends a line without an end/,
  });
  assert.ok(taken < 30, `${taken} pieces`);
});
