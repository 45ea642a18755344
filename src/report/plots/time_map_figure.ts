import {
  formatBytes,
  formatCount,
  formatPercent,
  formatTime,
  joinWords,
} from "../../format/mod.ts";
import type { Analysis, RunSeries } from "../../analysis/mod.ts";
import { SLOW_CAUSES, type SlowCause } from "../../result/mod.ts";
import { type Drawing, type Figure, figure, table } from "../document.ts";
import { type Axis, makeAxis } from "./axis.ts";
import { BOTTOM, horizontalAxis, verticalAxis, WIDTH } from "./frame.ts";
import { type Measured, storeColour } from "./marks.ts";
import { coordinate, element, hover, label, type Markup } from "./svg.ts";

/** Room left of the panels for the lanes' names, and right of them. */
const LEFT = 92;
const RIGHT = 12;
const NAME = 20;
const MAP = 130;
const GAP = 14;
/** Height of a lane, and from one to the next. */
const LANE = 12;
const STEP = 19;
/** Columns that are drawn: neighbouring windows of more are one. */
const MOST_COLUMNS = 180;
/** Shades that are told apart. */
const SHADES = 5;
/** Slow operations that are drawn, and what the engine told: the longest. */
const MOST_CROSSES = 120;
const MOST_BOXES = 100;
/** Windows that are told as numbers. */
const MOST_ROWS = 60;
/** Times that are a bucket of a window's spread: from 2^(i/4) ns on. */
const AN_OCTAVE = 4;

type Windows = NonNullable<RunSeries["windows"]>;
type Slow = NonNullable<Windows[number]["slow"]>[number];
type Background = NonNullable<Windows[number]["background"]>[number];

/** The lanes, and what a sentence calls what is in one. */
const LANES: Record<SlowCause, { name: string; words: string }> = {
  runQueue: { name: "Run queue", words: "a wait for a processor" },
  hiccup: { name: "Hiccups", words: "a hiccup of the machine" },
  generator: { name: "Late client", words: "the client's own lateness" },
  stall: { name: "Stalls", words: "a stall of writes" },
  fsync: { name: "Syncs", words: "a sync of the log" },
  collection: { name: "Collections", words: "a collection by V8" },
  memtable: { name: "Memtables", words: "a change of memtables" },
  flush: { name: "Flushes", words: "a flush" },
  compaction: { name: "Compactions", words: "a compaction" },
  steal: { name: "Steal", words: "steal by the hypervisor" },
  unknown: { name: "Not known", words: "nothing that is known" },
};

/** Windows that are drawn as one. */
interface Column {
  atNs: number;
  ns: number;
  /** Operations by bucket of their time. */
  counts: Map<number, number>;
  /** For what share of it each cause went on. */
  on: Partial<Record<SlowCause, number>>;
}

/**
 * A load with one axis of time for all that there is to see of it: how long operations took, the slowest,
 * and below it what went on. One run a store: the one with the longest of the slow operations.
 */
export function timeMapFigure(
  { stores }: Analysis,
  index: number,
  name: string,
  all: readonly Measured[],
): Figure[] {
  return all.flatMap(({ benchmark: { store }, series }, place) => {
    const run = tellingRun(series.runs);
    if (run === undefined) return [];
    const { windows } = run;
    const columns = columnsOf(windows);
    const slow = windows.flatMap((window) => window.slow ?? [])
      .toSorted((a, b) => b.ns - a.ns).slice(0, MOST_CROSSES);
    const background = windows.flatMap((window) => window.background ?? []);
    const boxes = background.toSorted((a, b) => b.ns - a.ns).slice(0, MOST_BOXES);
    const lanes = SLOW_CAUSES.filter((cause) =>
      slow.some((each) => each.cause === cause) || columns.some(({ on }) => (on[cause] ?? 0) > 0)
    );
    const mapBottom = NAME + MAP;
    const lanesTop = mapBottom + GAP + NAME;
    const bottom = lanes.length === 0 ? mapBottom : lanesTop + lanes.length * STEP;
    const time = makeAxis([0, ...columns.map(({ atNs, ns }) => atNs + ns)], {
      quantity: "time",
      scale: "linear",
      from: LEFT,
      to: WIDTH - RIGHT,
    });
    const buckets = columns.flatMap(({ counts }) => [...counts.keys()]);
    const took = makeAxis(
      [...buckets.flatMap((each) => [fromOf(each), fromOf(each + 1)]), ...slow.map(({ ns }) => ns)],
      { quantity: "time", scale: "log", from: mapBottom, to: NAME, horizontal: false },
    );
    const scheduled = windows.some(({ response }) => response !== undefined);
    const crossed = scheduled ? ", at its service time" : "";
    const marks: Markup[] = [
      label(LEFT, 13, scheduled ? "Response times" : "Service times", { look: "head" }),
      label(WIDTH - RIGHT, 13, "log scale", { anchor: "end", look: "soft" }),
      verticalAxis(took, LEFT, WIDTH - RIGHT),
      horizontalAxis(time, {
        top: NAME,
        bottom,
        from: LEFT,
        to: WIDTH - RIGHT,
        title: "Time since the measuring began",
        bands: [[NAME, mapBottom], [lanesTop, bottom]],
      }),
      element("g", { class: storeColour(stores, store) }, heat(columns, time, took)),
      slow.map((each) => cross(each, time, took)),
      ...(lanes.length === 0 ? [] : [
        label(LEFT, lanesTop - 7, "What went on meanwhile", { look: "head" }),
        lanes.map((cause, i) =>
          lane(cause, lanesTop + i * STEP, {
            columns,
            slow,
            background: boxes.filter(({ kind }) => kind === cause),
            time,
            colour: storeColour(stores, store),
          })
        ),
      ]),
    ];
    const drawing: Drawing = { width: WIDTH, height: bottom + BOTTOM, marks };
    return [figure({
      id: `time-map-${index}-${place + 1}`,
      title: `${name} of ${store}, what went on when`,
      caption:
        `Run ${run.run}, the one with the longest of the slow operations. Above, the darker a field is, ` +
        "the more operations that ended then took so long, in steps of a logarithm; a cross is one of the " +
        `slowest${crossed}. Below, a lane is the darker the longer something went on, which is looked at ` +
        "50 times a second; a stroke in it is a slow operation that is put down to it, and a box what the " +
        "engine, or the files of its levels, told." +
        sentences(slow, columns, background),
      drawing,
      numbers: table(
        [
          ">At",
          ">Slow ones",
          ">Longest",
          ...lanes.map((cause) => `>${LANES[cause].name}` as const),
        ],
        windows.slice(0, MOST_ROWS).map((window) => [
          formatTime(window.atNs),
          formatCount(window.slow?.length ?? 0),
          window.slow?.length ? formatTime(Math.max(...window.slow.map(({ ns }) => ns))) : "–",
          ...lanes.map((cause) => {
            const share = window.on?.[cause];
            return share === undefined ? "–" : formatPercent(share);
          }),
        ]),
      ),
    })];
  });
}

/** The run that is drawn: of those that tell enough, the one with the longest slow operation. */
function tellingRun(runs: readonly RunSeries[]): { run: number; windows: Windows } | undefined {
  const telling = runs.flatMap(({ run, windows }) =>
    windows?.some(({ spread }) => spread !== undefined) ? [{ run, windows }] : []
  );
  const longest = ({ windows }: { windows: Windows }) =>
    windows.reduce(
      (most, { slow = [] }) => slow.reduce((own, { ns }) => Math.max(own, ns), most),
      0,
    );
  return telling.reduce<typeof telling[number] | undefined>(
    (best, each) => best !== undefined && longest(best) >= longest(each) ? best : each,
    undefined,
  );
}

/** Where a bucket of a spread begins, ns. */
function fromOf(bucket: number): number {
  return 2 ** (bucket / AN_OCTAVE);
}

function columnsOf(windows: Windows): Column[] {
  const together = Math.ceil(windows.length / MOST_COLUMNS);
  return Array.from({ length: Math.ceil(windows.length / together) }, (_, i) => {
    const own = windows.slice(i * together, (i + 1) * together);
    const ns = own.reduce((sum, window) => sum + window.ns, 0);
    const counts = new Map<number, number>();
    for (const { spread } of own) {
      spread?.counts.forEach((count, place) => {
        const bucket = spread.first + place;
        if (count > 0) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
      });
    }
    const on = Object.fromEntries(SLOW_CAUSES.flatMap((cause) => {
      const known = own.filter((window) => window.on?.[cause] !== undefined);
      if (known.length === 0) return [];
      return [[cause, known.reduce((sum, window) => sum + window.on![cause]! * window.ns, 0) / ns]];
    }));
    return { atNs: own[0]!.atNs, ns, counts, on };
  });
}

/** A rectangle as a part of a path. */
function field(x: number, y: number, width: number, height: number): string {
  return `M${coordinate(x)} ${coordinate(y)}h${coordinate(width)}v${coordinate(height)}` +
    `h${coordinate(-width)}z`;
}

/** Fields in some shades: one path a shade, so that a long load is no long text. */
function shaded(fields: readonly { shade: number; d: string }[]): Markup {
  const byShade = Map.groupBy(fields, ({ shade }) => shade);
  return [...byShade].map(([shade, own]) =>
    element("path", {
      class: "fill",
      opacity: ((shade + 1) / SHADES * 0.85 + 0.1).toFixed(2),
      d: own.map(({ d }) => d).join(""),
    })
  );
}

/** Which shade a share of the most has. */
function shadeOf(share: number): number {
  return Math.max(0, Math.min(SHADES - 1, Math.ceil(share * SHADES) - 1));
}

function heat(columns: readonly Column[], time: Axis, took: Axis): Markup {
  const most = Math.max(1, ...columns.flatMap(({ counts }) => [...counts.values()]));
  return shaded(columns.flatMap(({ atNs, ns, counts }) => {
    const [left, right] = [time.at(atNs), time.at(atNs + ns)];
    return [...counts].map(([bucket, count]) => {
      const [low, high] = [took.at(fromOf(bucket)), took.at(fromOf(bucket + 1))];
      // A single operation is to be seen beside a hundred thousand.
      const shade = shadeOf(Math.log(count + 1) / Math.log(most + 1));
      return {
        shade,
        d: field(left, high, Math.max(0.5, right - left), Math.max(0.5, low - high)),
      };
    });
  }));
}

/** Half the size of a cross, px. */
const ARM = 2.5;

function cross({ atNs, ns, cause }: Slow, time: Axis, took: Axis): Markup {
  const [x, y] = [time.at(atNs), took.at(ns)].map((at) => Math.round(at * 10) / 10) as [
    number,
    number,
  ];
  const stroke = (dy: number) =>
    `M${coordinate(x - ARM)} ${coordinate(y - dy)}L${coordinate(x + ARM)} ${coordinate(y + dy)}`;
  return element(
    "g",
    {},
    hover(`${formatTime(ns)} at ${formatTime(atNs)}: ${LANES[cause].words}`),
    element("path", { class: "cursor", d: `${stroke(ARM)}${stroke(-ARM)}` }),
  );
}

function lane(
  cause: SlowCause,
  top: number,
  { columns, slow, background, time, colour }: {
    columns: readonly Column[];
    slow: readonly Slow[];
    background: readonly Background[];
    time: Axis;
    colour: string;
  },
): Markup {
  const fields = columns.flatMap(({ atNs, ns, on }) => {
    const share = on[cause] ?? 0;
    const [left, right] = [time.at(atNs), time.at(atNs + ns)];
    return share > 0
      ? [{ shade: shadeOf(share), d: field(left, top, Math.max(0.5, right - left), LANE) }]
      : [];
  });
  const strokes = slow.filter((each) => each.cause === cause)
    .map(({ atNs }) =>
      `M${coordinate(time.at(atNs))} ${coordinate(top - 2)}v${coordinate(LANE + 4)}`
    );
  return [
    label(LEFT - 5, top + LANE - 2, LANES[cause].name, { anchor: "end", room: LEFT - 6 }),
    element("g", { class: colour }, shaded(fields)),
    background.map((each) => {
      const [left, right] = [time.at(each.atNs), time.at(each.atNs + each.ns)];
      return element(
        "g",
        {},
        hover(backgroundWords(each)),
        element("rect", {
          class: "edge",
          x: left,
          y: top,
          width: Math.max(1, right - left),
          height: LANE,
        }),
      );
    }),
    strokes.length === 0 ? null : element("path", { class: "cursor", d: strokes.join("") }),
  ];
}

/** What is known of it, with levels and size as far as these are. */
function backgroundWords({ kind, levels, ...sizes }: Background): string {
  const between = levels === undefined ? "" : ` of L${levels.from} into L${levels.to}`;
  return `${kind}${between}, ${sizeWords(sizes)}`;
}

function sizeWords({ atNs, ns, bytes }: Pick<Background, "atNs" | "ns" | "bytes">): string {
  const wrote = bytes > 0 ? `${formatBytes(bytes)} written, ` : "";
  return `${wrote}${formatTime(ns)} from ${formatTime(atNs)} on`;
}

/** What there is to see, in words. */
function sentences(
  slow: readonly Slow[],
  columns: readonly Column[],
  background: readonly Background[],
): string {
  const longest = slow.reduce<Slow | undefined>(
    (most, each) => most !== undefined && most.ns >= each.ns ? most : each,
    undefined,
  );
  if (longest === undefined) return " No operation was slow here.";
  const { ns, atNs, cause } = longest;
  const said = [
    `The longest took ${formatTime(ns)}, from ${formatTime(atNs)} on, and is put down to ` +
    `${LANES[cause].words}.`,
    mostCauses(slow),
    ...mostOfTime(columns),
    ...largest(slow, background),
  ];
  return ` ${said.join(" ")}`;
}

/** Of the operations that are drawn, what most are put down to. */
function mostCauses(slow: readonly Slow[]): string {
  const counts = [...Map.groupBy(slow, ({ cause }) => cause)]
    .map(([cause, own]) => ({ cause, count: own.length }))
    .toSorted((a, b) => b.count - a.count);
  const told = counts.slice(0, 3).map(({ cause, count }) =>
    `${formatCount(count)} to ${LANES[cause].words}`
  );
  const drawn = slow.length === 1
    ? "one that is drawn"
    : `${formatCount(slow.length)} that are drawn`;
  return `Of the ${drawn}, ${joinWords(told)}` +
    (counts.length > 3 ? ", and the others to what is rarer." : ".");
}

/** What went on for the most of the time. */
function mostOfTime(columns: readonly Column[]): string[] {
  const ns = columns.reduce((sum, column) => sum + column.ns, 0);
  const shares = SLOW_CAUSES.map((cause) => ({
    cause,
    share: columns.reduce((sum, { on, ns }) => sum + (on[cause] ?? 0) * ns, 0) / ns,
  })).filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share);
  const [most] = shares;
  if (most === undefined) return [];
  const share = `in ${formatPercent(most.share)} of the time`;
  return [`What was seen for longest was ${LANES[most.cause].words}, ${share}.`];
}

/** The largest compaction, and what was slow during it. */
function largest(slow: readonly Slow[], background: readonly Background[]): string[] {
  const all = background.filter(({ kind }) => kind === "compaction");
  if (all.length === 0) return [];
  const most = all.reduce((best, each) => each.bytes > best.bytes ? each : best);
  const during =
    slow.filter(({ atNs, ns }) => atNs < most.atNs + most.ns && atNs + ns > most.atNs).length;
  const between = most.levels && ` (L${most.levels.from} into L${most.levels.to})`;
  const met = `${formatCount(during)} of the slow operations that are drawn`;
  return [`The largest compaction${between ?? ""}, ${sizeWords(most)}, overlapped ${met}.`];
}
