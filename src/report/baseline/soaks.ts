/** What hours of a load did to its store: the last stretch against the first, and what grew. */
import {
  formatBytes,
  formatCount,
  formatFactor,
  formatRate,
  formatSeconds,
  formatTime,
} from "../../format/mod.ts";
import {
  formatRatio,
  type LoadAnalysis,
  type SoakAnalysis,
  type SoakStretch,
} from "../../analysis/mod.ts";
import { type Block, code, paragraph, table } from "../document.ts";

/** A load's soaks under its name. */
interface Soaked {
  name: string;
  load: Pick<LoadAnalysis, "soaks">;
}

/** The blocks of runs that were long enough to be soaks; none where none was. */
export function soakBlocks(all: readonly Soaked[]): Block[] {
  const own = all.flatMap(({ name, load }) => load.soaks.map((soak) => ({ name, soak })));
  const [first] = own;
  if (first === undefined) return [];
  const stretch = formatSeconds(first.soak.stretchNs / 1e6);
  return [
    paragraph(
      `Over time: the last ${stretch} of each run of ${formatCount(first.soak.windows)} windows ` +
        "against its first, as the factor that rate and p99 are of what they were, with 95% intervals " +
        "by a circular block bootstrap of the windows; and the window with the fewest operations.",
    ),
    table(
      [
        "Load",
        ">Run",
        ">Rate first",
        ">Last",
        ">Change",
        ">p99 first",
        ">Last",
        ">Change",
        ">Worst",
      ],
      own.map(({ name, soak }) => [
        [code(name)],
        String(soak.run),
        ...stretches(soak.rate, formatRate),
        ...stretches(soak.p99, formatTime),
        worstText(soak),
      ]),
      { label: "First and last" },
    ),
    paragraph(
      "What grew in an hour, by a line through the means of sixty parts, with 95% intervals that " +
        "consider that neighbours are alike (Santer et al. 2000): resident memory, what of it is " +
        "beyond the engine's memtables and cache of blocks, live files, and the bytes that the process wrote for each byte put. An interval with 0 in it tells no growth; – " +
        "where it is not known, or the parts are so much alike that a line says nothing.",
    ),
    table(
      [
        "Load",
        ">Run",
        ">Resident memory",
        ">Of that its own",
        ">Live files",
        ">Write amplification",
      ],
      own.map(({ name, soak }) => [
        [code(name)],
        String(soak.run),
        growthText(soak.rssAnHour, formatBytes),
        growthText(soak.ownAnHour, formatBytes),
        growthText(soak.filesAnHour, formatBytes),
        growthText(soak.amplificationAnHour, formatFactor),
      ]),
      { label: "Growth" },
    ),
  ];
}

function stretches({ first, last, change }: SoakStretch, format: (value: number) => string) {
  const show = (value: number | null) => value === null ? "–" : format(value);
  return [show(first), show(last), change === null ? "–" : formatRatio(change)];
}

function worstText({ worst, silent }: SoakAnalysis): string {
  const at = `${formatRate(worst.rate)} at ${formatTime(worst.atNs)}`;
  return silent === 0 ? at : `${at}; ${formatCount(silent)} without an operation`;
}

/** An hour's growth with its sign. */
function growthText(
  slope: SoakAnalysis["rssAnHour"],
  format: (value: number) => string,
): string {
  if (slope === null) return "–";
  const signed = (value: number) => `${value < 0 ? "−" : "+"}${format(Math.abs(value))}`;
  return `${signed(slope.value)} (${signed(slope.low)} to ${signed(slope.high)})`;
}
