/** The report over nodes: how it went on each, one table for the cluster, differences, a section a node. */
import {
  changeRangeText,
  formatCount,
  formatPercent,
  formatRate,
  formatTime,
  plural,
} from "../format/mod.ts";
import {
  type Analysis,
  metricRangeText,
  type NodesComparison,
  type NodesRow,
  type NodeValue,
} from "../analysis/mod.ts";
import type { Result } from "../result/mod.ts";
import {
  type Block,
  code,
  type Document,
  heading,
  list,
  paragraph,
  quantity,
  status,
  table,
  type Words,
} from "./document.ts";
import { nodesFigure } from "./plots/mod.ts";

/** How a bench went on a node, in words. */
export interface NodeOutcome {
  node: string;
  state: string;
  /** Why, in one line; empty where there is nothing to say. */
  message: string;
  /** Runs that ended, and that were planned; `null` where nothing came. */
  runs: { ended: number; planned: number } | null;
}

/** A node's result with its analysis. */
export interface AnalysedNode {
  node: string;
  result: Result;
  analysis: Analysis;
}

/** What a report over nodes is made of. */
interface NodesReportData {
  /** The session's id. */
  id: string;
  startedAt: string;
  outcomes: readonly NodeOutcome[];
  /** The nodes that something was measured on. */
  nodes: readonly AnalysedNode[];
  /** `null` where fewer than two nodes were measured. */
  comparison: NodesComparison | null;
}

/** Builds the report. A node that was lost is said first, since the tables cannot show it. */
export function buildNodesReport(data: NodesReportData): Document {
  const title = data.nodes[0]?.result.suite.title ?? "Benchmarks";
  return {
    title: `${title}: the nodes`,
    language: "en",
    blocks: [
      heading(1, `${title}: the nodes`),
      paragraph(["Session ", code(data.id), `, begun ${data.startedAt}.`]),
      ...(data.comparison === null ? [] : nodesFigure(data.comparison)),
      ...how(data),
      ...alike(data),
      ...clusterTable(data),
      ...differences(data),
      ...data.nodes.flatMap(nodeSection),
    ],
  };
}

function how({ outcomes, nodes }: NodesReportData): Block[] {
  return [
    heading(2, "How it went"),
    table(
      ["Node", "State", ">Runs", "Targets", "What happened"],
      outcomes.map(({ node, state, runs, message }): Words[] => [
        code(node),
        state,
        runs === null ? "–" : `${runs.ended} of ${runs.planned}`,
        targetsText(nodes.find((each) => each.node === node)),
        message,
      ]),
    ),
  ];
}

/** How many targets went which way, e.g. `3 met, 1 missed`. */
function targetsText(node: AnalysedNode | undefined): string {
  const verdicts = (node?.analysis.targets ?? []).map(({ verdict }) => verdict);
  const counts = (["met", "met in one run", "missed", "inconclusive"] as const)
    .map((kind) => ({ kind, count: verdicts.filter((each) => each === kind).length }))
    .filter(({ count }) => count > 0);
  return counts.map(({ kind, count }) => `${count} ${kind}`).join(", ") || "–";
}

function alike({ comparison, nodes }: NodesReportData): Block[] {
  const title = heading(2, "Are they alike?");
  if (comparison === null) {
    const many = plural(nodes.length, "node");
    return [title, paragraph(`Not known: ${many} gave results, and it takes two to compare.`)];
  }
  const count = (outcome: NodesRow["outcome"]) =>
    comparison.rows.filter((row) => row.outcome === outcome).length;
  const sentences = [
    `Of ${plural(comparison.rows.length, "metric")}: ${count("alike")} alike on all nodes, ` +
    `${count("one differs")} with one node that differs from all others, ` +
    `${count("several differ")} differing in another way, ${count("inconclusive")} inconclusive.`,
    ...comparison.odd.map(({ node, rows }) =>
      `${node} is the odd one in ${plural(rows, "metric")} of ${comparison.rows.length}.`
    ),
  ];
  if (comparison.odd.length === 0 && comparison.nodes.length > 2) {
    sentences.push("No node is the odd one in any metric.");
  }
  return [title, list(sentences)];
}

function clusterTable({ comparison }: NodesReportData): Block[] {
  if (comparison === null) return [];
  const cell = (row: NodesRow, node: string): Words => {
    const value = row.values.find((each) => each.node === node);
    return value === undefined ? "–" : valueText(row, value);
  };
  return [
    heading(2, "The cluster"),
    paragraph(
      "Geometric means over runs, with their intervals where a node has three runs or more.",
    ),
    table(
      ["Benchmark", "Metric", ...comparison.nodes.map((node) => `>${node}`), "Alike?"],
      comparison.rows.map((row): Words[] => [
        code(row.id),
        row.metric,
        ...comparison.nodes.map((node) => cell(row, node)),
        outcomeText(row),
      ]),
    ),
  ];
}

function valueText({ metric }: NodesRow, { value, estimate, runs }: NodeValue): Words {
  if (estimate !== null) return quantity(metricRangeText(metric, estimate));
  if (value === null) return "–";
  const text = metric === "throughput" ? formatRate(value) : formatTime(value);
  return [quantity(text), ` (${plural(runs, "run")})`];
}

function outcomeText({ outcome, odd }: NodesRow): string {
  if (odd === null) return outcome;
  return odd.direction === "both ways"
    ? `${odd.node} differs`
    : `${odd.node} is ${odd.direction} than the others`;
}

function differences({ comparison }: NodesReportData): Block[] {
  if (comparison === null) return [];
  const rows = comparison.rows.flatMap((row) =>
    row.pairs.map((pair): Words[] => [
      code(row.id),
      row.metric,
      `${pair.candidate} against ${pair.base}`,
      pair.change === null ? "–" : quantity(changeRangeText(pair.change)),
      pair.differ ? `differs (${pair.verdict})` : pair.reason ?? pair.verdict,
    ])
  );
  return [
    heading(2, "Differences between nodes"),
    paragraph(
      "Changes of the second node against the first, with intervals over runs. A pair differs where " +
        "the change is beyond the metric's threshold, and its p, adjusted for all metrics and all " +
        `pairs, is below ${formatPercent(comparison.level)}.`,
    ),
    table(["Benchmark", "Metric", "Pair", ">Change", "Verdict"], rows),
  ];
}

function nodeSection({ node, result, analysis }: AnalysedNode): Block[] {
  const { environment: at } = result;
  const unknown = "unknown";
  const { model, logical, governor } = at.cpu;
  const processors = logical === null ? unknown : plural(logical, "logical processor");
  const [host, deno] = [at.host ?? unknown, at.runtime?.deno ?? unknown];
  return [
    heading(2, node),
    list([
      `${model ?? "unknown processor"}, ${processors}, governor ${governor ?? unknown}`,
      `kernel ${at.kernel ?? unknown}, host ${host}, Deno ${deno}`,
      `data on ${at.data.filesystem ?? unknown}, scheduler ${at.data.scheduler ?? unknown}`,
      `${formatCount(result.runs.filter((run) => run.state === "ended").length)} runs ended; ` +
      (result.complete ? "complete" : "not complete"),
    ]),
    table(
      ["Benchmark", "Metric", ">Result", "Target"],
      analysis.benchmarks.flatMap(({ id, metrics }) =>
        metrics.map(({ metric, estimate }): Words[] => {
          const target = analysis.targets.find((each) =>
            each.benchmark === id && each.target.metric === metric
          );
          return [
            code(id),
            metric,
            estimate === null ? "–" : quantity(metricRangeText(metric, estimate)),
            target === undefined ? "" : status(target.verdict),
          ];
        })
      ),
    ),
  ];
}
