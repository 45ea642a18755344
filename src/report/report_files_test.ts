import assert from "node:assert/strict";
import { code, type Document, figure, heading, table } from "./document.ts";
import { figuresFolder, markdownFiles, placeReportFile } from "./report_files.ts";

const DOCUMENT: Document = {
  title: "A title",
  language: "en",
  blocks: [
    heading(1, "A title"),
    figure({
      id: "targets",
      title: "Targets",
      caption: "How to read it.",
      drawing: { width: 10, height: 10, marks: null },
      numbers: table(["Name"], [[code("a")]]),
    }),
  ],
};

Deno.test("figuresFolder() is named after the Markdown file", () => {
  assert.equal(figuresFolder("a/report.md"), "report-figures");
  assert.equal(figuresFolder("report"), "report-figures");
  assert.equal(figuresFolder("a.b/x.y.md"), "x.y-figures");
  assert.equal(figuresFolder(".hidden"), ".hidden-figures");
});

Deno.test("markdownFiles() has the figures before the Markdown that shows them", () => {
  for (const [path, directory] of [["a/x.md", "a/"], ["x.md", ""]] as const) {
    const files = markdownFiles(DOCUMENT, path, "x-figures");
    assert.deepEqual(files.map(({ path }) => path), [
      `${directory}x-figures/targets.svg`,
      `${directory}x-figures/targets.md`,
      path,
    ]);
    assert.match(files[0]!.text, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.ok(files.at(-1)!.text.includes("![Targets](x-figures/targets.svg)"));
  }
});

Deno.test("markdownFiles() writes what stands apart into files of the folder, and links to them", () => {
  const blocks = [
    ...DOCUMENT.blocks,
    heading(2, "Parts"),
    heading(3, [code("a/b")], { apart: "../1-a b" }),
    DOCUMENT.blocks[1]!,
    heading(3, "Second", { apart: "2" }),
    heading(2, "After"),
  ];
  const files = markdownFiles({ ...DOCUMENT, blocks }, "x (1).md", "f g");
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  assert.equal(
    texts.get("x (1).md")!.slice(texts.get("x (1).md")!.indexOf("## Parts")),
    "## Parts\n\n- [a/b](f%20g/1-ab.md)\n- [Second](f%20g/2.md)\n\n## After\n",
  );
  const part = texts.get("./f g/1-ab.md") ?? texts.get("f g/1-ab.md")!;
  assert.match(part, /^# `a\/b`\n\nPart of \[the report\]\(\.\.\/x%20%281%29\.md\)\./);
  assert.ok(part.includes("![Targets](./targets.svg)"));
  assert.ok(files.every(({ path, folder }) => folder === undefined || path.startsWith(folder)));
});

Deno.test("placeReportFile() makes the report's own folder, and no other", () => {
  const folder = Deno.makeTempDirSync();
  try {
    for (const file of markdownFiles(DOCUMENT, `${folder}/x.md`, "f")) placeReportFile(file);
    assert.ok(Deno.statSync(`${folder}/f/targets.svg`).isFile);
    assert.throws(
      () => placeReportFile(markdownFiles(DOCUMENT, `${folder}/none/x.md`, "f")[0]!),
      Deno.errors.NotFound,
    );
    assert.throws(
      () => placeReportFile({ path: `${folder}/x.md`, text: "" }, { createNew: true }),
      Deno.errors.AlreadyExists,
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
