/** Results of one bench from several nodes: are the nodes alike, and which is the odd one? */
import type { MetricName, Result } from "../result/mod.ts";
import type { Estimate } from "../stats/mod.ts";
import { compareResults } from "./compare/compare.ts";
import type { ChangeRow, ChangeVerdict } from "./compare/model.ts";
import type { Range } from "../format/mod.ts";

/** A node's result. */
export interface NodeResult {
  node: string;
  result: Result;
}

/** A metric on one node. */
export interface NodeValue {
  node: string;
  /** Runs with a value. */
  runs: number;
  /** Geometric mean over the runs, ns or operations a second; `null` without runs. */
  value: number | null;
  /** The same with its interval over runs; `null` with fewer than three. */
  estimate: Estimate | null;
}

/** Two nodes on one metric. */
interface NodePair {
  base: string;
  candidate: string;
  /** The candidate's change against the base, with its interval; `null` with too few runs. */
  change: Range | null;
  verdict: ChangeVerdict;
  reason: string | null;
  /** Whether they differ beyond the metric's threshold and beyond doubt, all pairs considered. */
  differ: boolean;
}

/**
 * How the nodes are to each other on one metric.
 *
 * - `alike`: every pair's difference is within the threshold;
 * - `one differs`: one node differs from all others, and these do not differ from each other;
 * - `several differ`: any other pattern of differences;
 * - `inconclusive`: no pair differs beyond doubt, and not every pair is within the threshold.
 */
type NodesOutcome = "alike" | "one differs" | "several differ" | "inconclusive";

/** One metric of one benchmark on all nodes. */
export interface NodesRow {
  id: string;
  metric: MetricName;
  values: NodeValue[];
  pairs: NodePair[];
  outcome: NodesOutcome;
  /** The odd one, where one differs, and which way. */
  odd: { node: string; direction: "better" | "worse" | "both ways" } | null;
}

/** Nodes, compared. */
export interface NodesComparison {
  nodes: string[];
  /** What a pair's p has to be below, adjusted for all metrics and all pairs. */
  level: number;
  rows: NodesRow[];
  /** In how many rows each node is the odd one; nodes that never are left out, the oddest first. */
  odd: { node: string; rows: number }[];
}

/**
 * Compares nodes with each other, each pair as two results are compared.
 *
 * A pair differs where {@linkcode compareResults} calls it so and its p, adjusted within the pair's
 * own comparison, stays below the level when it is multiplied by the number of pairs (Bonferroni): each
 * pair is a further occasion for a false alarm.
 *
 * @param results At least two, of one bench; each node once.
 * @throws {RangeError} Where there are fewer than two.
 */
export function compareNodes(results: readonly NodeResult[]): NodesComparison {
  if (results.length < 2) {
    throw new RangeError(`Cannot compare ${results.length} nodes: it takes at least two`);
  }
  const pairs = results.flatMap((base, i) =>
    results.slice(i + 1).map((candidate) => ({ base, candidate }))
  );
  const compared = pairs.map(({ base, candidate }) => ({
    base: base.node,
    candidate: candidate.node,
    comparison: compareResults(
      { label: base.node, result: base.result },
      { label: candidate.node, result: candidate.result },
    ),
  }));
  const keys = new Map<string, { id: string; metric: MetricName }>();
  for (const { comparison } of compared) {
    for (const { id, metric } of comparison.rows) keys.set(`${metric} ${id}`, { id, metric });
  }
  const nodes = results.map(({ node }) => node);
  const rows = [...keys.values()].map(({ id, metric }) => {
    const found = compared.flatMap(({ base, candidate, comparison }) => {
      const row = comparison.rows.find((each) => each.id === id && each.metric === metric);
      return row === undefined
        ? []
        : [{ base, candidate, row, level: comparison.level / compared.length }];
    });
    return nodesRow(id, metric, nodes, found);
  });
  const odd = nodes
    .map((node) => ({ node, rows: rows.filter((row) => row.odd?.node === node).length }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
  return { nodes, level: compared[0]!.comparison.level, rows, odd };
}

interface FoundPair {
  base: string;
  candidate: string;
  row: ChangeRow;
  /** What its adjusted p has to be below. */
  level: number;
}

function nodesRow(
  id: string,
  metric: MetricName,
  nodes: readonly string[],
  found: readonly FoundPair[],
): NodesRow {
  const values = nodes.flatMap((node): NodeValue[] => {
    const pair = found.find(({ base, candidate }) => node === base || node === candidate);
    if (pair === undefined) return [];
    return [{ node, ...(pair.base === node ? pair.row.base : pair.row.candidate) }];
  });
  const pairs = found.map(({ base, candidate, row, level }): NodePair => ({
    base,
    candidate,
    change: row.change,
    verdict: row.verdict,
    reason: row.reason,
    differ: (row.verdict === "improved" || row.verdict === "regressed") &&
      row.adjustedP !== null && row.adjustedP < level,
  }));
  const differing = pairs.filter((pair) => pair.differ);
  if (differing.length === 0) {
    const within = pairs.length > 0 &&
      pairs.every(({ verdict }) => verdict === "unchanged" || verdict === "too small to matter");
    return { id, metric, values, pairs, outcome: within ? "alike" : "inconclusive", odd: null };
  }
  const odd = oddOne(values.map(({ node }) => node), differing);
  const outcome = odd === null ? "several differ" : "one differs";
  return { id, metric, values, pairs, outcome, odd };
}

/** The node that is in every differing pair and differs from each other node; of two there is none. */
function oddOne(nodes: readonly string[], differing: readonly NodePair[]): NodesRow["odd"] {
  if (nodes.length < 3 || differing.length !== nodes.length - 1) return null;
  const node = nodes.find((each) =>
    differing.every(({ base, candidate }) => base === each || candidate === each)
  );
  if (node === undefined) return null;
  const directions = new Set(
    differing.map((pair) =>
      (pair.verdict === "improved") === (pair.candidate === node) ? "better" : "worse"
    ),
  );
  const [direction] = directions;
  return { node, direction: directions.size === 1 ? direction! : "both ways" };
}
