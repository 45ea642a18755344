import { capitalised, formatNumberRange, formatRateBound, plural } from "../../format/mod.ts";
import type { Analysis, ComparisonRow, OPERATIONS } from "../../analysis/mod.ts";
import { type Figure, figure, table } from "../document.ts";
import { ARROWS } from "./captions.ts";
import { drawIntervals, type IntervalGroup, type IntervalRow } from "./interval_rows.ts";
import { storeColour } from "./marks.ts";

/** The groups of rows, by where the figures come from and whether a network is in between. */
const GROUPS: { heading: string; here: boolean; network: boolean | null }[] = [
  { heading: "Measured here, in process", here: true, network: false },
  { heading: "Measured here, over a network", here: true, network: true },
  { heading: "Measured here, network not known", here: true, network: null },
  { heading: "Published, in process", here: false, network: false },
  { heading: "Published, over a network", here: false, network: true },
  { heading: "Published, network not stated", here: false, network: null },
];

/** An operation in words. */
type OperationWords = (typeof OPERATIONS)[keyof typeof OPERATIONS];

/** The throughput of measured and published systems for one operation. */
export function comparisonFigure(
  { comparison, stores }: Analysis,
  { word, counted }: OperationWords,
): Figure[] {
  const rows = comparison.filter((row) => row.operation === word && row.throughput !== null);
  // A picture of one system alone compares nothing.
  if (new Set(rows.map(({ system }) => system)).size < 2) return [];
  const groups = GROUPS.flatMap(({ heading, here, network }): IntervalGroup[] => {
    const own = rows.filter((row) => row.measuredHere === here && row.network === network);
    if (own.length === 0) return [];
    return [{ heading, rows: own.map((row) => rowOf(row, storeColour(stores, row.system))) }];
  });
  const title = `${capitalised(counted)} a second`;
  const { clipped, ...drawing } = drawIntervals(groups, {
    quantity: "rate",
    title,
  });
  return [figure({
    id: `comparison-${word}`,
    title: `${title}, measured and published`,
    caption: "Full marks were measured here, with their intervals; hollow ones were published by " +
      "others, on other hardware. Circles are in process, diamonds over a network, squares where " +
      "that is not stated: marks of different kinds do not compare as systems." +
      (clipped ? ARROWS : ""),
    drawing,
    numbers: table(
      ["System", "Origin", "Network", ">Operations a second"],
      rows.map((row) => [
        name(row),
        row.measuredHere ? "measured here" : "published",
        row.network === null ? "not stated" : row.network ? "yes" : "no",
        rate(row),
      ]),
    ),
  })];
}

function rowOf(row: ComparisonRow, colour: string): IntervalRow {
  return {
    label: name(row),
    note: rate(row),
    colour: row.measuredHere ? colour : "other",
    mark: row.measuredHere ? "full" : "hollow",
    shape: row.network === null ? "square" : row.network ? "diamond" : "circle",
    range: row.throughput,
    says: `${name(row)}: ${rate(row)}`,
  };
}

/** A published system with what tells its rows apart. */
function name({ system, version, clients, setup, measuredHere }: ComparisonRow): string {
  if (measuredHere) return system;
  const details = [
    ...(clients === null ? [] : [plural(clients, "client")]),
    ...(setup === null ? [] : [setup]),
  ];
  return [version === null ? system : `${system} ${version}`, ...details].join(", ");
}

function rate({ throughput, measuredHere, approximate }: ComparisonRow): string {
  if (throughput === null) return "not stated";
  if (measuredHere) return formatNumberRange(throughput);
  const value = formatRateBound(throughput.value).replace(" ops/s", "");
  return approximate ? `about ${value}` : value;
}
