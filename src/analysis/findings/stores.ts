import { LEAST_RUNS, median } from "../../stats/mod.ts";
import { BASE_STORE, kindOfStore, type StoreRecord } from "../../result/mod.ts";
import { formatPercent, joinRange, joinWords, plural } from "../../format/mod.ts";
import { operationWord, ratioText } from "../words.ts";
import type { Remark } from "../../remark/mod.ts";
import type { FindingTopic, Operation, StoreRatio } from "../model.ts";
import { surely } from "../ratios.ts";
import { extremes, type FindingContext, type TellFinding } from "./context.ts";

/** What the multi-version store costs over the engine underneath it. */
export const kvStoreOverhead: TellFinding = (context) =>
  overhead(context, "kvstore", "kvstore-overhead", "Through the KvStore");

/** What an asynchronous interface in the same process costs over a synchronous one. */
export const asyncOverhead: TellFinding = (context) => {
  if (describe(context, "level")?.api !== "async") return null;
  if (describe(context, BASE_STORE)?.api !== "sync") return null;
  return overhead(
    context,
    "level",
    "async-overhead",
    "Through the asynchronous interface of level",
  );
};

/** What holding stores against each other in pairs did to the spread, and which turns are missing. */
export const pairedStores: TellFinding = ({ ratios }) => {
  const pairings = ratios.flatMap(({ pairing }) => pairing ?? []);
  if (pairings.length === 0) return null;
  const spread = median(pairings.map((pairing) => pairing.spread));
  const unpaired = median(pairings.map((pairing) => pairing.unpaired));
  const pairs = Math.min(...pairings.map((pairing) => pairing.pairs));
  const apart = ratios.length - pairings.length;
  const [paired, alone] = [formatPercent(spread), formatPercent(unpaired)];
  const how = apart === 0
    ? "The ratios are"
    : `${pairings.length} of ${plural(ratios.length, "ratio")} are`;
  return {
    id: "paired-stores",
    topic: "stores",
    severity: "info",
    about: [...new Set(ratios.filter(({ pairing }) => pairing).map(({ store }) => store))],
    condition: "processes of several stores took turns when each had been measured",
    numbers: { pairs, spread, unpaired, apart },
    text: `${how} those of ${pairs} or more pairs of processes a row, which took turns of a few ` +
      `milliseconds in random order: they spread by ${paired}, and the same turns by ${alone} where ` +
      "the two sides are not held against each other (medians over the rows). A ratio is the middle of " +
      "such pairs, and not the quotient of two times that were measured one after the other.",
  };
};

/** Turns of stores that did not come to their end. */
export const brokenTurns: TellFinding = ({ result }) => {
  const failed = (result.ratios ?? []).filter(({ state }) => state === "failed");
  const [first] = failed;
  if (first === undefined) return null;
  const which = `run ${first.run} of ${joinWords(first.group)}`;
  return {
    id: "broken-turns",
    topic: "stores",
    severity: "warn",
    about: [...new Set(failed.flatMap(({ group }) => group))],
    condition: "a process failed while it took turns with another store's",
    numbers: { failed: failed.length },
    text:
      `The turns of ${plural(failed.length, "run")} failed and count in no ratio, first those of ` +
      `${which}: ${first.error ?? "no error was recorded"}.`,
  };
};

function describe({ stores }: FindingContext, name: string): StoreRecord | null {
  return stores.find(({ store }) => kindOfStore(store) === name)?.description ?? null;
}

/** Whether one is a layer over the other's engine: that is what is compared, and no other difference. */
function isLayerOver(a: StoreRecord, b: StoreRecord): boolean {
  return a.engine.endsWith(` over ${b.engine}`) || b.engine.endsWith(` over ${a.engine}`);
}

/** What besides the interface is not the same in two stores, as a sentence; empty where nothing is. */
function otherDifferences(a: StoreRecord | null, b: StoreRecord | null): string {
  if (a === null || b === null) return "";
  const differing = [
    ...(["engine", "version", "durability"] as const)
      .filter((field) => a[field] !== b[field] && !(field === "engine" && isLayerOver(a, b)))
      .map((field) => `${field} (${a[field]} against ${b[field]})`),
    // An option that only one of them has is one that the other does not know.
    ...Object.keys(a.options).toSorted()
      .filter((name) => Object.hasOwn(b.options, name) && a.options[name] !== b.options[name])
      .map((name) => `option ${name} (${a.options[name]} against ${b.options[name]})`),
  ];
  return differing.length === 0 ? "" : ` The two also differ in ${joinWords(differing)}.`;
}

/** A store's ratios to the base in the fixed rows, and in how many of them the direction is sure. */
function overhead(
  context: FindingContext,
  store: string,
  id: string,
  subject: string,
): Remark<FindingTopic> | null {
  const rows = fixedRows(context.ratios.filter((row) => kindOfStore(row.store) === store));
  const span = extremes(rows, ({ ratio }) => ratio.value);
  if (span === null) return null;
  // Samples of one process say nothing of the next one, so no row that rests on them is sure.
  const overRuns = rows.filter(({ ratio }) => ratio.method === "runs");
  const slower = overRuns.filter((row) => surely(row) === "slower").length;
  const faster = overRuns.filter((row) => surely(row) === "faster").length;
  const even = rows.length - slower - faster;
  const factors = factorsInWords(rows);
  const rest = rows.length === 1 ? "it rests" : "they rest";
  const sure = overRuns.length === 0
    ? `No difference is sure: ${rest} on fewer than ${LEAST_RUNS} runs.`
    : certainty(rows.length, slower, faster, even);
  return {
    id,
    topic: "stores",
    severity: "info",
    about: [store, BASE_STORE],
    condition: `${store} and ${BASE_STORE} were measured in the same benchmarks`,
    numbers: { least: span.least, most: span.most, rows: rows.length, slower, faster, even },
    text: `${subject} ${factors}. ${sure}` +
      otherDifferences(describe(context, store), describe(context, BASE_STORE)),
  };
}

/** The ratios of mean times that say something, and of what there is none. */
function factorsInWords(rows: readonly StoreRatio[]): string {
  const all = rows.map(({ operation, ratio }) => ({
    what: `${operation === null ? "an" : "a"} ${operationWord(operation)}`,
    factor: ratioText(ratio),
  }));
  const told = all.flatMap(({ what, factor }) =>
    factor === null ? [] : [{ what, factor: joinRange(factor) }]
  );
  const without = joinWords(all.flatMap(({ what, factor }) => factor === null ? [what] : []), "or");
  const none = `no ratio can be told of the mean times of ${without}, which differ too much ` +
    "(the interval's ends lie more than tenfold apart)";
  const [first, ...others] = told;
  if (first === undefined) return none;
  const factors = joinWords([
    `${first.what} takes ${first.factor} as long as in ${BASE_STORE}`,
    ...others.map(({ what, factor }) => `${what} ${factor}`),
  ]);
  return `${factors} (mean times)${without === "" ? "" : `; ${none}`}`;
}

/** The operations that stores are held against each other in, in the order of telling. */
const FIXED: readonly Operation[] = ["put", "get", "scan"];

/**
 * The means of puts, gets and scans, of throughput benchmarks before those of latencies: rows that are
 * the same in every report. The least and the most of all rows would be those of the noisiest.
 */
function fixedRows(ratios: readonly StoreRatio[]): StoreRatio[] {
  const means = ratios.filter(({ metric }) => metric === "mean");
  const fixed = FIXED.flatMap((operation) => {
    const own = means.filter((row) => row.operation === operation);
    return own.find(({ kind }) => kind === "throughput") ?? own.slice(0, 1);
  });
  return fixed.length > 0 ? fixed : means.slice(0, FIXED.length);
}

/** In how many rows the direction is sure. */
function certainty(rows: number, slower: number, faster: number, even: number): string {
  if (slower === rows) return rows === 1 ? "It is slower for sure." : "It is slower in every row.";
  if (faster === rows) return rows === 1 ? "It is faster for sure." : "It is faster in every row.";
  if (even === rows) return "No difference is sure.";
  const parts = [
    ...(slower > 0 ? [`slower in ${slower}`] : []),
    ...(faster > 0 ? [`faster in ${faster}`] : []),
    ...(even > 0 ? [`without a sure difference in ${even}`] : []),
  ];
  return `It is ${parts.join(", ")} of the ${rows} rows.`;
}
