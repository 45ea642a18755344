import assert from "node:assert/strict";
import fc from "fast-check";
import { hasUnseen, printable, printableLines } from "./printable.ts";

const hostile: [name: string, text: string, expected: string][] = [
  ["an escape", "\x1b[31mred", "\\u001b[31mred"],
  ["OSC 52", "\x1b]52;c;ZXZpbA==\x07", "\\u001b]52;c;ZXZpbA==\\u0007"],
  ["C1's own escape", "\u009b2J", "\\u009b2J"],
  ["a bidi mark", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["a line of its own", "a\nerror: b\r\u2028\u2029", "a\\u000aerror: b\\u000d\\u2028\\u2029"],
  ["half a surrogate pair", "a\ud800b", "a\\ud800b"],
  ["a tag of another plane", "a\u{e0041}b", "a\\udb40\\udc41b"],
  ["a word", "µs – “ok” 😀", "µs – “ok” 😀"],
];
Deno.test.each(hostile)("printable() makes %s harmless", (_name, text, expected) => {
  assert.equal(printable(text), expected);
  assert.equal(hasUnseen(text), text !== expected);
});

Deno.test("printableLines() keeps line ends and tabs, and nothing else", () => {
  assert.equal(printableLines("a\r\n\tb\rc\x1b\n"), "a\n\tb\\u000dc\\u001b\n");
});

Deno.test("printable() leaves nothing unseen, and changes nothing twice", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.ok(!hasUnseen(printable(text)));
      assert.equal(printable(printable(text)), printable(text));
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("printable() of JSON is JSON of the same value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(JSON.parse(printable(JSON.stringify(text))), text);
      assert.deepEqual(JSON.parse(printableLines(JSON.stringify([text], null, 2))), [text]);
    }),
    { seed: 2, numRuns: 500 },
  );
});
