/** A ladder as a document of its own. */
import {
  capitalised,
  changeRangeText,
  formatMinute,
  formatPercent,
  joinRange,
  plural,
} from "../../format/mod.ts";
import {
  type Ladder,
  type LadderPlace,
  type LadderRow,
  METRIC_WORDS,
  metricRangeText,
  seriesInWords,
} from "../../analysis/mod.ts";
import type { Remark } from "../../remark/mod.ts";
import type { Result } from "../../result/mod.ts";
import {
  aside,
  type Block,
  type CellWords,
  code,
  type Document,
  heading,
  list,
  paragraph,
  quantity,
  status,
  strong,
  table,
  type Words,
} from "../document.ts";
import { ladderFigure } from "../plots/mod.ts";
import { prose } from "../prose.ts";

/** The ladder's report: what is real first, then every figure, the options, and what to know. */
export function buildLadderReport(result: Result, ladder: Ladder): Document {
  return {
    title: result.suite.title,
    language: "en",
    blocks: [
      heading(1, prose(result.suite.title, result)),
      paragraph(prose(result.suite.summary, result)),
      facts(result, ladder),
      ...found(ladder),
      ...ladderFigure(ladder),
      ...releases(ladder),
      ...everySeries(ladder),
      ...explanations(ladder),
      ...optionDifferences(ladder),
      ...everyStep(ladder),
      ...sharpness(ladder),
      ...method(result, ladder),
    ],
  };
}

function facts(result: Result, { rungs, turns }: Ladder): Block {
  const { profile, environment, tool, startedAt, endedAt, seed } = result;
  const { cpu } = environment;
  const runs = plural(profile.runs, "run");
  const fact = (name: string, words: Words): Words => [strong(`${name}:`), " ", ...asList(words)];
  return list([
    fact("Suite", [code(result.suite.name), ", profile ", code(profile.name)]),
    fact(
      "Measured",
      endedAt === null
        ? `from ${formatMinute(startedAt)}; it did not come to its end`
        : `${formatMinute(startedAt)} to ${formatMinute(endedAt)}`,
    ),
    fact("Releases", `${rungs.length}, from ${rungs[0]!.name} to ${rungs.at(-1)!.name}`),
    fact("Replication", [
      `${runs} of each benchmark on each release, each a fresh process with a fresh database; `,
      turns === null
        ? `the releases' runs are neighbours, in an order drawn with seed ${seed}`
        : `${turns.together} of them at once at most, which take turns of ${turns.batchMs} ms, in ` +
          `orders drawn with seed ${seed}`,
    ]),
    fact(
      "Machine",
      `${cpu.model ?? "processor not known"}, ${environment.os ?? "system not known"}, kernel ` +
        (environment.kernel ?? "not known"),
    ),
    fact("Tidemark", [
      `${tool.version}, commit `,
      tool.commit === null ? "not known" : code(tool.commit),
      "; result ",
      code(result.id),
    ]),
  ]);
}

function asList(words: Words) {
  return Array.isArray(words) ? words : [words];
}

const sentences = (remarks: readonly Remark[], topics: readonly string[]) =>
  remarks.filter(({ topic }) => topics.includes(topic)).map(({ text }) => text);

function found(ladder: Ladder): Block[] {
  const { steps, gone, rows, remarks } = ladder;
  const neighbours = rows.filter(({ older, newer }) => newer === older + 1);
  const judged = neighbours.filter(({ adjustedP }) => adjustedP !== null);
  const real = steps.length === 0
    ? "No step between neighbours is real"
    : steps.length === 1
    ? "One step between neighbours is real"
    : `${steps.length} steps between neighbours are real`;
  const again = gone.length === 0
    ? ""
    : ` ${plural(gone.length, "more was", "more were")} sure at first, and not found again.`;
  const counts = `${real}, of ${judged.length} that could be judged.${again}`;
  const told = sentences(remarks, ["whole", "step"]);
  const open = neighbours.length - judged.length;
  return [
    heading(2, "What was found"),
    paragraph(open === 0 ? counts : `${counts} ${open} could not be judged.`),
    ...(told.length === 0 ? [] : [list(told)]),
  ];
}

function releases({ rungs, remarks }: Ladder): Block[] {
  const told = sentences(remarks, ["measurement"]);
  return [
    heading(2, "Releases"),
    table(
      ["Release", "Engine", "Compiler", "Library's SHA-256", "Pinned"],
      rungs.map(({ name, engine, compiler, sha256, pinned }): CellWords[] => [
        code(name),
        engine ?? "not measured",
        compiler ?? "not named",
        sha256 === null ? "–" : code(sha256.slice(0, 16)),
        pinned === null ? "–" : pinned ? "yes" : "no",
      ]),
    ),
    ...(told.length === 0 ? [] : [list(told)]),
  ];
}

/** For each metric of each benchmark: what every release has, and its change from the first. */
function everySeries({ rungs, series }: Ladder): Block[] {
  return [
    heading(2, "Release by release"),
    ...series.flatMap((one): Block[] => [
      heading(3, [
        `${capitalised(METRIC_WORDS[one.metric])} of ${seriesInWords(one)} (`,
        code(one.name),
        ")",
      ]),
      table(
        ["Release", ">Value", ">Change from the first"],
        one.places.map((place) => [code(rungs[place.rung]!.name), ...placeCells(place, one)]),
        { label: `${one.name}, ${METRIC_WORDS[one.metric]}` },
      ),
    ]),
  ];
}

function placeCells(
  { estimate, change, rung, runs }: LadderPlace,
  { metric }: Ladder["series"][number],
): CellWords[] {
  return [
    estimate === null
      ? `${plural(runs, "run")}, no interval`
      : quantity(metricRangeText(metric, estimate)),
    rung === 0 ? "–" : change === null ? "not known" : quantity(changeRangeText(change)),
  ];
}

function explanations({ explanations: all, rungs }: Ladder): Block[] {
  if (all === null || all.length === 0) return [];
  const cell = (change: Ladder["rows"][number]["change"]): CellWords =>
    change === null ? "–" : quantity(changeRangeText(change));
  return [
    heading(2, "Code or defaults"),
    paragraph(
      "Each step was measured again by three that belong together: the older release, the newer one, " +
        "and the newer one with the older's options. What is left of the step then is the code's.",
    ),
    table(
      [
        "Benchmark",
        "Metric",
        "From",
        "To",
        ">The step again",
        ">By the code",
        ">By the options",
        ">Options' share",
      ],
      all.map((row): CellWords[] => [
        code(row.name),
        METRIC_WORDS[row.metric],
        code(rungs[row.older]!.name),
        code(rungs[row.newer]!.name),
        cell(row.step),
        cell(row.code),
        cell(row.options),
        row.share === null ? row.reason ?? "not known" : `${Math.round(row.share * 100)}%`,
      ]),
    ),
  ];
}

/** Options longer than this are cut in the table: whole compaction policies are one option. */
const MOST_CHARACTERS = 60;

function optionDifferences({ options, rungs }: Ladder): Block[] {
  const shown = (value: string | null): CellWords =>
    value === null
      ? "no such option"
      : code(value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}…` : value);
  const changed = options.flatMap(({ older, newer, differences }) =>
    differences.filter((each) => each.older !== null && each.newer !== null)
      .map((each) => ({ from: older, to: newer, each }))
  );
  const came = options.map(({ newer, differences }) => ({
    newer,
    came: differences.filter(({ older }) => older === null).map(({ option }) => option),
    gone: differences.filter(({ newer }) => newer === null).map(({ option }) => option),
  })).filter(({ came, gone }) => came.length + gone.length > 0);
  if (options.length === 0) return [];
  return [
    heading(2, "What differs in the options"),
    paragraph(
      changed.length === 0
        ? "No option that two neighbours have is another by default."
        : "Options that two neighbours have, with other values where nothing is said.",
    ),
    ...(changed.length === 0 ? [] : [table(
      ["From", "To", "Option", "Older", "Newer"],
      changed.map(({ from, to, each: { option, older, newer } }): CellWords[] => [
        code(rungs[from]!.name),
        code(rungs[to]!.name),
        code(option),
        shown(older === "" ? "(empty)" : older),
        shown(newer === "" ? "(empty)" : newer),
      ]),
    )]),
    ...(came.length === 0 ? [] : [
      heading(3, "Options that came and went", { folded: true }),
      list(came.map(({ newer, came, gone }): Words => [
        code(rungs[newer]!.name),
        came.length === 0 ? "" : ` has ${came.join(", ")}`,
        came.length > 0 && gone.length > 0 ? ";" : "",
        gone.length === 0 ? "" : ` has no longer ${gone.join(", ")}`,
      ])),
    ]),
  ];
}

/** Every row between neighbours with its verdict. */
function everyStep({ rows, rungs }: Ladder): Block[] {
  const neighbours = rows.filter(({ older, newer }) => newer === older + 1);
  return [
    heading(2, "Every step between neighbours", { folded: true }),
    table(
      ["Benchmark", "Metric", "From", "To", ">Change", ">p", "Verdict"],
      neighbours.map((row): CellWords[] => [
        code(row.name),
        METRIC_WORDS[row.metric],
        code(rungs[row.older]!.name),
        code(rungs[row.newer]!.name),
        row.change === null ? "–" : quantity(changeRangeText(row.change)),
        row.adjustedP === null ? "–" : row.adjustedP.toPrecision(2),
        verdict(row),
      ]),
    ),
  ];
}

function verdict({ verdict, reason, change }: LadderRow): Words {
  // Where nothing was tested the reason is all that there is.
  return change === null && reason !== null ? [status(verdict), aside(reason)] : [status(verdict)];
}

/** How far runs spread, with and without those that they took turns with. */
function sharpness({ series, turns }: Ladder): Block[] {
  const known = series.flatMap(({ name, metric, spread }) =>
    spread === null ? [] : [{ name, metric, spread }]
  );
  if (turns === null || known.length === 0) return [];
  return [
    heading(2, "What taking turns did"),
    paragraph(
      "How far two runs of one release are apart: held against the runs that they took turns with, " +
        "and by themselves, with all that the machine did meanwhile.",
    ),
    table(
      ["Benchmark", "Metric", ">Spread in turns", ">Spread alone"],
      known.map(({ name, metric, spread }): CellWords[] => [
        code(name),
        METRIC_WORDS[metric],
        formatPercent(spread.paired),
        formatPercent(spread.unpaired),
      ]),
    ),
  ];
}

/** How runs were held against one another. */
function design({ turns }: Ladder): Words[] {
  if (turns === null) {
    return [
      "A block is the same run of a benchmark on every release, one after the other in an order that is " +
      "drawn anew; only blocks that every release measured count. The spread between runs is that of " +
      "all releases together, unless two of them spread further for sure; then it is theirs.",
    ];
  }
  return [
    `Neighbours play together, ${turns.together} at once at most, with the first release always among ` +
    "them: live processes, of which one works while the others wait, a batch of " +
    `${turns.batchMs} ms each, in an order that is drawn for each round. Where one of them fails, ` +
    "none of their runs counts.",
    "A change is the mean of the ratios of runs that played together. Of rates and mean times such a " +
    "ratio is the robust centre of its rounds' ratios; of p99 it is that of the two runs' own. It is " +
    "not the quotient of two values in the tables: those are of whole runs, with all that the machine did.",
    "The spread of the ratios is that of all releases together, unless two of them spread further for " +
    "sure; then it is theirs.",
    "What an engine does in the background after a turn of writes is waited for before the next turn, " +
    "and is in no figure. A walk over all entries goes on where its last turn ended.",
  ];
}

function method({ suite }: Result, ladder: Ladder): Block[] {
  const { confidence, level, rows } = ladder;
  return [
    heading(2, "How it was judged"),
    list([
      `Each release is held against the one before it and against the first: ${rows.length} rows, one ` +
      `family for the correction (Benjamini and Hochberg). A change is real where its adjusted p is ` +
      `below ${level} and its estimate beyond the metric's threshold.`,
      ...design(ladder),
      `Each interval is at ${confidence * 100}% on its own.`,
      "Each release runs with its own defaults; RocksDB's own log is all but off in every one.",
      "The libraries are those in the engine's published Java archives, built by its own project.",
    ]),
    ...(suite.nextSteps.length === 0 ? [] : [heading(2, "Next steps"), list([...suite.nextSteps])]),
  ];
}

/** The sentences and counts of a ladder, for the first lines of a terminal. */
export function changeInWords({ change }: Pick<LadderRow, "change">): string {
  return change === null ? "–" : joinRange(changeRangeText(change));
}
