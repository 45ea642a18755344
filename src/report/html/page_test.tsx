import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { anyText, HOSTILE_TEXTS } from "../../analysis/_testing/arbitrary_result.ts";
import { element, writeMarkup, writeXml } from "./markup.tsx";
import { DataBlock, writeHtmlPage } from "./page.tsx";

Deno.test("writeMarkup() escapes texts and attributes, and neither markup nor numbers", () => {
  const evil = `<b a="1">&'`;
  assert.equal(
    writeMarkup(<p id={evil}>{evil}</p>),
    `<p id="&lt;b a=&quot;1&quot;>&amp;'">&lt;b a=&quot;1&quot;>&amp;'</p>`,
  );
  const inner = <strong>{1}</strong>;
  assert.equal(
    writeMarkup([inner, [inner, "<", null, false]]),
    "<strong>1</strong><strong>1</strong>&lt;",
  );
});

Deno.test("writeMarkup() lets no text out of its place, and shows what is not seen", () => {
  const holds = (text: string) => {
    const written = writeMarkup(<p id={`a${text}`} data-x={`b${text}`}>{[text, [text]]}</p>);
    assert.match(written, /^<p id="a[^"<]*" data-x="b[^"<]*">[^<]*<\/p>$/);
    // Neither XML nor UTF-8 could hold these, and a terminal would act on some.
    assert.doesNotMatch(written, /(?![\t\n])\p{Cc}|[\p{Cf}\p{Cs}\ufffe\uffff]/u);
  };
  HOSTILE_TEXTS.forEach(holds);
  fc.assert(fc.property(fc.oneof(anyText, fc.string({ unit: "binary" })), holds), {
    seed: 1,
    numRuns: 500,
  });
});

Deno.test("writeXml() writes what XML may hold: no end of a section, no attribute without a value", () => {
  assert.equal(
    writeXml(element("a", { b: "]]>", c: "" }, "]]>", element("link", {}))),
    `<a b="]]&gt;">]]&gt;<link/></a>`,
  );
});

Deno.test("DataBlock holds data that nothing in it can leave", () => {
  const data = { text: "</script><!--<script>&" };
  const text = writeMarkup(<DataBlock id="data" data={data} />);
  const json = text.slice(text.indexOf(">") + 1, -"</script>".length);
  assert.doesNotMatch(json, /[<>&]/);
  assert.deepEqual(JSON.parse(json), data);
});

Deno.test("writeHtmlPage() lets its own scripts run, by their digests, and no others", () => {
  const page = { language: "en", title: "<t>", style: "", body: null };
  const script = "document.title = 1;";
  const hash = createHash("sha256").update(script).digest("base64");
  const written = writeHtmlPage({ ...page, scripts: [script] });
  assert.match(written, new RegExp(`script-src 'sha256-${hash.replaceAll(/[+/]/g, "\\$&")}';`));
  assert.ok(written.includes(`<script>${script}</script>\n</body>`));
  assert.doesNotMatch(writeHtmlPage(page), /script/);
  assert.throws(() => writeHtmlPage({ ...page, scripts: ["'</script>'"] }), RangeError);
  assert.throws(() => writeHtmlPage({ ...page, scripts: ["'\u200b'"] }), RangeError);
});
