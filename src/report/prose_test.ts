import assert from "node:assert/strict";
import * as fc from "fast-check";
import { anyText, HOSTILE_TEXTS } from "../analysis/_testing/arbitrary_result.ts";
import { code, type Inline, paragraph, strong } from "./document.ts";
import { toHtml } from "./html/document.tsx";
import { inlineText } from "./inline_text.ts";
import { toMarkdown } from "./markdown.ts";
import { oneLine } from "./plain_text.ts";
import { prose } from "./prose.ts";
import { readHtml } from "./_testing/html_reader.ts";
import { readMarkdown } from "./_testing/markdown_reader.ts";

const OWN = {};
const text = (text: string): Inline => ({ type: "text", text });
const stressed = (text: string): Inline => ({ type: "emphasis", text });

const read: [markdown: string, pieces: Inline[]][] = [
  ["Plain, with write_throughput and 3 * 4 * 5.", [
    text("Plain, with write_throughput and 3 * 4 * 5."),
  ]],
  ["a **b** *c* `d`", [text("a "), strong("b"), text(" "), stressed("c"), text(" "), code("d")]],
  ["**a `b` c**", [strong("a"), text(" "), code("b"), text(" "), strong("c")]],
  ["**a *b* c**", [strong("a b c")]],
  ["\\*a\\*", [text("*a*")]],
  ["see [the docs](https://a.b)", [text("see the docs (https://a.b)")]],
  ["https://a.b and a@b.c", [text("https://a.b and a@b.c")]],
  ["![a](b.png) <b>c</b> ~~d~~ &lt;", [text("![a](b.png) <b>c</b> ~~d~~ &lt;")]],
  ["# a", [text("# a")]],
  ["[a]: https://b.c", [text("[a]: https://b.c")]],
];
for (const [markdown, pieces] of read) {
  Deno.test(`prose() reads ${markdown}`, () => assert.deepEqual(prose(markdown, OWN), pieces));
}

Deno.test("prose() takes what was imported for plain text", () => {
  const imported = {
    format: "f",
    tool: "t",
    toolVersion: null,
    files: [],
    times: "files" as const,
  };
  assert.deepEqual(prose("a_b *c* `d`", { imported }), [text("a_b *c* `d`")]);
});

/** Holds both writers to show prose as text, and nothing of it as anything else. */
function assertShown(markdown: string): void {
  const pieces = prose(markdown, OWN);
  const blocks = [paragraph(pieces)];
  const document = { title: "A title", language: "en", blocks };
  const expected = inlineText(pieces) === "" ? [] : [inlineText(pieces)];
  const { texts, tags } = readHtml(toHtml(document));
  assert.deepEqual(texts, expected);
  assert.ok(tags.every(({ name, attributes }) => name !== "a" || attributes["href"] === "#"));
  assert.deepEqual(readMarkdown(toMarkdown(document)).map(oneLine), expected);
}

Deno.test("hostile prose is text in HTML and in Markdown", () => {
  for (const each of HOSTILE_TEXTS) {
    assertShown(each);
    assertShown(`**Before** ${each} *after*`);
  }
});

Deno.test("any prose is the same text in HTML and in Markdown", () => {
  const word = fc.oneof(
    anyText,
    fc.constantFrom("a", "b c", "**", "*", "`", " ", "_", "[x](y)", '"q"', ".", "\\", "<i>", "ä"),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 9 }), (words) => assertShown(words.join(""))),
    { seed: 1, numRuns: 1000 },
  );
});

Deno.test("prose() takes no longer than its length asks for, whatever is repeated in it", () => {
  for (const part of ["*a", "[", "1,", "`", "_a ", "](", "~~a", "<a", " *", "\\"]) {
    const long = part.repeat(Math.ceil(1e6 / part.length));
    const start = performance.now();
    assert.equal(prose(long, OWN).map((piece) => "text" in piece ? piece.text : "").join(""), long);
    prose(long.slice(0, 8000), OWN);
    const ms = performance.now() - start;
    // Quadratic time took 25 s and more of a tenth of it.
    assert.ok(ms < 5000, `${part}: ${Math.round(ms)} ms`);
  }
});
