import { formatRateBound, formatTimeBound } from "../../format/mod.ts";
import {
  type Analysis,
  type ClaimVerdict,
  type EvidenceVerdict,
  METRIC_WORDS,
  metricOf,
  metricRangeText,
  ratioText,
  withoutInterval,
} from "../../analysis/mod.ts";
import { textsOf } from "../../remark/mod.ts";
import type { Result } from "../../result/mod.ts";
import {
  type Block,
  code,
  heading,
  list,
  paragraph,
  quantity,
  status,
  table,
  type Words,
} from "../document.ts";
import { prose } from "../prose.ts";

/** The claims with their evidence, and what the evidence cannot show. */
export function claims(result: Result, analysis: Analysis): Block[] {
  return [
    heading(2, "Claims"),
    ...(analysis.claims.length > 0
      ? [
        paragraph(
          "A claim is supported where all of its evidence is, and refuted where any of it is. A row " +
            "is supported where the whole interval is at least as good as what it is held against: a " +
            "system that was measured in this session, or else what was published of it. Where both " +
            "are there, the published figure does not count.",
        ),
        ...analysis.claims.flatMap((own) => claim(own, result, analysis)),
      ]
      : [paragraph("The suite makes none.")]),
  ];
}

function claim(claim: ClaimVerdict, result: Result, analysis: Analysis): Block[] {
  const { name, hypothesis, outcome, evidence } = claim;
  const limits: Words[] = [
    ...claim.limits.map((limit) => prose(limit, result)),
    ...textsOf(claim.remarks),
  ];
  return [
    heading(3, prose(name, result)),
    paragraph([status(outcome), ": ", ...prose(hypothesis, result)]),
    ...(evidence.length > 0
      ? [table(
        ["Measured", ">Value", "Held against", ">Its value", "Status"],
        evidence.map((row) => evidenceCells(row, analysis)),
      )]
      : [paragraph("The result holds no evidence for it.")]),
    ...(limits.length > 0 ? [paragraph("What this does not show:"), list(limits)] : []),
  ];
}

function evidenceCells(row: EvidenceVerdict, { benchmarks }: Analysis): Words[] {
  const { metric, estimate, margin, counts } = row;
  const asGood = margin && ratioText(margin);
  return [
    [code(row.benchmark), ` ${METRIC_WORDS[metric]}`],
    estimate === null
      ? withoutInterval(metricOf(benchmarks, row.benchmark, metric))
      : quantity(metricRangeText(metric, estimate)),
    heldAgainst(row),
    row.live === null ? publishedValue(row) : quantity(metricRangeText(metric, row.live.value)),
    [
      counts ? "" : "not counted: ",
      status(row.outcome),
      ...(asGood === null ? [] : [", ", quantity(asGood), " as good"]),
      row.reason === null ? "" : `; ${row.reason}`,
    ],
  ];
}

function heldAgainst({ live, figure, figureId }: EvidenceVerdict): Words {
  if (live !== null) {
    return [`${live.system} ${live.version}, measured here: `, code(live.benchmark)];
  }
  if (figure === null) return code(figureId ?? "");
  return `${figure.system}${figure.version ? ` ${figure.version}` : ""}, published`;
}

function publishedValue({ metric, figure, published }: EvidenceVerdict): Words {
  const show = metric === "throughput" ? formatRateBound : formatTimeBound;
  const about = figure?.approximate === true ? "about " : "";
  if (published === null) return "not stated";
  return published.low === published.high
    ? quantity(`${about}${show(published.value)}`)
    : [quantity(`${about}${show(published.low)}`), " to ", quantity(show(published.high))];
}
