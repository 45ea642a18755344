/** The trend of a series in a table's cell. */
import { estimatorOf, type SeriesJudgement } from "../../analysis/mod.ts";
import type { NightPoint } from "../../result/mod.ts";
import { plural } from "../../format/mod.ts";
import { aside, type Inline } from "../document.ts";
import { coordinate } from "../plots/svg.ts";
import { formatMetric, stoodOutTonight } from "./words.ts";

/** Days that a trend line shows, with a night each or none. */
export const SPARK_DAYS = 90;

const WIDTH = 182;
const HEIGHT = 34;
const PAD = 4;

/**
 * A line over the last {@linkcode SPARK_DAYS} days, broken where a night is missing, with a dot
 * at tonight and an upright line where a lasting shift began. Its scale is its own, and does not
 * begin at zero.
 */
export function sparkline(judged: SeriesJudgement): Inline {
  const { series, shifts, tonight } = judged;
  const points = series.points.slice(-SPARK_DAYS);
  const values = points.flatMap(({ value }) => value ?? []);
  if (values.length === 0) return aside(`no value in ${plural(points.length, "day")}`);
  // A quiet series is drawn quiet: the scale spans at least 4 % of the level.
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  const half = Math.max((Math.max(...values) - Math.min(...values)) / 2, Math.abs(middle) * 0.02) ||
    1;
  // Older nights are missing at the left, so that the same night stands under the same one.
  const first = SPARK_DAYS - points.length;
  const x = (i: number) => coordinate(PAD + (first + i) * (WIDTH - 2 * PAD) / (SPARK_DAYS - 1));
  const y = (value: number) =>
    coordinate(HEIGHT / 2 - (value - middle) / half * (HEIGHT / 2 - PAD));
  const last = points.at(-1)!.value;
  const shifted = points.flatMap(({ night }, i) =>
    shifts.some((shift) => shift.night === night) ? `M${x(i)} 1V${HEIGHT - 1}` : []
  );
  const look = stoodOutTonight(judged) ? `dot ${tonight.verdict}` : "dot";
  return {
    type: "sketch",
    text: describe(series.metric, points, values),
    drawing: {
      width: WIDTH,
      height: HEIGHT,
      marks: [
        shifted.length > 0 && <path class="shift" d={shifted.join("")} />,
        <path class="trend" d={strokes(points, x, y)} />,
        last !== null && <circle class={look} cx={x(points.length - 1)} cy={y(last)} r={3} />,
      ],
    },
  };
}

/**
 * The line's path, broken also where the estimator changes; a night alone between two missing ones is a
 * dot.
 */
function strokes(
  points: readonly NightPoint[],
  x: (i: number) => string,
  y: (value: number) => string,
): string {
  let path = "";
  points.forEach(({ value }, i) => {
    if (value === null) return;
    const begins = !isJoined(points[i - 1], points[i]);
    path += `${begins ? "M" : "L"}${x(i)} ${y(value)}`;
    if (begins && !isJoined(points[i], points[i + 1])) path += "h0";
  });
  return path;
}

/** Whether a line leads from one night to the next. */
function isJoined(a: NightPoint | undefined, b: NightPoint | undefined): boolean {
  return a !== undefined && b !== undefined && a.value !== null && b.value !== null &&
    estimatorOf(a) === estimatorOf(b);
}

function describe(
  metric: Parameters<typeof formatMetric>[0],
  points: readonly NightPoint[],
  values: readonly number[],
): string {
  const missing = points.length - values.length;
  return `${points.length} nights from ${formatMetric(metric, Math.min(...values))} to ` +
    `${formatMetric(metric, Math.max(...values))}${missing === 0 ? "" : `, ${missing} missing`}`;
}
