import assert from "node:assert/strict";
import { analyse } from "../analysis/mod.ts";
import { compareNodes } from "../analysis/nodes.ts";
import { sampleResult, sampleStore } from "../analysis/_testing/sample_result.ts";
import { toHtml } from "./html/document.tsx";
import { inlineText } from "./inline_text.ts";
import { toMarkdown } from "./markdown.ts";
import { buildNodesReport, type NodeOutcome } from "./nodes_report.ts";

function node(name: string, factor: number, seed: number, runs = 5) {
  const result = sampleResult({ stores: [sampleStore("raw", factor)], runs, seed });
  return { node: name, result, analysis: analyse(result, { resamples: 1000 }) };
}

const measured = (name: string): NodeOutcome => ({
  node: name,
  state: "measured",
  message: "",
  runs: { ended: 27, planned: 27 },
});

Deno.test("buildNodesReport() reads like this when one of three nodes is slower", async (t) => {
  const nodes = [node("node01", 1, 1), node("node02", 1.5, 2), node("node03", 1, 3)];
  const document = buildNodesReport({
    id: "2026-01-02T030405Z-baseline-1a2b",
    startedAt: "2026-01-02T03:04:05.000Z",
    outcomes: nodes.map((each) => measured(each.node)),
    nodes,
    comparison: compareNodes(nodes),
  });
  await t.assertSnapshot(toMarkdown(document));
});

Deno.test("buildNodesReport() has values without intervals when nodes have one run each", () => {
  const nodes = [node("node01", 1, 1, 1), node("node02", 1, 2, 1)];
  const markdown = toMarkdown(buildNodesReport({
    id: "id",
    startedAt: "2026-01-02T03:04:05.000Z",
    outcomes: nodes.map((each) => measured(each.node)),
    nodes,
    comparison: compareNodes(nodes),
  }));
  assert.match(
    markdown,
    /\| [0-9,]+ ops\/s \(1 run\) \| [0-9,]+ ops\/s \(1 run\) \| inconclusive \|/,
  );
});

Deno.test("buildNodesReport() says which nodes were lost when no two can be compared", () => {
  const nodes = [node("node01", 1, 1)];
  const hostile = "<script>alert(1)</script> | x";
  const document = buildNodesReport({
    id: "id",
    startedAt: "2026-01-02T03:04:05.000Z",
    outcomes: [
      measured("node01"),
      { node: "node02", state: "lost", message: hostile, runs: null },
    ],
    nodes,
    comparison: null,
  });
  const markdown = toMarkdown(document);
  assert.match(markdown, /Not known: 1 node gave results, and it takes two to compare\./);
  assert.doesNotMatch(markdown, /The cluster/);
  assert.doesNotMatch(toHtml(document), /<script>alert/);
});

Deno.test("buildNodesReport() draws the nodes beside each other, each over the mean of all", () => {
  const nodes = [node("node01", 1, 1), node("node02", 1, 2), node("node03", 2, 3)];
  const { blocks } = buildNodesReport({
    id: "x",
    startedAt: "2026-01-01T00:00:00.000Z",
    outcomes: nodes.map(({ node }) => measured(node)),
    nodes,
    comparison: compareNodes(nodes),
  });
  const figure = blocks.find((block) => block.type === "figure")!;
  const rows = figure.numbers.rows.map((row) => row.map(({ content }) => inlineText(content)))
    .filter(([id, metric]) => id === "raw/read_throughput/10000" && metric === "throughput");
  // Half of the others' rate: over the mean of all that is 2^(−2/3).
  const over = rows.map((row) => Number.parseFloat(row[4]!));
  assert.ok(Math.abs(over[2]! - 2 ** (-2 / 3)) < 0.05, rows.join("\n"));
  assert.ok(over[0]! > 1.1 && over[1]! > 1.1);
});
