/** Markdown and HTML: whatever a text holds, both show it as it is and nothing else. */
import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { Marked } from "marked";
import { anyResult, anyText, HOSTILE_TEXTS } from "../analysis/_testing/arbitrary_result.ts";
import { analyse } from "../analysis/mod.ts";
import { Random } from "../stats/mod.ts";
import { buildBaselineReport } from "./baseline_report.ts";
import {
  type Block,
  code,
  codeBlock,
  type Document,
  type Figure,
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
import { readHtml } from "./_testing/html_reader.ts";
import { readMarkdown } from "./_testing/markdown_reader.ts";
import { toHtml } from "./html/document.tsx";
import { inlineText } from "./inline_text.ts";
import { toMarkdown } from "./markdown.ts";
import { lines, oneLine } from "./plain_text.ts";
import { hover, label } from "./plots/svg.ts";

function document(...blocks: Block[]): Document {
  return { title: "A title", language: "en", blocks };
}

/** The text of a run as a reader sees it. */
function plain(content: readonly Inline[]): string {
  return oneLine(
    content.map((piece) => piece.type === "text" ? piece.text : oneLine(inlineText([piece]))).join(
      "",
    ),
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
          ...block.rows.flatMap((row) => row.map(({ content }) => plain(content))),
        ];
      case "code-block":
        return [oneLine(lines(block.text))];
      case "figure":
        return [];
    }
  });
}

/** The texts that a figure's caption and numbers have to show. */
function figureTexts({ title, caption, numbers }: Figure): string[] {
  const cells = numbers.rows.flatMap((row) => row.map(({ content }) => plain(content)));
  return [`${oneLine(title)}.`, oneLine(caption), "Numbers of this figure"]
    .concat(numbers.columns.map(({ header }) => oneLine(header)), cells)
    .filter((text) => text !== "");
}

/** Holds a document's HTML and its Markdown against the document itself. */
function assertShown(shown: Document): void {
  const { texts, figures, tags } = readHtml(toHtml(shown));
  const expected = expectedTexts(shown);
  assert.deepEqual(texts, expected);
  assert.deepEqual(readMarkdown(toMarkdown(shown)), expected);
  const drawn = shown.blocks.filter((block) => block.type === "figure");
  assert.equal(figures.length, drawn.length);
  for (const [index, figure] of drawn.entries()) {
    const expected = figureTexts(figure).join(" ");
    assert.ok(oneLine(figures[index]!.join(" ")).endsWith(expected), expected);
  }
  for (const { name, attributes } of tags) {
    const { href } = attributes;
    if (name === "a") assert.match(href!, /^#[a-z0-9-]+$/);
    else assert.equal(href, undefined);
  }
}

/** A figure with a text wherever one can be. */
function figureOf(text: string, id = "id"): Figure {
  return figure({
    id,
    title: `T ${text}`,
    caption: `C ${text}`,
    drawing: { width: 10, height: 10, marks: [label(1, 9, text), hover(text)] },
    numbers: table(["Name", `>H ${text}`], [[`N ${text}`, [code(text)]]]),
  });
}

const blocksOf = (text: string, index = 0): Block[] => [
  heading(2, text),
  paragraph(text),
  paragraph(["Before ", text, " after ", code(text), "."]),
  list([text, ["Named ", code(text)], "plain"]),
  table(["Name", ">Value"], [[text, [code(text)]], [["a ", text], "b"]]),
  codeBlock(text),
  figureOf(text, `id-${index}`),
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
      assertShown(
        document(heading(1, "A title"), ...texts.flatMap((text, index) => blocksOf(text, index))),
      );
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
  const html = toHtml(document(heading(1, "A title"), heading(2, "Part"), figureOf("a")));
  const { tags } = readHtml(html);
  const policy = tags.find(({ attributes }) => attributes["http-equiv"] !== undefined)!;
  assert.equal(policy.attributes["http-equiv"], "Content-Security-Policy");
  assert.match(policy.attributes["content"]!, /^default-src 'none';/);
  assert.match(policy.attributes["content"]!, /; script-src( 'sha256-[^' ]+')+; /);
  assert.ok(
    !/unsafe-eval|script-src[^;]*unsafe|connect-src|https?:/.test(policy.attributes["content"]!),
  );
  assert.equal(tags.find(({ name }) => name === "html")!.attributes["lang"], "en");
  assert.ok(tags.some(({ attributes }) => attributes["name"] === "viewport"));
  assert.equal(html.match(/<script\b/g)?.length, 4);
  assert.ok(!/<(link|img|iframe|object|base|form)\b|url\(|@import/.test(html));
});

Deno.test("toHtml() gives headings anchors of their own, and folds what is to be folded", () => {
  const html = toHtml(document(
    heading(1, "Same"),
    heading(2, "Same"),
    heading(2, "Raw", { folded: true }),
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
    /<details class="folded">\n<summary><h2 id="raw">Raw<\/h2><\/summary>\n<a [^>]*><\/a>\n<h3[^>]*>Inside<a [^>]*><\/a><\/h3>\n<p>folded<\/p>\n<\/details>\n<h2/,
  );
});

Deno.test("toMarkdown() shows a figure as an image of its file, with caption and folded numbers", () => {
  const markdown = toMarkdown(document(figureOf("a_b", "x-1")), { figures: "my figures (1)" });
  assert.equal(
    markdown,
    `![T a_b](my%20figures%20%281%29/x-1.svg)

**T a_b.** C a_b

<details>
<summary>Numbers of this figure</summary>

| Name | H a_b |
| --- | ---: |
| N a_b | \`a_b\` |

</details>
`,
  );
});

Deno.test("toMarkdown() leaves no visible trace of figures that have no files", () => {
  assert.equal(toMarkdown(document(figureOf("<b>", "x-1"))), "<!-- figure: x-1 -->\n");
});

Deno.test("toMarkdown() writes nothing but images and folds that could act for any text in figures", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const html = new Marked({ gfm: true }).parse(
        toMarkdown(document(figureOf(text)), { figures: "f" }),
        { async: false },
      );
      const tags = [...html.matchAll(/<(?!\/)([^>]*)>/g)].map(([, tag]) => tag!.split(" ")[0]);
      const allowed = /^(p|img|strong|details|summary|table|thead|tbody|tr|th|td|code)$/;
      assert.deepEqual(tags.filter((tag) => !allowed.test(tag!)), []);
      assert.equal(tags.filter((tag) => tag === "img").length, 1);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("toHtml() holds an attachment while the page stays under 600 kB, and says where it does not", () => {
  const page = document(heading(1, "A title"));
  const attach = (text: string) =>
    toHtml(page, { attachment: { name: "result.json", what: "all of it", text } });
  const small = attach('{"a":1}');
  const link = readHtml(small).tags.find(({ attributes }) => "download" in attributes)!;
  assert.equal(link.attributes["download"], "result.json.gz");
  const packed = link.attributes["href"]!.replace("data:application/gzip;base64,", "");
  assert.equal(gunzipSync(Buffer.from(packed, "base64")).toString(), '{"a":1}');
  const random = new Random(1);
  const large = attach(Array.from({ length: 100_000 }, () => random.next()).join());
  assert.ok(new TextEncoder().encode(large).length < 600_000);
  assert.ok(!large.includes("data:application"));
  assert.match(large, /is not held in this page, which would grow beyond 600 kB with it/);
});

Deno.test("toHtml() lists sections and what is asked for in its contents", () => {
  const html = toHtml(document(
    heading(1, "A title"),
    heading(2, "Part"),
    heading(3, "Listed", { listed: true }),
    heading(3, "Not listed"),
  ));
  const links = readHtml(html).tags.filter(({ attributes }) => attributes["class"] !== "anchor")
    .flatMap(({ attributes }) => attributes["href"] ?? []);
  assert.deepEqual(links, ["#part", "#listed"]);
});
