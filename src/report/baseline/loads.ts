import {
  formatCount,
  formatFactor,
  formatPercent,
  formatRate,
  formatTime,
} from "../../format/mod.ts";
import {
  type Analysis,
  type BenchmarkAnalysis,
  type LoadAnalysis,
  OPERATIONS_OF_LOADS,
  type Spanned,
  storeTitle,
} from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { type Block, code, heading, paragraph, table, type Words } from "../document.ts";

/** A benchmark that is a load. */
type Loaded = BenchmarkAnalysis & { load: LoadAnalysis };

/**
 * Several clients at a time, store by store: what they did, and what the engine wrote for it; none
 * without loads. Rates and times are among the results.
 */
export function loads(_result: Result, { stores, benchmarks }: Analysis): Block[] {
  const loaded = benchmarks.filter((each): each is Loaded => each.load !== undefined);
  const sections = stores.flatMap((described) => {
    const own = loaded.filter(({ store }) => store === described.store);
    return own.length === 0
      ? []
      : [heading(3, `Loads of ${storeTitle(described)}`), ...loadsOfStore(own)];
  });
  return sections.length === 0 ? [] : [heading(2, "Under load"), ...sections];
}

function loadsOfStore(own: readonly Loaded[]): Block[] {
  return [
    paragraph("What the clients of each load did (of all runs the mean, the least and the most):"),
    table(
      ["Load", ">Clients", ">One client", ">Offered", ">Begun late", "Operations"],
      own.map(({ name, load }) => [
        [code(name)],
        clientsOf(load),
        spanText(load.share, formatRate),
        load.offered === null ? "closed loop" : formatRate(load.offered),
        spanText(load.queued, formatPercent),
        operationsOf(load),
      ]),
      { label: "Clients" },
    ),
    paragraph(
      "Amplification is of bytes: what the process gave to the system, and what went on to the " +
        "device meanwhile, for each byte of keys and values that was put; by RocksDB's own count " +
        "(with statistics on) flushed and compacted for each byte flushed (tree), and logged, flushed " +
        "and compacted for each byte put (user); live files for each byte that is alive (space).",
    ),
    table(
      ["Load", ">Process", ">Device", ">Tree", ">User", ">Space", ">Cache hits", ">Stalled"],
      own.map(({ name, load }) => [
        [code(name)],
        spanText(load.processAmplification, formatFactor),
        spanText(load.deviceAmplification, formatFactor),
        spanText(load.lsmAmplification, formatFactor),
        spanText(load.userAmplification, formatFactor),
        spanText(load.spaceAmplification, formatFactor),
        spanText(load.hitRatio, formatPercent),
        spanText(load.stalled, formatPercent),
      ]),
      { label: "Amplification" },
    ),
  ];
}

function clientsOf({ clients: { counted, beside } }: LoadAnalysis): string {
  return beside === 0 ? formatCount(counted) : `${formatCount(counted)} and ${beside} beside`;
}

function operationsOf({ operations }: LoadAnalysis): Words {
  return operations.map(({ operation, count, p50, p99 }) =>
    `${OPERATIONS_OF_LOADS[operation].plural} ${formatCount(count)} (p50 ${formatTime(p50)}, ` +
    `p99 ${formatTime(p99)})`
  ).join("; ");
}

/** A value with its ends, where it is known. */
function spanText(span: Spanned | null, format: (value: number) => string): string {
  if (span === null) return "–";
  const { value, least, most } = span;
  const [low, high] = [format(least), format(most)];
  return low === high ? format(value) : `${format(value)} (${low} to ${high})`;
}
