import assert from "node:assert/strict";
import { compareNodes, type NodeResult } from "./nodes.ts";
import { sampleResult, sampleStore } from "./_testing/sample_result.ts";

/** A node on which every operation costs a multiple; the spread between runs is 2 %. */
function node(name: string, factor: number, seed: number, runs = 10): NodeResult {
  return { node: name, result: sampleResult({ stores: [sampleStore("raw", factor)], runs, seed }) };
}

const throughputs = (results: NodeResult[]) =>
  compareNodes(results).rows.filter((row) => row.metric === "throughput");

Deno.test("compareNodes() finds the odd one when one node of three is slower", () => {
  const results = [node("node01", 1, 1), node("node02", 1.5, 2), node("node03", 1, 3)];
  const comparison = compareNodes(results);
  assert.deepEqual(comparison.nodes, ["node01", "node02", "node03"]);
  const rows = comparison.rows.filter((row) => row.metric === "throughput");
  assert.equal(rows.length, 3);
  for (const row of rows) {
    assert.equal(row.outcome, "one differs");
    assert.deepEqual(row.odd, { node: "node02", direction: "worse" });
    assert.deepEqual(row.pairs.map((pair) => pair.differ), [true, false, true]);
    // Costs of 1.5 times are a third less throughput.
    const { low, high } = row.pairs[0]!.change!;
    assert.ok(low < -1 / 3 + 0.05 && high > -1 / 3 - 0.05);
    assert.deepEqual(row.values.map((value) => value.runs), [10, 10, 10]);
  }
  assert.equal(comparison.odd[0]?.node, "node02");
  assert.equal(comparison.odd.length, 1);
});

Deno.test("compareNodes() names no odd one when the nodes are the same", () => {
  const results = [node("node01", 1, 1), node("node02", 1, 2), node("node03", 1, 3)];
  const comparison = compareNodes(results);
  assert.deepEqual(comparison.odd, []);
  for (const row of comparison.rows) {
    assert.ok(row.outcome === "alike" || row.outcome === "inconclusive", row.id);
    assert.ok(row.pairs.every((pair) => !pair.differ));
  }
});

Deno.test("compareNodes() names no odd one when all differ, or there are two", () => {
  const three = [node("node01", 1, 1), node("node02", 1.5, 2), node("node03", 2, 3)];
  for (const row of throughputs(three)) {
    assert.equal(row.outcome, "several differ");
    assert.equal(row.odd, null);
  }
  const two = [node("node01", 1, 1), node("node02", 1.5, 2)];
  for (const row of throughputs(two)) {
    assert.equal(row.outcome, "several differ");
    assert.equal(row.odd, null);
  }
});

Deno.test("compareNodes() is inconclusive with one run each", () => {
  const results = [node("node01", 1, 1, 1), node("node02", 3, 2, 1), node("node03", 1, 3, 1)];
  for (const row of compareNodes(results).rows) {
    assert.equal(row.outcome, "inconclusive");
    assert.ok(row.pairs.every((pair) => pair.change === null && pair.reason !== null));
  }
});

Deno.test("compareNodes() refuses a single node", () => {
  assert.throws(() => compareNodes([node("node01", 1, 1)]), RangeError);
});
