/** One table in three writings. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { anyText } from "../analysis/_testing/arbitrary_result.ts";
import { tableToConsole } from "./console_text.ts";
import { aside, code, link, quantity, sorted, status, table } from "./document.ts";
import { toHtml } from "./html/document.tsx";
import { inlineText } from "./inline_text.ts";
import { toMarkdown } from "./markdown.ts";
import { readHtml } from "./_testing/html_reader.ts";
import { readMarkdown } from "./_testing/markdown_reader.ts";

const TABLE = table(["Name", ">Value", "Verdict"], [
  [code("raw"), quantity({ text: "10.4 µs", interval: "10.1–10.8" }), status("met")],
  [
    ["kv", aside("on node01")],
    sorted(quantity("1 ms"), 1e6),
    [status("regressed", "regressed tonight"), ", ", link("page", "a%20b.html")],
  ],
]);

const page = (...blocks: (typeof TABLE)[]) => ({ title: "A title", language: "en", blocks });

Deno.test("a table is written for a terminal in columns, numbers to the right", () => {
  assert.deepEqual(tableToConsole(TABLE), [
    "Name                         Value  Verdict",
    "raw            10.4 µs (10.1–10.8)  ✓ met",
    "kv; on node01                 1 ms  ✗ regressed tonight, page",
  ]);
});

Deno.test("a table is written as Markdown with its alignment", () => {
  assert.equal(
    toMarkdown(page(TABLE)),
    `| Name | Value | Verdict |
| --- | ---: | --- |
| \`raw\` | 10.4 µs (10.1–10.8) | **✓ met** |
| kv; on node01 | 1 ms | **✗ regressed tonight**, [page](a%20b.html) |
`,
  );
});

Deno.test("a table is written as HTML with its alignment, keys and pieces", () => {
  const [, written] = /<tbody>\n([^]*?)\n<\/tbody>/.exec(toHtml(page(TABLE)))!;
  assert.equal(
    written,
    `<tr><td><code>raw</code></td><td class="number"><span class="quantity">10.4 µs</span> <span class="interval">(10.1–10.8)</span></td><td><strong class="status met">✓ met</strong></td></tr>
<tr><td>kv<span class="aside">on node01</span></td><td class="number" data-sort="1000000"><span class="quantity">1 ms</span></td><td><strong class="status regressed">✗ regressed tonight</strong>, <a href="a%20b.html">page</a></td></tr>`,
  );
});

Deno.test("any table says the same in HTML, in Markdown and in a terminal", () => {
  const cell = fc.oneof(anyText, anyText.map(code), fc.constant(status("met")));
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rows, (rows) => {
      const any = table(["First", ">Second"], rows);
      const texts = any.rows.flatMap((row) => row.map(({ content }) => inlineText(content)));
      assert.deepEqual(readHtml(toHtml(page(any))).texts.slice(2), texts);
      assert.deepEqual(readMarkdown(toMarkdown(page(any))).slice(2), texts);
      const lines = tableToConsole(any).slice(1);
      assert.equal(lines.length, any.rows.length);
      lines.forEach((line, i) => {
        const [first, second] = texts.slice(2 * i);
        assert.ok(line.startsWith(first!) && line.endsWith(second!), line);
      });
    }),
    { seed: 1, numRuns: 300 },
  );
});
