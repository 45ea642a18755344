import { line } from "d3-shape";
import { formatCount, formatRate, formatTime, joinWords, plural } from "../../format/mod.ts";
import type { Analysis, RunSeries } from "../../analysis/mod.ts";
import { type Drawing, type Figure, figure, table } from "../document.ts";
import { type Axis, makeAxis } from "./axis.ts";
import { BOTTOM, horizontalAxis, verticalAxis, WIDTH } from "./frame.ts";
import { type Measured, storeColour } from "./marks.ts";
import { element, hover, label, type Markup } from "./svg.ts";

/** Room left of the panels for the axis' texts, and right of them. */
const LEFT = 62;
const RIGHT = 34;
const NAME = 20;
const PANEL = 90;
const GAP = 12;
/** Runs that are drawn; more could not be told apart. */
const MOST_RUNS = 5;
/** Windows that are told as numbers. */
const MOST_ROWS = 60;

type Windows = NonNullable<RunSeries["windows"]>;
type RunGap = NonNullable<RunSeries["gap"]> & Pick<RunSeries, "run">;

/** What the figure draws of a window's times, and the dashes of the line. */
const LINES = [
  { name: "p50", dashes: "d1" },
  { name: "p99", dashes: "d2" },
  { name: "max", dashes: "d3" },
] as const;

/** A load over time, window by window: its rate, and how long operations took. One figure a store. */
export function windowsFigure(
  { stores }: Analysis,
  index: number,
  name: string,
  all: readonly Measured[],
): Figure[] {
  return all.flatMap(({ benchmark: { store }, series }, place) => {
    const runs = series.runs.slice(0, MOST_RUNS).flatMap(({ run, windows, gap }) =>
      windows === undefined || windows.length === 0 ? [] : [{ run, windows, gap }]
    );
    const gaps = runs.flatMap(({ run, gap }) => gap === undefined ? [] : [{ run, ...gap }]);
    if (runs.length === 0) return [];
    const colour = storeColour(stores, store);
    const ends = runs.flatMap(({ windows }) => windows.map(({ atNs, ns }) => atNs + ns));
    const bottom = 2 * (NAME + PANEL) + GAP;
    const time = makeAxis([0, ...ends], {
      quantity: "time",
      scale: "linear",
      from: LEFT,
      to: WIDTH - RIGHT,
    });
    const rates = panel(
      runs.map(({ windows }) => windows.map(({ operations, ns }) => operations * 1e9 / ns)),
      { quantity: "rate", scale: "linear" },
      NAME,
    );
    const timesTop = 2 * NAME + PANEL + GAP;
    const scheduled = runs[0]!.windows.some(({ response }) => response !== undefined);
    const tails = (windows: Windows) =>
      windows.map(({ service, response }) => (scheduled ? response : service) ?? null);
    const times = makeAxis(
      runs.flatMap(({ windows }) =>
        tails(windows).flatMap((tail) => tail === null ? [] : [tail.p50, tail.p99, tail.max])
      ),
      { quantity: "time", scale: "log", from: timesTop + PANEL, to: timesTop, horizontal: false },
    );
    const last = runs[0]!.windows.map((_, i) => tails(runs[0]!.windows)[i]).findLast((tail) =>
      tail !== null
    );
    const marks: Markup[] = [
      label(LEFT, 13, "Operations a second", { look: "head" }),
      verticalAxis(rates.axis, LEFT, WIDTH - RIGHT),
      label(LEFT, timesTop - 7, scheduled ? "Response times" : "Service times", { look: "head" }),
      label(WIDTH - RIGHT, timesTop - 7, "log scale", { anchor: "end", look: "soft" }),
      verticalAxis(times, LEFT, WIDTH - RIGHT),
      horizontalAxis(time, {
        top: NAME,
        bottom,
        from: LEFT,
        to: WIDTH - RIGHT,
        title: "Time since the measuring began",
        bands: [[NAME, NAME + PANEL], [timesTop, timesTop + PANEL]],
      }),
      ...gaps.map((gap) => marked(gap, time, [[NAME, NAME + PANEL], [timesTop, timesTop + PANEL]])),
      element(
        "g",
        { class: colour },
        runs.map(({ windows }, i) => drawn(windows, time, rates.axis, rates.values[i]!, "thin")),
        runs.map(({ windows }) =>
          LINES.map(({ name, dashes }) =>
            drawn(
              windows,
              time,
              times,
              tails(windows).map((tail) => tail?.[name] ?? NaN),
              `thin ${dashes}`,
            )
          )
        ),
      ),
      ...(last == null
        ? []
        : LINES.map(({ name }) =>
          label(WIDTH - RIGHT + 4, times.at(last[name]) + 4, name, { look: "soft" })
        )),
    ];
    const drawing: Drawing = { width: WIDTH, height: bottom + BOTTOM, marks };
    const drawnRuns = plural(runs.length, "run");
    const [first] = runs as [typeof runs[number]];
    return [figure({
      id: `windows-${index}-${place + 1}`,
      title: `${name} of ${store} over time`,
      caption:
        `Each point is a window of time, each line one of ${drawnRuns}. Above are the operations that ` +
        "ended in a window, below how long they took: the middle, p99, and the longest. A dip above " +
        "with a peak below is a stretch in which the store or the machine held operations up." +
        gapWords(gaps),
      drawing,
      numbers: table(
        [">Run", ">At", ">Operations a second", ">p50", ">p99", ">p99.9", ">Longest"],
        first.windows.slice(0, MOST_ROWS).map(({ atNs, ns, operations }, i) => {
          const tail = tails(first.windows)[i]!;
          const show = (value: number | undefined) => value === undefined ? "–" : formatTime(value);
          return [
            formatCount(first.run),
            formatTime(atNs),
            formatRate(operations * 1e9 / ns),
            show(tail?.p50),
            show(tail?.p99),
            show(tail?.p999),
            show(tail?.max),
          ];
        }),
      ),
    })];
  });
}

function panel(
  values: readonly (readonly number[])[],
  options: { quantity: "rate"; scale: "linear" },
  top: number,
): { axis: Axis; values: readonly (readonly number[])[] } {
  const axis = makeAxis(values.flat(), {
    ...options,
    from: top + PANEL,
    to: top,
    horizontal: false,
  });
  return { axis, values };
}

/** A stretch without an answer, shaded in every panel, with its length beside it. */
function marked(gap: RunGap, time: Axis, bands: readonly (readonly [number, number])[]): Markup {
  const [from, to] = [time.at(gap.atNs), Math.min(time.at(gap.atNs + gap.ns), WIDTH - RIGHT)];
  const words = `no answer for ${formatTime(gap.ns)}`;
  const right = from > (LEFT + WIDTH - RIGHT) / 2;
  return element(
    "g",
    { class: "other" },
    hover(`${words}, from ${formatTime(gap.atNs)} on`),
    bands.map(([top, bottom]) =>
      element("rect", {
        class: "area",
        x: from,
        y: top,
        width: Math.max(1, to - from),
        height: bottom - top,
      })
    ),
    label(right ? from - 4 : to + 4, bands[0]![0] + 11, words, {
      anchor: right ? "end" : "start",
    }),
  );
}

/** What shaded stretches are. */
function gapWords(gaps: readonly RunGap[]): string {
  if (gaps.length === 0) return "";
  const each = gaps.map(({ run, atNs, ns, leaderChanges, retries }) => {
    const beside = [
      ...(leaderChanges > 0 ? [plural(leaderChanges, "leader change")] : []),
      ...(retries > 0 ? [plural(retries, "retry", "retries")] : []),
    ];
    const told = beside.length === 0 ? "" : ` (${joinWords(beside)})`;
    return `in run ${run} for ${formatTime(ns)} from ${formatTime(atNs)} on${told}`;
  });
  return ` Shaded is where the servers answered nothing: ${joinWords(each)}.`;
}

/** A line through the middles of windows; it is broken where a window has no value. */
function drawn(
  windows: Windows,
  time: Axis,
  axis: Axis,
  values: readonly number[],
  look: string,
): Markup {
  const path = line<number>()
    .defined((value) => Number.isFinite(value))
    .x((_, i) => time.at(windows[i]!.atNs + windows[i]!.ns / 2))
    .y((value) => axis.at(value))
    .digits(1)(values);
  return path === null ? null : element("path", { class: look, d: path });
}
