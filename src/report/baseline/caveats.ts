import type { Analysis, CaveatTopic } from "../../analysis/mod.ts";
import { textsOf } from "../../remark/mod.ts";
import type { Result } from "../../result/mod.ts";
import { type Block, heading, list, paragraph } from "../document.ts";

const TOPICS: { topic: CaveatTopic; title: string }[] = [
  { topic: "environment", title: "Environment" },
  { topic: "workload", title: "Workload" },
  { topic: "measurement", title: "Measurement" },
];

/** What limits the meaning of the numbers, as the configuration and the runs have it. */
export function caveats(result: Result, analysis: Analysis): Block[] {
  const topics = TOPICS.flatMap(({ topic, title }) => {
    const own = analysis.caveats.filter((caveat) => caveat.topic === topic);
    return own.length > 0 ? [heading(3, title), list(textsOf(own))] : [];
  });
  const warnings = result.warnings.length > 0
    ? [heading(3, "Warnings of the measuring"), list(result.warnings)]
    : [];
  return [
    heading(2, "Caveats and limitations"),
    ...topics,
    ...warnings,
    ...(topics.length + warnings.length === 0
      ? [paragraph("The configuration gives no cause for any.")]
      : []),
  ];
}
