/** The series of a history, out of its index. */
import type { DatabaseSync } from "node:sqlite";
import { REPORT_HTML_FILE } from "../disk/mod.ts";
import type { MetricName, NightPoint, NightSeries } from "../result/mod.ts";
import { LEAST_RUNS } from "../stats/mod.ts";
import { type IndexedLine, indexedLines } from "./index_file.ts";
import type { SeriesFilter } from "./model.ts";

const DAY_MS = 86_400_000;

/** Every day from the first night to the last. */
export function nightsBetween(first: string, last: string): string[] {
  const nights: string[] = [];
  for (let time = Date.parse(first); time <= Date.parse(last); time += DAY_MS) {
    nights.push(new Date(time).toISOString().slice(0, 10));
  }
  return nights;
}

/** Columns of a point, as they are selected. */
type PointRow = [
  line: number,
  value: number | null,
  low: number | null,
  high: number | null,
  runs: number,
  reason: string | null,
  context: number,
  control: string | null,
];

/**
 * Reads series, by node, then benchmark, then metric.
 *
 * @param isThere Whether there is a file at a path relative to the history's directory.
 */
export function readSeries(
  index: DatabaseSync,
  filter: SeriesFilter,
  isThere: (path: string) => boolean,
): NightSeries[] {
  const lines = indexedLines(index);
  const first = lines[0];
  if (first === undefined) return [];
  const nights = nightsBetween(first.night, lines.at(-1)!.night);
  const places = placeLines(lines, nights, isThere);
  const known = knownNights(lines);
  const contexts = new Map(
    index.prepare("SELECT * FROM context").all().map((row) => [Number(row.id), {
      library: row.library as string | null,
      conditions: row.conditions as string | null,
      ...(row.estimator === "median" && { estimator: "median" as const }),
    }]),
  );
  const points = index.prepare(
    "SELECT line, value, low, high, runs, reason, context, control FROM point WHERE series = ?",
  );
  // An object for each of hundreds of thousands of rows would take four times as long.
  // Deno has the method, and its types do not have it yet.
  (points as typeof points & { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  return seriesRows(index, filter).map(({ id, node, benchmark, metric, better }) => {
    const filled: (NightPoint | undefined)[] = new Array(nights.length);
    const ranks: number[] = new Array(nights.length);
    for (const row of points.all(id) as unknown as PointRow[]) {
      const [line, value, low, high, runs, reason, context, control] = row;
      const { at, rank, commit, report } = places.get(line)!;
      if (rank < (ranks[at] ?? -1)) continue;
      ranks[at] = rank;
      // As the analysis' intervals over runs.
      const sure = value !== null && runs >= LEAST_RUNS;
      filled[at] = {
        night: nights[at]!,
        value,
        low: sure ? low : null,
        high: sure ? high : null,
        runs,
        reason,
        commit,
        ...(contexts.get(context) ?? { library: null, conditions: null }),
        report,
        ...(control !== null &&
          { control: JSON.parse(control) as NonNullable<NightPoint["control"]> }),
      };
    }
    return {
      node,
      benchmark,
      metric,
      better,
      points: nights.map((night, i) =>
        filled[i] ?? missing(night, known.get(keyOf({ night, node })))
      ),
    };
  });
}

/** Where a line stands among the nights, and what its points have in common. */
interface Place {
  at: number;
  /** Of two lines of one night and node, the one of the higher rank counts. */
  rank: number;
  commit: string | null;
  report: string | null;
}

function placeLines(
  lines: readonly IndexedLine[],
  nights: readonly string[],
  isThere: (path: string) => boolean,
): Map<number, Place> {
  const positions = new Map(nights.map((night, i) => [night, i]));
  return new Map(lines.map(({ id, night, folder, report, commit }, rank) => {
    const path = `${folder}/${REPORT_HTML_FILE}`;
    const at = positions.get(night)!;
    return [id, { at, rank, commit, report: report && isThere(path) ? path : null }];
  }));
}

/**
 * The nights that lines are of: `null` where there is a result of the node, else why there is none.
 */
function knownNights(lines: readonly IndexedLine[]): Map<string, string | null> {
  const known = new Map<string, string | null>();
  for (const line of lines) {
    const key = keyOf(line);
    // A result counts, whatever else went wrong in that night.
    if (known.get(key) !== null) known.set(key, line.missing);
  }
  return known;
}

function keyOf({ night, node }: { night: string; node: string }): string {
  return `${night} ${node}`;
}

function missing(night: string, known: string | null | undefined): NightPoint {
  const reason = known === null
    ? "the night's result does not have it"
    : known ?? "there is no result of it";
  return {
    night,
    value: null,
    low: null,
    high: null,
    runs: 0,
    reason,
    commit: null,
    library: null,
    conditions: null,
    report: null,
  };
}

/** A series without its points. */
interface SeriesRow {
  id: number;
  node: string;
  benchmark: string;
  metric: MetricName;
  better: "higher" | "lower";
}

function seriesRows(index: DatabaseSync, { node, benchmark, metric }: SeriesFilter): SeriesRow[] {
  return index.prepare(
    `SELECT * FROM series
     WHERE (?1 IS NULL OR node = ?1) AND (?2 IS NULL OR benchmark = ?2)
       AND (?3 IS NULL OR metric = ?3)
     ORDER BY node, benchmark, id`,
  ).all(node ?? null, benchmark ?? null, metric ?? null) as unknown as SeriesRow[];
}
