/** What a ladder found, in sentences: one for each step that is real, and none for any other. */
import {
  capitalised,
  formatChange,
  formatChangeRange,
  formatPercent,
  joinWords,
  plural,
} from "../../format/mod.ts";
import { type Remark, type Tell, tellAll } from "../../remark/mod.ts";
import { OPERATIONS } from "../../workload/mod.ts";
import { METRIC_WORDS } from "../words.ts";
import type { Ladder, LadderRow, LadderSeries, LadderTopic } from "./model.ts";
import { optionsOfOlder } from "./options.ts";

type Judged = Omit<Ladder, "remarks">;

/** The sentences of a ladder. */
export function ladderRemarks(ladder: Judged): Remark<LadderTopic>[] {
  return tellAll<Judged, LadderTopic>(
    [steps, gone, whole, against, compilers, cache, onlyCode, explained],
    ladder,
  );
}

/** What a series is of, e.g. `scans over a memtable`. */
export function seriesInWords({ workload, data, name }: LadderSeries): string {
  const { operation, order } = workload;
  if (operation === null) return name;
  const { plural: several, filled } = OPERATIONS[operation];
  const where = !filled || data === null
    ? ""
    : data === "files"
    ? " over settled files"
    : " over a memtable";
  return `${order === "random" ? "random " : ""}${several}${where}`;
}

/** A row's metric with its benchmark, e.g. `scans over a memtable (scan_throughput/1000, throughput)`. */
function rowInWords(row: Pick<LadderRow, "name" | "metric">, { series }: Judged): string {
  const own = series.find(({ name, metric }) => name === row.name && metric === row.metric)!;
  return `${seriesInWords(own)} (${row.name}, ${METRIC_WORDS[row.metric]})`;
}

const steps: Tell<Judged, LadderTopic> = (ladder) =>
  ladder.steps.map((row) => {
    const [older, newer] = [ladder.rungs[row.older]!, ladder.rungs[row.newer]!];
    const change = formatChangeRange(row.change!);
    const better = row.verdict === "improved" ? "better" : "worse";
    const compiler = older.compiler !== null && newer.compiler !== null &&
        older.compiler !== newer.compiler
      ? ` The compiler changed with it, from ${older.compiler} to ${newer.compiler}.`
      : "";
    return {
      id: "step",
      topic: "step",
      severity: row.verdict === "improved" ? "info" : "warn",
      about: [`${older.store}/${row.name}`, `${newer.store}/${row.name}`],
      condition: "a change between neighbours is sure and beyond the threshold",
      numbers: {
        change: row.change!.value,
        low: row.change!.low,
        high: row.change!.high,
        adjustedP: row.adjustedP!,
      },
      text: `${capitalised(rowInWords(row, ladder))}: ${change} from ${older.name} to ` +
        `${newer.name}, ${better}.${compiler}`,
    };
  });

const gone: Tell<Judged, LadderTopic> = (ladder) =>
  ladder.gone.map((row) => {
    const [older, newer] = namesOf(row, ladder);
    const { step } = ladder.explanations!.find(({ name, metric, newer }) =>
      name === row.name && metric === row.metric && newer === row.newer
    )!;
    return {
      id: "step-gone",
      topic: "step",
      severity: "info",
      about: [row.name],
      condition: "a change between neighbours was sure, and was not found when measured again",
      numbers: { first: row.change!.value, again: step!.value },
      text: `No step: ${rowInWords(row, ladder)} read ${formatChangeRange(row.change!)} from ` +
        `${older} to ${newer}, and ${formatChangeRange(step!)} when both were measured again.`,
    };
  });

/** What all of the ladder comes to, benchmark by benchmark, where that is real. */
const whole: Tell<Judged, LadderTopic> = (ladder) => {
  const last = ladder.rungs.length - 1;
  if (last < 2) return null;
  const rows = ladder.rows.filter(({ older, newer, verdict }) =>
    older === 0 && newer === last && (verdict === "improved" || verdict === "regressed")
  );
  if (rows.length === 0) return null;
  const changes = rows.map((row) => `${rowInWords(row, ladder)} ${formatChangeRange(row.change!)}`);
  const [from, to] = [ladder.rungs[0]!.name, ladder.rungs[last]!.name];
  return {
    id: "whole-ladder",
    topic: "whole",
    severity: "info",
    about: rows.map(({ name }) => name),
    condition: "a change from the first release to the last is sure and beyond the threshold",
    numbers: { rows: rows.length },
    text: `From ${from} to ${to}: ${changes.join("; ")}.`,
  };
};

/**
 * What releases in between are against the first, benchmark by benchmark, where that is real: a slow
 * slope has no step, and the last release is one of many.
 */
const against: Tell<Judged, LadderTopic> = (ladder) => {
  const last = ladder.rungs.length - 1;
  return ladder.series.flatMap((series) =>
    (["improved", "regressed"] as const).flatMap((verdict) => {
      const rows = ladder.rows.filter((row) =>
        row.name === series.name && row.metric === series.metric && row.verdict === verdict &&
        row.older === 0 && row.newer < last
      );
      // The first of them is a step, which has a sentence.
      if (rows.every(({ newer }) => newer === 1)) return [];
      const changes = rows.map(({ change }) => change!.value);
      const [least, most] = [Math.min(...changes), Math.max(...changes)];
      const named = [...new Set([rows[0]!, rows.at(-1)!])]
        .map(({ newer }) => ladder.rungs[newer]!.name);
      const where = rows.length === 1
        ? `in ${named[0]}`
        : `in ${rows.length} of the ${last - 1} releases between, from ${named[0]} to ${named[1]}`;
      const change = least === most
        ? formatChange(least)
        : `${formatChange(least)} to ${formatChange(most)}`;
      const better = verdict === "improved" ? "better" : "worse";
      return [{
        id: "against-first",
        topic: "whole" as const,
        severity: "info" as const,
        about: [series.name],
        condition:
          "a change from the first release to one in between is sure and beyond the threshold",
        numbers: { rows: rows.length, least, most },
        text: `Against ${ladder.rungs[0]!.name}, ${rowInWords(series, ladder)} surely ${better} ` +
          `${where}: ${change}.`,
      }];
    })
  );
};

const compilers: Tell<Judged, LadderTopic> = ({ rungs }) => {
  const known = rungs.filter(({ compiler }) => compiler !== null);
  const spans: { compiler: string; from: string; to: string }[] = [];
  for (const { compiler, name } of known) {
    const last = spans.at(-1);
    if (last?.compiler === compiler) last.to = name;
    else spans.push({ compiler: compiler!, from: name, to: name });
  }
  if (spans.length < 2) return null;
  const words = spans.map(({ compiler, from, to }) =>
    from === to ? `${compiler} in ${from}` : `${compiler} from ${from} to ${to}`
  );
  return {
    id: "compilers",
    topic: "measurement",
    severity: "warn",
    about: [],
    condition: "the libraries do not all name one compiler",
    numbers: { compilers: spans.length },
    text: `The builds were not made by one compiler: ${joinWords(words)}. A step that falls on a ` +
      "change of compilers may be the compiler's.",
  };
};

/** The name of the block cache's size among the options. */
const BLOCK_CACHE = "block_based_table_factory.block_cache";

const cache: Tell<Judged, LadderTopic> = ({ options, rungs }) =>
  options.flatMap(({ newer, differences }) => {
    const found = differences.find(({ option }) => option === BLOCK_CACHE);
    if (!found || found.older === null || found.newer === null) return [];
    const [older, now] = [Number(found.older), Number(found.newer)];
    if (!(older > 0 && now > 0)) return [];
    const { name } = rungs[newer]!;
    const share = formatPercent(now / older);
    return [{
      id: "default-cache",
      topic: "measurement" as const,
      severity: "info" as const,
      about: [rungs[newer]!.store],
      condition: "the default block cache of two neighbours is not of one size",
      numbers: { older, newer: now },
      text:
        `In ${name} the default block cache is ${share} of the one before it: what is read from ` +
        "files depends on it.",
    }];
  });

/** The releases of a row. */
function namesOf(
  { older, newer }: Pick<LadderRow, "older" | "newer">,
  { rungs }: Judged,
): [older: string, newer: string] {
  return [rungs[older]!.name, rungs[newer]!.name];
}

/** The steps that no option can be the cause of. */
const onlyCode: Tell<Judged, LadderTopic> = (ladder) =>
  ladder.steps.flatMap((row) => {
    const found = ladder.options.find(({ newer }) => newer === row.newer);
    if (found === undefined || optionsOfOlder(found) !== "") return [];
    const [older, newer] = namesOf(row, ladder);
    return [{
      id: "step-of-the-code",
      topic: "step" as const,
      severity: "info" as const,
      about: [row.name],
      condition: "a real step is between releases whose common options are alike",
      numbers: {},
      text:
        `${capitalised(rowInWords(row, ladder))}, ${older} to ${newer}: no option that both have ` +
        "is another, so that all of it is by the code or its build.",
    }];
  });

const explained: Tell<Judged, LadderTopic> = (ladder) => {
  if (ladder.explanations === null) {
    if (ladder.steps.length === 0) return null;
    return {
      id: "not-explained",
      topic: "measurement",
      severity: "info",
      about: [],
      condition: "steps were not measured again with the older release's options",
      numbers: { steps: ladder.steps.length },
      text:
        `Code or defaults: skipped; ${plural(ladder.steps.length, "step was", "steps were")} not ` +
        "measured again with the older release's options in this profile.",
    };
  }
  return ladder.explanations.flatMap((row) => {
    const isStep = ladder.steps.some(({ name, metric, newer }) =>
      name === row.name && metric === row.metric && newer === row.newer
    );
    if (!isStep || row.share === null || row.code === null || row.options === null) return [];
    const [older, newer] = namesOf(row, ladder);
    const what = rowInWords(row, ladder);
    return [{
      id: "explained-step",
      topic: "step" as const,
      severity: "info" as const,
      about: [row.name],
      condition: "a real step was measured again with the older release's options",
      numbers: { share: row.share, code: row.code.value, options: row.options.value },
      text: `${capitalised(what)}, ${older} to ${newer}, measured again: ` +
        `${formatChangeRange(row.step!)} in all, ${formatChangeRange(row.code)} by the code with ` +
        `${older}'s options, ${formatChangeRange(row.options)} by the options.`,
    }];
  });
};
