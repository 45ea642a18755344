import { formatFactorRange, formatFactorSpan, METRIC_WORDS, OPERATION_WORDS } from "../format.ts";
import type { Finding, StoreRatio } from "../model.ts";
import { BASE_STORE } from "../ratios.ts";
import { extremes, type Find, type FindingContext } from "./context.ts";

/** What the multi-version store costs over the engine underneath it. */
export const kvStoreOverhead: Find = (context) =>
  overhead(context, "kvstore", "kvstore-overhead", "Through the KvStore an operation");

/** What an asynchronous interface in the same process costs over a synchronous one. */
export const asyncOverhead: Find = (context) => {
  const described = (name: string) =>
    context.stores.find(({ store }) => store === name)?.description ?? null;
  const level = described("level");
  const raw = described(BASE_STORE);
  if (level?.api !== "async" || raw?.api !== "sync") return null;
  const found = overhead(
    context,
    "level",
    "async-overhead",
    "Through the asynchronous interface of level an operation",
  );
  if (found === null || level.version === raw.version) return found;
  return {
    ...found,
    text: `${found.text} The engine's version is another one as well: ${level.version} against ` +
      `${raw.version}.`,
  };
};

/** The range of a store's ratios to the base, and whether it holds for all rows. */
function overhead(
  { ratios }: FindingContext,
  store: string,
  id: string,
  subject: string,
): Finding | null {
  const rows = ratios.filter((row) => row.store === store);
  const span = extremes(rows, ({ ratio }) => ratio.value);
  if (span === null) return null;
  const slower = rows.filter(({ ratio }) => ratio.low > 1).length;
  const faster = rows.filter(({ ratio }) => ratio.high < 1).length;
  const even = rows.length - slower - faster;
  const forWhat = ({ operation, name, metric }: StoreRatio) =>
    `for a ${OPERATION_WORDS[operation]} (${name}, ${METRIC_WORDS[metric]})`;
  const row = (ratio: StoreRatio) => `${formatFactorRange(ratio.ratio)} ${forWhat(ratio)}`;
  const extent = rows.length === 1
    ? `takes ${formatFactorRange(span.at.most.ratio)} as long as in ${BASE_STORE}, ${
      forWhat(span.at.most)
    }.`
    : `takes ${formatFactorSpan(span.least, span.most)} as long as in ${BASE_STORE}, over ` +
      `${rows.length} rows: least ${row(span.at.least)}, most ${row(span.at.most)}.`;
  return {
    id,
    topic: "stores",
    condition: `${store} and ${BASE_STORE} were measured in the same benchmarks`,
    numbers: { least: span.least, most: span.most, rows: rows.length, slower, faster, even },
    text: `${subject} ${extent} ${certainty(rows.length, slower, faster, even)}`,
  };
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
