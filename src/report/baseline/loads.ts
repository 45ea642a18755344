import {
  capitalised,
  formatBytes,
  formatCount,
  formatFactor,
  formatFactorRange,
  formatNumber,
  formatPercent,
  formatRate,
  formatTime,
  joinWords,
} from "../../format/mod.ts";
import {
  type Analysis,
  type BenchmarkAnalysis,
  type LoadAnalysis,
  OPERATIONS_OF_LOADS,
  SLOW_CAUSE_WORDS,
  type SlowAnalysis,
  type Spanned,
  storeTitle,
  sweepsOf,
} from "../../analysis/mod.ts";
import type { LoadBeginning, Result } from "../../result/mod.ts";
import { soakBlocks } from "./soaks.ts";
import { sweepFigure } from "../plots/mod.ts";
import { type Block, code, heading, list, paragraph, table, type Words } from "../document.ts";

/** A benchmark that is a load. */
type Loaded = BenchmarkAnalysis & { load: LoadAnalysis };

/**
 * Several clients at a time, store by store: what they did, and what the engine wrote for it; none
 * without loads. Rates and times are among the results.
 */
export function loads(result: Result, { stores, benchmarks }: Analysis): Block[] {
  const loaded = benchmarks.filter((each): each is Loaded => each.load !== undefined);
  const sections = stores.flatMap((described, i) => {
    const own = loaded.filter(({ store }) => store === described.store);
    return own.length === 0 ? [] : [
      heading(3, `Loads of ${storeTitle(described)}`, { apart: `loads-${i + 1}` }),
      ...loadsOfStore(result, own),
    ];
  });
  return sections.length === 0 ? [] : [heading(2, "Under load"), ...sections];
}

function loadsOfStore(result: Result, own: readonly Loaded[]): Block[] {
  return [
    paragraph(
      "What the clients of each load did (of all runs the mean, the least and the most)" +
        (own.some(({ load }) => load.native !== undefined)
          ? "; machine code: their loops are the harness's own machine code, for which JavaScript draws the " +
            "operations:"
          : ":"),
    ),
    table(
      ["Load", "Began with", ">Clients", ">One client", ">Offered", ">Begun late", "Operations"],
      own.map(({ name, load }) => [
        [code(name)],
        load.begins === null ? "–" : BEGINNINGS[load.begins],
        clientsOf(load),
        spanText(load.share, formatRate),
        load.offered === null ? "closed loop" : formatRate(load.offered),
        spanText(load.queued, formatPercent),
        operationsOf(load),
      ]),
      { label: "Clients" },
    ),
    ...etcdOperations(own),
    ...groupCommits(own),
    paragraph(
      "Amplification is of bytes: what the process gave to the system, and what went on to the " +
        "device meanwhile, for each byte of keys and values that was put; by RocksDB's own count " +
        "(with statistics on) flushed and compacted for each byte flushed (tree), and logged, flushed " +
        "and compacted for each byte put (user); live files for each byte that is alive (space).",
    ),
    table(
      ["Load", ">Process", ">Device", ">Tree", ">User", ">Space", ">Stalled"],
      own.map(({ name, load }) => [
        [code(name)],
        spanText(load.processAmplification, formatFactor),
        spanText(load.deviceAmplification, formatFactor),
        spanText(load.lsmAmplification, formatFactor),
        spanText(load.userAmplification, formatFactor),
        spanText(load.spaceAmplification, formatFactor),
        spanText(load.stalled, formatPercent),
      ]),
      { label: "Amplification" },
    ),
    ...cachedBlocks(result, own),
    ...beside(own),
    ...slowBlocks(own),
    ...soakBlocks(own),
    ...sweeps(result, own),
  ];
}

/** What of the data was in memory: a figure of a store means little without it. */
function cachedBlocks({ memory }: Result, own: readonly Loaded[]): Block[] {
  const limit = memory?.limitBytes === undefined ? "none" : formatBytes(memory.limitBytes);
  const bounded = memory?.limitBytes === undefined
    ? "--memory-limit bounds what a run may have, with the pages of its files."
    : "The limit is of a run's process with the pages of its files, by a memory cgroup; pages that " +
      "were there before were let go of.";
  return [
    paragraph(
      "What was in memory: keys and values that the load begins with, the files that hold them, what " +
        "the engine's own cache of blocks may have, the share of the files in the page cache as the " +
        "measuring began and at its end, blocks found in the engine's cache (with statistics on), and " +
        `what came from the device for each byte that was read. ${bounded}`,
    ),
    table(
      [
        "Load",
        ">Data",
        ">Files",
        ">Block cache",
        ">Memory limit",
        ">Page cache before",
        ">After",
        ">Cache hits",
        ">From the device",
      ],
      own.map(({ name, load: { cached, hitRatio, deviceReads } }) => [
        [code(name)],
        bytesText(cached.dataBytes),
        spanText(cached.fileBytes, formatBytes),
        bytesText(cached.blockCacheBytes),
        limit,
        spanText(cached.before, formatPercent),
        spanText(cached.after, formatPercent),
        spanText(hitRatio, formatPercent),
        spanText(deviceReads, formatFactor),
      ]),
      { label: "In memory" },
    ),
  ];
}

function bytesText(bytes: number | null): string {
  return bytes === null ? "–" : formatBytes(bytes);
}

/** How the runs came to hold what a load begins with, as a row says it. */
const BEGINNINGS: Record<LoadBeginning, string> = {
  own: "its own load",
  checkpoint: "one checkpoint, all runs",
  noCheckpoint: "loaded anew by each run: the store keeps no checkpoint",
  inMemory: "loaded anew by each run: what is newest is in memory",
};

/** What the times of operations by etcd's requests are, which the operations' names do not say. */
function etcdOperations(own: readonly Loaded[]): Block[] {
  const done = new Set(
    own.flatMap(({ load }) => load.operations.map(({ operation }) => operation)),
  );
  const said = Object.entries(OPERATIONS_OF_LOADS).flatMap(([name, row]) =>
    "etcd" in row && done.has(name as keyof typeof OPERATIONS_OF_LOADS)
      ? [`${row.plural}: ${row.etcd}`]
      : []
  );
  return said.length === 0 ? [] : [
    paragraph(
      `What the times of operations by etcd's requests are. ${capitalised(said.join("; "))}.`,
    ),
  ];
}

/** How many transactions had one write, of a store that writes together what waits at a time. */
function groupCommits(all: readonly Loaded[]): Block[] {
  const own = all.filter(({ load }) => load.grouped !== null);
  if (own.length === 0) return [];
  return [
    paragraph(
      "Writes that wait at the same time are committed together, with one write of the engine's log, " +
        "which is one sync where the log is synced:",
    ),
    table(
      ["Load", ">Writes a commit"],
      own.map((
        { name, load },
      ) => [[code(name)], spanText(load.grouped, (each) => formatNumber(each, 3))]),
      { label: "Group commits" },
    ),
  ];
}

/** Why the slowest operations were slow, as far as what overlapped them tells. */
function slowBlocks(all: readonly Loaded[]): Block[] {
  const own = all.flatMap(({ name, load: { slow } }) => slow === null ? [] : [{ name, slow }]);
  if (own.length === 0) return [];
  return [
    paragraph(
      "Why the slowest were slow: of the operations that took longer than the p99.9 of the window before, the " +
        "time that their client was late included in both, what was measured of each or overlapped it, the " +
        "first in the table's order. Measured of the operation itself, as most of its time, are a wait for a " +
        "processor, a hiccup of the machine, a late client and a sync, and by the heap of its thread a " +
        "collection where that thread had one operation at a time: such a share stands as it is, however " +
        "often others met the same. Everything else merely overlapped the operation, a collection in a " +
        "thread with several in flight too: such a share tells something only where it is far from that of " +
        "the measured time for which the same went on anyway. A sync is told by elimination: the thread of " +
        "a write to a synced log had neither work nor a wait for a processor, and writes were not " +
        "stopped. A client's lateness is put down to a collection that its isolate had, and it and a hiccup " +
        "of the machine to the hypervisor where that took processors meanwhile. What goes on anyway is " +
        "looked at 50 times a second, of a wait for a processor whether any client waited a millisecond for " +
        "one. The odds are those of an operation's being slow while it went on, times those " +
        "while it did not, with the interval of 95 % over blocks of a 32nd of a run's measured time, for " +
        "operations come in bursts; what went on all the time, or too seldom, has none.",
    ),
    ...own.flatMap(({ name, slow }) => mainCauseOf(name, slow)),
    table(
      ["Load", "Meanwhile", ">Slow operations", ">Anyway", ">Odds"],
      own.flatMap(({ name, slow }) =>
        slow.causes.map(({ cause, share, anyway, odds }) => [
          [code(name)],
          SLOW_CAUSE_WORDS[cause],
          `${formatPercent(share)} of ${formatCount(slow.operations)}`,
          anyway === null ? "–" : formatPercent(anyway),
          odds === null ? "–" : formatFactorRange(odds),
        ])
      ),
      { label: "Slow operations" },
    ),
    ...compactionBlocks(own),
    ...machineBlocks(own),
  ];
}

/** Which compactions there were, by level and size, and which of them slow operations overlapped. */
function compactionBlocks(all: readonly { name: string; slow: SlowAnalysis }[]): Block[] {
  const own = all.filter(({ slow }) => (slow.compactions ?? []).length > 0);
  if (own.length === 0) return [];
  return [
    paragraph(
      "Compactions by their levels, as the files of the tree tell that went and came: how much each wrote, " +
        "how long it took (to 20 ms, for so often it is looked), and the slow operations that are put down " +
        "to a compaction, by the largest one that they overlapped:",
    ),
    table(
      ["Load", "Levels", ">Compactions", ">Each wrote", ">Each took", ">Slow operations"],
      own.flatMap(({ name, slow: { compactions, causes } }) => {
        const put = causes.find(({ cause }) => cause === "compaction")?.operations ?? 0;
        return compactions!.map(({ levels: { from, to }, count, bytes, ns, operations }) => [
          [code(name)],
          `L${from} into L${to}`,
          formatCount(count),
          formatBytes(Math.round(bytes)),
          formatTime(ns),
          `${formatCount(operations)} of ${formatCount(put)}`,
        ]);
      }),
      { label: "Compactions" },
    ),
  ];
}

/** What the machine did by itself, load by load. */
function machineBlocks(all: readonly { name: string; slow: SlowAnalysis }[]): Block[] {
  const own = all.filter(({ slow }) => slow.hiccups !== null);
  if (own.length === 0) return [];
  return [
    paragraph(
      "What the machine did by itself: beside each load there was a thread that only sleeps, for 10 ms at " +
        "a time, and noted how late it was woken. Late it is a hiccup of the machine (others took the " +
        "processors, or the hypervisor did); in time, at the same moments, is what speaks against that. It " +
        "is on one processor at a time, so that it need not see what happens on another.",
    ),
    list(own.map(({ name, slow }) => [code(name), `: ${hiccupWords(slow)}`])),
  ];
}

/** What a sleeping thread saw, and whether it saw it where operations were slow. */
function hiccupWords({ hiccups, operations, causes }: SlowAnalysis): string {
  const { wakes, late, share, longest } = hiccups!;
  const often = `of ${formatCount(wakes)} wake-ups`;
  if (late === 0) return `${often} none was a millisecond late, so that it saw no hiccup at all.`;
  const held = causes.reduce((sum, each) => sum + (each.held ?? 0), 0);
  const checked = (["runQueue", "steal"] as const).flatMap((cause) => {
    const own = causes.find((each) => each.cause === cause);
    if (own === undefined || own.operations === 0) return [];
    const put = `${formatCount(own.held ?? 0)} of ${formatCount(own.operations)}`;
    return [`${put} that are put down to “${SLOW_CAUSE_WORDS[cause]}”`];
  });
  const beside = checked.length === 0 ? "" : `, among them ${joinWords(checked)}`;
  const were = `${formatCount(late)} ${late === 1 ? "was" : "were"} a millisecond late or more`;
  const longestOf = `${formatTime(longest)} at most`;
  const together = `${formatPercent(share)} of the time together, ${longestOf}`;
  const during = `${formatCount(held)} of ${formatCount(operations)} slow operations${beside}`;
  return `${often} ${were}, ${together}; it was so during ${during}.`;
}

/** What chance would have put down to a cause. */
function byChance(share: number): string {
  return `${formatPercent(share)} of the others ended while it went on`;
}

/** What explains most of a load's slow operations; nothing where nothing does beyond chance. */
function mainCauseOf(name: string, { main, operations }: SlowAnalysis): Block[] {
  if (main === null) return [];
  const { cause, share, chance, beyond } = main;
  const of = `${formatPercent(share)} of ${formatCount(operations)} slow operations`;
  const named = `: the main cause is “${SLOW_CAUSE_WORDS[cause]}”: ${of}`;
  const words = cause === "unknown"
    ? `: ${of} are put down to nothing that is known, more than any cause explains beyond chance.`
    : chance === null
    ? `${named}, by what was measured of each, not by overlap alone.`
    : `${named}, and ${byChance(chance)}; beyond chance it explains ${formatPercent(beyond)}.`;
  return [paragraph([code(name), words])];
}

/** What engines that tell it did beside the operations. */
function beside(own: readonly Loaded[]): Block[] {
  const told = own.filter(({ load }) => load.events !== undefined);
  if (told.length === 0) return [];
  return [
    paragraph(
      "What the engine itself told that it did beside the operations, in all runs together, with its " +
        "share of the time that was measured, in which several may go on at once:",
    ),
    table(
      ["Load", ...ENGINE_EVENTS.map(([, title]) => `>${title}` as const), ">Not kept"],
      told.map(({ name, load }) => [
        [code(name)],
        ...ENGINE_EVENTS.map(([kind]) => eventText(load, kind)),
        formatCount(load.eventsLost ?? 0),
      ]),
      { label: "Events" },
    ),
  ];
}

const ENGINE_EVENTS = [
  ["flush", "Flushes"],
  ["compaction", "Compactions"],
  ["stall", "Stalls"],
  ["sync", "Syncs"],
] as const;

function eventText({ events }: LoadAnalysis, kind: string): string {
  const own = events?.find((each) => each.kind === kind);
  if (own === undefined) return "–";
  return `${formatCount(own.count)}, ${spanText(own.share, formatPercent)}`;
}

/** Figures of the loads that differ in one number. */
function sweeps({ benchmarks: records }: Result, own: readonly Loaded[]): Block[] {
  const ids = new Set(own.map(({ id }) => id));
  const found = sweepsOf(records.filter(({ id }) => ids.has(id)));
  return [...Map.groupBy(found, ({ of }) => of)].flatMap(([of, all]) =>
    sweepFigure(own[0]!.store, of, all, own) ?? []
  );
}

function clientsOf({ clients: { counted, beside }, inFlight, native }: LoadAnalysis): string {
  const all = beside === 0 ? formatCount(counted) : `${formatCount(counted)} and ${beside} beside`;
  if (inFlight) return `one thread, ${all} in flight`;
  if (native === undefined) return all;
  const some = native < counted + beside ? `${formatCount(native)} by ` : "";
  return `${all}, ${some}machine code`;
}

function operationsOf({ operations, multiGet, conflicts }: LoadAnalysis): Words {
  return operations.map(({ operation, count, p50, p99 }) => {
    const { plural } = OPERATIONS_OF_LOADS[operation];
    const how = operation !== "multiGet" || multiGet === undefined ? "" : MULTI_GETS[multiGet];
    const refused = operation === "compareAndSwap" && conflicts !== null
      ? `, ${formatPercent(conflicts.value)} refused since another client was faster`
      : "";
    const times = `p50 ${formatTime(p50)}, p99 ${formatTime(p99)}${refused}`;
    return `${plural}${how} ${formatCount(count)} (${times})`;
  }).join("; ");
}

/** How several keys were got, which is not the same to an engine. */
const MULTI_GETS = {
  call: " (a call of the engine's own)",
  gets: " (gets one after the other)",
} as const;

/** A value with its ends, where it is known. */
function spanText(span: Spanned | null, format: (value: number) => string): string {
  if (span === null) return "–";
  const { value, least, most } = span;
  const [low, high] = [format(least), format(most)];
  return low === high ? format(value) : `${format(value)} (${low} to ${high})`;
}
