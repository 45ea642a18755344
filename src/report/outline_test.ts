import assert from "node:assert/strict";
import { heading, paragraph } from "./document.ts";
import { allSections, outlineOf } from "./outline.ts";

const document = {
  title: "A title",
  language: "en",
  blocks: [
    paragraph("before"),
    heading(1, "Title"),
    paragraph("one"),
    heading(3, "Deep"),
    paragraph("two"),
    heading(2, "Deep"),
    heading(3, "É"),
    paragraph("three"),
    paragraph("four"),
    heading(2, ["Last ", "one"]),
  ],
};

Deno.test("outlineOf() puts what follows a heading under it, up to the next as large", () => {
  const { blocks, parts } = outlineOf(document);
  assert.deepEqual(blocks, [paragraph("before")]);
  const [title, ...others] = parts;
  assert.deepEqual(others, []);
  assert.deepEqual(title!.blocks, [paragraph("one")]);
  assert.deepEqual(
    title!.parts.map(({ anchor, blocks, parts }) => [anchor, blocks.length, parts.length]),
    [["deep", 1, 0], ["deep-2", 0, 1], ["last-one", 0, 0]],
  );
});

Deno.test("allSections() keeps the document's order and loses nothing", () => {
  const sections = allSections(outlineOf(document));
  assert.deepEqual(
    sections.map(({ anchor }) => anchor),
    ["title", "deep", "deep-2", "section", "last-one"],
  );
  const blocks = sections.flatMap(({ heading, blocks }) => [heading, ...blocks]);
  assert.deepEqual(blocks, document.blocks.slice(1));
});
