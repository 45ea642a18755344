import { formatFactor, formatPercent, formatTime, joinWords, plural } from "../../format/mod.ts";
import { layeredOperations } from "../layers.ts";
import type { Decomposition } from "../model.ts";
import { operationWord } from "../words.ts";
import type { TellFinding } from "./context.ts";

/** What each layer adds to an operation: from the storage alone to servers that are far apart. */
export const layerCosts: TellFinding = ({ measured, decompositions }) => {
  const operations = layeredOperations(measured.map(({ analysis }) => analysis), decompositions);
  if (operations.length === 0) return null;
  const sentences = operations.map(({ operation, layers: [base, ...layers] }) => {
    const steps = layers.map(({ words, mean }) => {
      const times = formatFactor(mean.value / base!.mean.value);
      return `${formatTime(mean.value)} ${words} (${times})`;
    });
    return `a ${operationWord(operation)} takes ${formatTime(base!.mean.value)} ${base!.words} ` +
      `(${base!.store}), ${joinWords(steps)}`;
  });
  const all = operations.flatMap(({ layers }) => layers);
  return {
    id: "layer-costs",
    topic: "servers",
    severity: "info",
    about: all.map(({ benchmark }) => benchmark),
    condition:
      "an operation was measured on a storage layer alone and through servers, one at a time",
    numbers: Object.fromEntries(all.map(({ benchmark, mean }) => [`${benchmark} ns`, mean.value])),
    text: `Layer by layer, ${sentences.join("; ")}.`,
  };
};

/**
 * How latency grows with the delay between servers, held against what it must at least: the ways of
 * an operation, and the sync that a write waits for.
 */
export const delayGrowth: TellFinding = ({ decompositions }) => {
  const rows = decompositions.filter((row) => row.inFlight === 1 && isExpected(row));
  const groups = [...Map.groupBy(rows, groupOf).values()]
    .map((group) => group.toSorted((a, b) => delayOf(a) - delayOf(b)))
    .filter((group) => delayOf(group.at(-1)!) > 0);
  if (groups.length === 0) return null;
  const told = groups.flat();
  const kinds = [...new Set(told.map(({ cluster }) => cluster.cable!.kind))];
  const ways = waysOf(told).map(({ delayMs, wayNs }) =>
    `${formatTime(wayNs)} where ${2 * delayMs} ms are asked`
  );
  const sentences = groups.map((group) => {
    const [first, last] = [group[0]!, group.at(-1)!];
    const { operation, cluster: { servers } } = first;
    const each = group.map((row) =>
      `${formatTime(row.totalNs)} at ${delayOf(row)} ms (${formatTime(expectedNs(row))})`
    );
    const grown = last.totalNs - first.totalNs;
    const must = expectedNs(last) - expectedNs(first);
    const growth = group.length < 2 ? "" : `, which is ${formatTime(Math.abs(grown))} ` +
      `${grown < 0 ? "less" : "more"} from the first to the last, where ${formatTime(must)} is ` +
      `expected (${formatPercent(grown / must)}): ${verdictOf(growthOf(group))}`;
    return `a ${operationWord(operation)} through ${plural(servers!, "node")} takes ` +
      `${joinWords(each)}${growth}`;
  });
  const odd = groups.filter((group) => group.length > 1 && !isAsExpected(growthOf(group)));
  return {
    id: "delay-growth",
    topic: "servers",
    severity: odd.length === 0 ? "info" : "warn",
    about: told.map(({ benchmark }) => benchmark),
    condition:
      "servers with an emulated cable in between were measured with one operation in flight",
    numbers: Object.fromEntries(
      told.flatMap((row) => [
        [`${row.benchmark} ns`, row.totalNs],
        [`${row.benchmark} expected ns`, expectedNs(row)],
      ]),
    ),
    text: `Over an emulated cable (${joinWords(kinds)}) a way there and back takes ` +
      `${joinWords(ways)}. With one operation in flight, all operations counted as the servers ` +
      "count them, those timed one by one too, which the rows' means are without, and beside what is " +
      "expected at least (twice the delay to the leader, twice the delay from it to a majority, and for " +
      `a write the sync of a log): ${sentences.join("; ")}.`,
  };
};

/** A growth may be this much away from what is expected, as a share of that. */
const TOLERANCE = 0.15;

/** How the latency grew from the shortest delay to the longest, as a multiple of what is expected. */
function growthOf(group: readonly Decomposition[]): number {
  const [first, last] = [group[0]!, group.at(-1)!];
  return (last.totalNs - first.totalNs) / (expectedNs(last) - expectedNs(first));
}

function isAsExpected(growth: number): boolean {
  return Math.abs(growth - 1) <= TOLERANCE;
}

function verdictOf(growth: number): string {
  if (isAsExpected(growth)) return "it grows as expected";
  return growth > 1
    ? "it grows by more, which the delay alone does not account for"
    : "it grows by less than the delay must cost, so that other things changed as well";
}

/** Whether it is known what an operation has to wait for. */
function isExpected({ operation, cluster: { servers, leads, cable } }: Decomposition): boolean {
  return cable !== null && cable.loss === 0 && servers !== null && leads === true &&
    (operation === "put" || operation === "get");
}

/** Rows that differ in nothing but their delay. */
function groupOf({ name, cluster: { servers, newest, cable } }: Decomposition): string {
  return `${name} ${servers} ${newest} ${cable!.jitterMs}`;
}

function delayOf({ cluster }: Decomposition): number {
  return cluster.cable!.delayMs;
}

/** Twice the delay to the leader, twice to the majority where one is asked, and a write's sync. */
function expectedNs(row: Decomposition): number {
  const { operation, cluster: { servers, newest }, parts, beside } = row;
  const writes = operation === "put";
  const trips = servers! > 1 && (writes || newest) ? 2 : 1;
  const own = parts.find(({ part }) => part === "fsync")?.ns ?? 0;
  // The leader syncs while the followers hear of it: the later of both counts.
  const sync = writes ? Math.max(own, servers! > 1 ? beside.followersFsyncNs ?? 0 : 0) : 0;
  return trips * 2 * delayOf(row) * 1e6 + sync;
}

/** The measured way of each delay. */
function waysOf(rows: readonly Decomposition[]): { delayMs: number; wayNs: number }[] {
  return [...Map.groupBy(rows, delayOf)].toSorted(([a], [b]) => a - b)
    .flatMap(([delayMs, own]) => {
      const known = own.flatMap(({ wayNs }) => wayNs ?? []);
      if (known.length === 0) return [];
      return [{ delayMs, wayNs: known.reduce((sum, ns) => sum + ns, 0) / known.length }];
    });
}
