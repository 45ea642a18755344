import { formatPercent, formatTime } from "../../format/mod.ts";
import {
  type Analysis,
  type Decomposition,
  PART_WORDS,
  type PartName,
} from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { makeAxis } from "./axis.ts";
import { BOTTOM, horizontalAxis, MARGIN, WIDTH } from "./frame.ts";
import { element, hover, label, type Markup, textWidth } from "./svg.ts";

/** Pixels of a row, of its bar, and of a line of the legend. */
const ROW = 34;
const BAR = 12;
const LEGEND = 18;

/** The parts' colours; Raft's round is never beside the server as a whole. */
const COLOURS: Readonly<Record<PartName, string>> = {
  client: "c1",
  network: "c2",
  grpc: "c3",
  round: "c4",
  fsync: "c5",
  apply: "c6",
  range: "other",
  handler: "c4",
};

/** The parts of the time of operations on servers, stacked: a bar for each benchmark. */
export function decompositionFigure({ decompositions = [] }: Analysis): Figure[] {
  if (decompositions.length === 0) return [];
  const names = (Object.keys(COLOURS) as PartName[]).filter((name) =>
    decompositions.some(({ parts }) => parts.some(({ part }) => part === name))
  );
  const { marks: legend, height: top } = drawLegend(names);
  const most = Math.max(1, ...decompositions.map(({ sumNs, totalNs }) => sumNs / totalNs));
  const axis = makeAxis([0, most * 100], {
    quantity: "count",
    from: MARGIN,
    to: WIDTH - MARGIN,
    scale: "linear",
  });
  const bottom = top + ROW * decompositions.length;
  const rows = decompositions.map((row, i) =>
    drawRow(row, top + ROW * i, (share) => axis.at(share * 100))
  );
  return [figure({
    id: "decomposition",
    title: "Where the time of an operation on a server goes",
    caption:
      "Each bar is the mean time of one operation as its client has it, and what of it each part " +
      "takes; the number at the right is that time. Where a bar ends before 100%, no part accounts for " +
      "the rest; where it ends behind it, parts overlap.",
    drawing: {
      width: WIDTH,
      height: bottom + BOTTOM,
      marks: [
        horizontalAxis(axis, {
          top,
          bottom,
          from: MARGIN,
          to: WIDTH - MARGIN,
          title: "Share of the client's whole, %",
          bands: decompositions.map((_, i) =>
            [top + ROW * i + 16, top + ROW * i + 16 + BAR] as const
          ),
        }),
        ...legend,
        ...rows,
      ],
    },
    numbers: table(
      ["Benchmark", "Part", ">Time", ">Share"],
      decompositions.flatMap(({ benchmark, parts, totalNs }) =>
        parts.map(({ part, ns }) => [
          code(benchmark),
          PART_WORDS[part],
          formatTime(ns),
          formatPercent(ns / totalNs),
        ])
      ),
    ),
  })];
}

/** The parts' names beside their colours, in as many lines as they need. */
function drawLegend(names: readonly PartName[]): { marks: Markup[]; height: number } {
  const marks: Markup[] = [];
  let [x, y] = [MARGIN, 2];
  for (const name of names) {
    const width = 16 + textWidth(PART_WORDS[name]) + 12;
    if (x + width > WIDTH - MARGIN && x > MARGIN) [x, y] = [MARGIN, y + LEGEND];
    marks.push(
      element(
        "g",
        { class: COLOURS[name] },
        element("rect", { class: "fill", x, y: y + 2, width: 10, height: 10 }),
      ),
      label(x + 15, y + 11, PART_WORDS[name]),
    );
    x += width;
  }
  return { marks, height: y + LEGEND + 4 };
}

function drawRow(row: Decomposition, y: number, at: (share: number) => number): Markup {
  const note = formatTime(row.totalNs);
  let share = 0;
  const bars = row.parts.map(({ part, ns }) => {
    const from = at(share);
    share += ns / row.totalNs;
    return element(
      "g",
      { class: COLOURS[part] },
      hover(`${PART_WORDS[part]}: ${formatTime(ns)}, ${formatPercent(ns / row.totalNs)}`),
      element("rect", {
        class: "fill",
        x: from,
        y: y + 16,
        width: Math.max(0, at(share) - from),
        height: BAR,
      }),
    );
  });
  const end = at(1);
  return [
    label(MARGIN, y + 11, `${row.benchmark}`, {
      room: WIDTH - 2 * MARGIN - textWidth(note) - 12,
    }),
    label(WIDTH - MARGIN, y + 11, note, { anchor: "end", look: "soft" }),
    ...bars,
    element("rect", { class: "edge", x: at(0), y: y + 16, width: end - at(0), height: BAR }),
  ];
}
