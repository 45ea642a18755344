import assert from "node:assert/strict";
import { judgeLadder } from "../../analysis/mod.ts";
import {
  sampleLadder,
  sampleLadderInTurns,
  type SampleRung,
} from "../../analysis/ladder/_testing/sample_ladder.ts";
import { toHtml } from "../html/document.tsx";
import { writeMarkup } from "../html/markup.tsx";
import { toMarkdown } from "../markdown.ts";
import { drawnExtent } from "../plots/_testing/drawn_extent.ts";
import { ladderToConsole } from "./console.ts";
import { ladderToJson } from "./json.ts";
import { buildLadderReport } from "./report.ts";

/** A ladder with a step in the middle, a change of compilers there, and an option that differs. */
const RUNGS: SampleRung[] = [
  { name: "7.10.2", factor: 1, options: { level0: "4" } },
  { name: "8.11.4", factor: 1.3, options: { level0: "8", came: "1" }, compiler: "GCC 11.2.1" },
  { name: "9.10.0", factor: 1.3, options: { level0: "8", came: "1" }, compiler: "GCC 11.2.1" },
];
const result = sampleLadder(RUNGS, 6);
const ladder = judgeLadder(result);

Deno.test("a ladder's report has the step, the compilers, the options and every rung in Markdown", () => {
  const text = toMarkdown(buildLadderReport(result, ladder));
  assert.match(text, /Scans over a memtable \(scan\\?_throughput\/1000, throughput\): −\d/);
  assert.match(text, /from 7\.10\.2 to 8\.11\.4, worse/);
  assert.doesNotMatch(text, /from 8\.11\.4 to 9\.10\.0, (worse|better)/);
  for (const { name, compiler = "GCC 7.3.1" } of RUNGS) {
    assert.ok(text.includes(name) && text.includes(compiler));
  }
  assert.match(text, /\| `7\.10\.2` \| `8\.11\.4` \| `level0` \| `4` \| `8` \|/);
  assert.match(text, / has came/);
  assert.match(text, /first: 21 rows, one family/);
});

Deno.test("a ladder's report says in words that no step is real where none is", () => {
  const still = sampleLadder(RUNGS.map((rung) => ({ ...rung, factor: 1 })), 4);
  const text = toMarkdown(buildLadderReport(still, judgeLadder(still)));
  assert.match(text, /No step between neighbours is real, of \d+ that could be judged\./);
});

Deno.test("a ladder's report says how releases took turns, and what that did", () => {
  const names = RUNGS.map(({ name }) => name);
  const inTurns = sampleLadderInTurns(RUNGS, 4, { groups: [names] });
  const text = toMarkdown(buildLadderReport(inTurns, judgeLadder(inTurns)));
  assert.match(text, /fresh database; 3 of them at once at most, which take turns of 1\.5 ms/);
  assert.match(text, /## What taking turns did/);
  assert.match(text, /\| `scan_throughput\/1000` \| throughput +\| +\d(\.\d+)?% \| +\d\d% \|/);
  assert.match(text, /Neighbours play together, 3 at once at most/);
  assert.doesNotMatch(text, /A block is the same run/);
  const before = toMarkdown(buildLadderReport(result, ladder));
  assert.match(before, /the releases' runs are neighbours, in an order drawn/);
  assert.match(before, /A block is the same run/);
  assert.doesNotMatch(before, /take turns|What taking turns did/);
});

Deno.test("a ladder's report is a page, with a figure that lies inside of its drawing", () => {
  const document = buildLadderReport(result, ladder);
  const [figure] = document.blocks.filter((block) => block.type === "figure");
  assert.ok(figure !== undefined);
  const { width, height, marks } = figure.drawing;
  const extent = drawnExtent(writeMarkup(marks));
  assert.ok(extent.left >= 0 && extent.right <= width, JSON.stringify(extent));
  assert.ok(extent.top >= 0 && extent.bottom <= height, JSON.stringify(extent));
  assert.match(toHtml(document), /Release by release/);
});

Deno.test("a ladder of many rungs has names that do not lie on one another", () => {
  const many = sampleLadder(
    Array.from({ length: 42 }, (_, i) => ({ name: `9.${i}.0`, factor: 1 })),
    3,
  );
  const document = buildLadderReport(many, judgeLadder(many));
  const [figure] = document.blocks.filter((block) => block.type === "figure");
  const text = writeMarkup(figure!.drawing.marks);
  const places = [...text.matchAll(/<text x="([\d.]+)"[^>]*>9\.\d+\.0</g)].map(([, x]) =>
    Number(x)
  );
  assert.ok(places.length > 3);
  for (let i = 1; i < places.length; i++) assert.ok(places[i]! - places[i - 1]! > 40);
});

Deno.test("a ladder is told on a terminal and to programs by the same numbers", () => {
  const text = ladderToConsole(ladder);
  assert.match(text, /Change from 7\.10\.2/);
  assert.match(text, /scan_throughput\/1000 +throughput/);
  assert.match(text, new RegExp(`Real steps between neighbours: ${ladder.steps.length}\\.`));
  const told = JSON.parse(ladderToJson(result, ladder));
  assert.deepEqual([told.schema, told.version], ["tidemark.ladder", 1]);
  assert.deepEqual(told.ladder.steps, JSON.parse(JSON.stringify(ladder.steps)));
});
