/** Markdown and HTML: whatever a text holds, both show it as it is and nothing else. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { anyResult, anyText, HOSTILE_TEXTS } from "../analysis/arbitrary_result.ts";
import { analyse } from "../analysis/mod.ts";
import { buildBaselineReport } from "./baseline_report.ts";
import {
  type Block,
  code,
  codeBlock,
  type Document,
  figure,
  heading,
  type Inline,
  inline,
  list,
  paragraph,
  status,
  strong,
  table,
  type Words,
} from "./document.ts";
import { readHtml } from "./html_reader.ts";
import { toHtml } from "./html.ts";
import { toMarkdown } from "./markdown.ts";
import { lines, oneLine } from "./plain_text.ts";
import { statusText } from "./status_text.ts";

function document(...blocks: Block[]): Document {
  return { title: "A title", language: "en", blocks };
}

/** The text of a run as a reader sees it. */
function plain(content: readonly Inline[]): string {
  return oneLine(
    content.map((piece) =>
      piece.type === "status"
        ? statusText(piece.status)
        : piece.type === "text"
        ? piece.text
        : oneLine(piece.text)
    ).join(""),
  );
}

/** The texts that a document's HTML has to show, block by block. */
function expectedTexts({ blocks }: Document): string[] {
  return blocks.flatMap((block) => {
    switch (block.type) {
      case "heading":
        return [plain(block.content)];
      case "paragraph": {
        const text = plain(block.content);
        return text === "" ? [] : [text];
      }
      case "list":
        return block.items.map(plain);
      case "table":
        return [
          ...block.columns.map(({ header }) => oneLine(header)),
          ...block.rows.flatMap((row) => row.map(plain)),
        ];
      case "code-block":
        return [oneLine(lines(block.text))];
      case "figure":
        return [];
    }
  });
}

/** Holds a document's HTML, which is made of its Markdown, against the document itself. */
function assertShown(shown: Document): void {
  const { texts, tags } = readHtml(toHtml(shown));
  assert.deepEqual(texts, expectedTexts(shown));
  for (const { name, attributes } of tags) {
    const { href } = attributes;
    if (name === "a") assert.match(href!, /^#[a-z0-9-]+$/);
    else assert.equal(href, undefined);
  }
}

const blocksOf = (text: string): Block[] => [
  heading(2, text),
  paragraph(text),
  paragraph(["Before ", text, " after ", code(text), "."]),
  list([text, ["Named ", code(text)], "plain"]),
  table(["Name", ">Value"], [[text, [code(text)]], [["a ", text], "b"]]),
  codeBlock(text),
  figure("id", text),
  paragraph("The end."),
];

Deno.test("toMarkdown() and toHtml() show hostile texts as they are", () => {
  for (const text of HOSTILE_TEXTS) {
    if (text.trim() === "") continue;
    assertShown(document(heading(1, "A title"), ...blocksOf(text)));
  }
});

Deno.test("toMarkdown() and toHtml() show any text as it is", () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 3 }), (texts) => {
      assertShown(document(heading(1, "A title"), ...texts.flatMap(blocksOf)));
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("toMarkdown() and toHtml() show any mix of texts, code and outcomes", () => {
  const piece: fc.Arbitrary<Inline | string> = fc.oneof(
    anyText,
    anyText.map(code),
    fc.constant(status("met")),
    fc.constant(strong("Name:")),
  );
  // Words stand apart: what touches code or an outcome is the report's own punctuation.
  const words = fc.array(piece, { maxLength: 4 })
    .map((pieces): Words => pieces.flatMap((own) => [own, " "]));
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 3 }), (runs) => {
      const shown = runs.filter((run) => plain(inline(run)) !== "");
      assertShown(document(
        heading(1, "A title"),
        ...shown.map(paragraph),
        ...(shown.length > 0 ? [list(shown)] : []),
        table(["A", "B"], [...shown.map((run) => [run, run]), ["end", "end"]]),
      ));
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("toMarkdown() and toHtml() say the same of any result", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      assertShown(buildBaselineReport(result, analyse(result, { resamples: 20 })));
    }),
    { seed: 1, numRuns: 150 },
  );
});

Deno.test("toMarkdown() leaves harmless text as people write it", () => {
  const text = "write_throughput/10000 took 1.05 µs (1.04–1.06), 5.9% & 3 + 4 - 1 = 6!";
  assert.equal(toMarkdown(document(paragraph(text))), `${text}\n`);
});

const escaped: [text: string, markdown: string][] = [
  ["<b>", "\\<b\\>"],
  ["[a](b)", "\\[a\\](b)"],
  ["a | b", "a \\| b"],
  ["# a", "\\# a"],
  ["- a", "\\- a"],
  ["12. a", "12\\. a"],
  ["_a_ b_c", "\\_a\\_ b_c"],
  ["&lt; & co", "\\&lt; & co"],
  ["https://a.b www.a.b", "https\\://a.b www\\.a.b"],
  ["a\nb\tc", "a b c"],
  ["\u001b[31mred", "\ufffd\\[31mred"],
];
Deno.test("toMarkdown() escapes what means something", () => {
  for (const [text, markdown] of escaped) {
    assert.equal(toMarkdown(document(paragraph(text))), `${markdown}\n`);
  }
});

Deno.test("toMarkdown() writes code with a fence that its text does not hold", () => {
  const inlineCode = (text: string) => toMarkdown(document(paragraph([code(text)]))).trim();
  assert.equal(inlineCode("a"), "`a`");
  assert.equal(inlineCode("a`b"), "``a`b``");
  assert.equal(inlineCode("`"), "`` ` ``");
  assert.equal(toMarkdown(document(codeBlock("a\n```\nb"))), "````text\na\n```\nb\n````\n");
});

Deno.test("toMarkdown() writes tables with alignment, and pipes inside cells", () => {
  assert.equal(
    toMarkdown(document(table(["Name", ">Value"], [["a|b", [code("c|d")]]]))),
    "| Name | Value |\n| --- | ---: |\n| a\\|b | c\\|d |\n",
  );
});

Deno.test("toHtml() forbids everything that could load or run, and says its language", () => {
  const html = toHtml(document(heading(1, "A title"), heading(2, "Part"), figure("a", "A figure")));
  const { tags } = readHtml(html);
  const policy = tags.find(({ attributes }) => attributes["http-equiv"] !== undefined)!;
  assert.equal(policy.attributes["http-equiv"], "Content-Security-Policy");
  assert.match(policy.attributes["content"]!, /^default-src 'none';/);
  assert.ok(!/script-src|connect-src|https?:/.test(policy.attributes["content"]!));
  assert.equal(tags.find(({ name }) => name === "html")!.attributes["lang"], "en");
  assert.ok(tags.some(({ attributes }) => attributes["name"] === "viewport"));
  assert.ok(!/<(script|link|img|iframe|object|base|form)\b|url\(|@import/.test(html));
  assert.ok(!html.includes("A figure"));
});

Deno.test("toHtml() gives headings anchors of their own, and folds what is to be folded", () => {
  const html = toHtml(document(
    heading(1, "Same"),
    heading(2, "Same"),
    heading(2, "Raw", true),
    heading(3, "Inside"),
    paragraph("folded"),
    heading(2, "<*>"),
    paragraph("open"),
  ));
  const { tags } = readHtml(html);
  const anchors = tags.flatMap(({ attributes }) => attributes["id"] ?? []);
  assert.deepEqual(anchors, ["same", "same-2", "raw", "inside", "section"]);
  assert.match(
    html,
    /<details class="folded">\n<summary><h2 id="raw">Raw<\/h2><\/summary>\n<h3[^>]*>Inside<\/h3>\n<p>folded<\/p>\n<\/details>\n<h2/,
  );
});
