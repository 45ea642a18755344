import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dataBlock, markup, trusted, writeHtmlPage } from "./html_page.ts";

Deno.test("markup`` escapes texts, and neither markup nor numbers", () => {
  const evil = `<b a="1">&'`;
  const escaped = "&#60;b a=&#34;1&#34;&#62;&#38;&#39;";
  assert.equal(markup`<p title="${evil}">${evil}</p>`.text, `<p title="${escaped}">${escaped}</p>`);
  const inner = markup`<i>${1}</i>`;
  assert.equal(markup`${inner}${[inner, "<", null]}`.text, "<i>1</i><i>1</i>&#60;");
});

Deno.test("dataBlock() holds data that nothing in it can leave", () => {
  const data = { text: "</script><!--<script>&" };
  const { text } = dataBlock("data", data);
  const json = text.slice(text.indexOf(">") + 1, -"</script>".length);
  assert.doesNotMatch(json, /[<>&]/);
  assert.deepEqual(JSON.parse(json), data);
});

Deno.test("writeHtmlPage() lets its own scripts run, by their digests, and no others", () => {
  const page = { language: "en", title: "<t>", style: "", body: trusted("") };
  const script = "document.title = 1;";
  const hash = createHash("sha256").update(script).digest("base64");
  assert.match(
    writeHtmlPage({ ...page, scripts: [script] }),
    new RegExp(`script-src 'sha256-${hash.replaceAll(/[+/]/g, "\\$&")}';`),
  );
  assert.doesNotMatch(writeHtmlPage(page), /script/);
  assert.throws(() => writeHtmlPage({ ...page, scripts: ["'</script>'"] }), RangeError);
});
