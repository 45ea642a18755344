/** Texts from elsewhere that repeat something: time grows by their length, and not by its square. */
import assert from "node:assert/strict";
import {
  code,
  codeBlock,
  type Document,
  heading,
  inline,
  list,
  paragraph,
  strong,
} from "./document.ts";
import { toHtml } from "./html/document.tsx";
import { inlineText } from "./inline_text.ts";
import { toMarkdown } from "./markdown.ts";

/** What a pattern may begin with, or run over, again at each place. */
const PARTS = ["\n", "\r", " ", "1,", "[", "*a", "`", "_", "\\", "<", "&", "/", "www.", "\x1b["];

/** A text as long as a hostile file's, with something behind it that ends no pattern well. */
function long(part: string): string {
  return `x${part.repeat(Math.ceil(200_000 / part.length))}x`;
}

function everywhere(text: string): Document {
  return {
    title: text,
    language: "en",
    blocks: [
      heading(2, text),
      paragraph([text, code(text), strong(text)]),
      list([inline(text)]),
      codeBlock(text),
    ],
  };
}

for (const part of PARTS) {
  Deno.test(`documents of a long text of ${JSON.stringify(part)} are soon written`, () => {
    const text = long(part);
    const start = performance.now();
    toHtml(everywhere(text));
    toMarkdown(everywhere(text));
    inlineText(inline(text));
    const ms = performance.now() - start;
    // By the square, half as many line ends took 24 s in each writer; all take 0.3 s by the length.
    assert.ok(ms < 5000, `${Math.round(ms)} ms`);
  });
}
