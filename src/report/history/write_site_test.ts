import assert from "node:assert/strict";
import { SAMPLE_OPTIONS, sampleJudgement } from "./_testing/sample_judgement.ts";
import { isSitePage } from "./head.tsx";
import { historySite } from "./site.ts";
import { writeSite } from "./write_site.ts";

const judgement = sampleJudgement({ nights: 30, nodes: ["node01"] });

Deno.test("writeSite() replaces a site, and nothing that is none", () => {
  const parent = Deno.makeTempDirSync({ prefix: "tidemark-site-" });
  try {
    const site = `${parent}/site`;
    const first = writeSite(site, judgement, SAMPLE_OPTIONS);
    assert.deepEqual(writeSite(site, judgement, SAMPLE_OPTIONS), first);
    const index = `${site}/index.html`;
    Deno.writeTextFileSync(index, "<!DOCTYPE html>\n<title>another's</title>\n");
    assert.throws(() => writeSite(site, judgement, SAMPLE_OPTIONS), /it holds something else/);
    assert.match(Deno.readTextFileSync(index), /another's/);
  } finally {
    Deno.removeSync(parent, { recursive: true });
  }
});

Deno.test("isSitePage() knows the site's pages, those of earlier versions too, and no others", () => {
  const [index] = historySite(judgement, SAMPLE_OPTIONS);
  assert.ok(isSitePage(index!.text));
  assert.ok(isSitePage(`<head>\n<meta name="generator" content="Tidemark history site">\n`));
  assert.ok(!isSitePage(`<meta name="generator" content="another">`));
  // As a text of a page it is escaped.
  const title = `<meta name="generator" content="Tidemark history site">`;
  const [hostile] = historySite(judgement, { ...SAMPLE_OPTIONS, title });
  assert.equal(hostile!.text.split(`content="Tidemark history site"`).length, 2);
});
