import { formatPercent, formatTime } from "../../format/mod.ts";
import { type Analysis, type FindingTopic, type HarnessShare } from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { type Block, code, heading, list, paragraph, quantity, table } from "../document.ts";
import { layersFigure, overheadFigures } from "../plots/mod.ts";
import { decompositionBlocks } from "./decomposition.ts";

const TOPICS: { topic: FindingTopic; title: string }[] = [
  { topic: "targets", title: "Targets" },
  { topic: "performance", title: "Performance characteristics" },
  { topic: "stores", title: "Stores against each other" },
  { topic: "servers", title: "Where the time goes in servers" },
  { topic: "data", title: "Where the data was" },
  { topic: "measurement", title: "How far the numbers can be trusted" },
];

/** What the first screen has said already. */
const ON_FIRST_SCREEN: ReadonlySet<string> = new Set(["verdict", "machine-noise"]);

/** The findings, by what they are about, with the tables that they were taken from. */
export function characteristics(_result: Result, analysis: Analysis): Block[] {
  const tables: Partial<Record<FindingTopic, Block[]>> = {
    stores: overheadFigures(analysis),
    servers: [...layersFigure(analysis), ...decompositionBlocks(analysis)],
    measurement: harnessTable(analysis.harness),
  };
  const topics = TOPICS.flatMap(({ topic, title }) => {
    const findings = analysis.findings.filter(({ id, topic: own }) =>
      own === topic && !ON_FIRST_SCREEN.has(id)
    );
    const blocks = [
      ...(findings.length > 0 ? [list(findings.map(({ text }) => text))] : []),
      ...(tables[topic] ?? []),
    ];
    return blocks.length > 0 ? [heading(3, title), ...blocks] : [];
  });
  return [
    heading(2, "Analysis"),
    ...(topics.length > 0 ? topics : [paragraph("The result holds nothing to analyse.")]),
  ];
}

function harnessTable(shares: readonly HarnessShare[]): Block[] {
  const known = shares.filter(({ share, clockShare, crossingShare }) =>
    share !== null || clockShare !== null || crossingShare !== null
  );
  if (known.length === 0) return [];
  const calibrations = known.map(({ calibration }) => calibration);
  const both = known.some(({ javascriptNs }) => javascriptNs !== undefined);
  const cell = (ns: number | null, share: number | null) =>
    ns === null || share === null
      ? "–"
      : [quantity(formatTime(ns, 2)), `, ${formatPercent(share)}`];
  return [
    paragraph([
      "What is of the harness and not of the engine, and its share of the mean time. Loop: the same " +
      "loop over a store that does nothing, in which no part of the crossing into native code is. " +
      "Crossing: one call into native code that does nothing there, measured in the same processes; an " +
      "operation makes one or more. Clock: one reading of it, which every latency in a histogram " +
      "includes. ",
      code("deno task bench:tax"),
      " holds raw's loops against the same loops in C.",
      ...["etcd", "tikv"].filter((store) =>
        calibrations.some((name) => name?.startsWith(`null-${store}/`))
      ).map((store) =>
        ` Of ${store}, the loop is its client before a server in another thread that does nothing, the ` +
        "way over the loopback included."
      ),
      ...(both
        ? [
          " Where a loop of JavaScript's is beside it, the loop of the load's clients is machine code of " +
          "the harness's own, and that is what JavaScript's would take.",
        ]
        : []),
    ]),
    table(
      [
        "Benchmark",
        ">Loop",
        ...(both ? [">JavaScript's loop" as const] : []),
        ">Crossing",
        ">Clock",
      ],
      known.map((row) => [
        code(row.benchmark),
        cell(row.floorNs, row.share),
        ...(both ? [cell(row.javascriptNs ?? null, row.javascriptShare ?? null)] : []),
        cell(row.crossingNs, row.crossingShare),
        cell(row.clockNs, row.clockShare),
      ]),
    ),
  ];
}
