import {
  formatCount,
  formatFactor,
  formatPercent,
  formatRate,
  formatTime,
} from "../../format/mod.ts";
import {
  type BenchmarkAnalysis,
  type LoadAnalysis,
  OPERATIONS_OF_LOADS,
  type Spanned,
} from "../../analysis/mod.ts";
import { type Block, code, paragraph, table, type Words } from "../document.ts";

/** A benchmark that is a load. */
type Loaded = BenchmarkAnalysis & { load: LoadAnalysis };

/** What the clients of a store's loads did, and what the engine wrote for them; none without loads. */
export function loads(benchmarks: readonly BenchmarkAnalysis[]): Block[] {
  const own = benchmarks.filter((each): each is Loaded => each.load !== undefined);
  if (own.length === 0) return [];
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
