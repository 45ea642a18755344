import { formatCount, formatNumber, formatPercent, formatTime } from "../../format/mod.ts";
import {
  type Analysis,
  type Decomposition,
  MOST_MISSING,
  PART_WORDS,
  type PartName,
} from "../../analysis/mod.ts";
import { type Block, code, list, paragraph, table, type Words } from "../document.ts";
import { decompositionFigure } from "../plots/mod.ts";

/** Where the time of operations on servers went: the parts, their sum against the whole, a figure. */
export function decompositionBlocks(analysis: Analysis): Block[] {
  const rows = analysis.decompositions ?? [];
  if (rows.length === 0) return [];
  const present = (Object.keys(PART_WORDS) as PartName[]).filter((name) =>
    rows.some(({ parts }) => parts.some(({ part }) => part === name))
  );
  return [
    paragraph(
      "The mean time of an operation (of scans, of a walk; of a mix, of whichever comes) as the client " +
        "has it, over all operations as the servers count them, those timed one by one too, which the means " +
        "among the results are without; and its parts, each measured by itself. Client: from the operation's begin to its " +
        "first byte that is written, and from the answer's last byte to the operation's end. Network: " +
        "the least time in which a connection was opened. gRPC: what a frame that asks for nothing took " +
        "beyond that, sent among the requests. The others are of the servers' own metrics, as " +
        "differences over the measured time: a sync of the leader's log; applying; reading (of a mix, " +
        "each for the share of its operations that does it); and what is left of their handlers' time, " +
        "Raft's round with the queue " +
        "before it. Missing: what of the whole no part accounts for.",
    ),
    table(
      [
        "Benchmark",
        ">In flight",
        ">Whole",
        ...present.map((part) => `>${capital(PART_WORDS[part])}`),
        ">Missing",
      ],
      rows.map((row) => [
        [code(row.benchmark)],
        formatCount(row.inFlight),
        formatTime(row.totalNs),
        ...present.map((name) => partCell(row, name)),
        missingCell(row),
      ]),
      { label: "Parts of the time" },
    ),
    ...decompositionFigure(analysis),
    paragraph(
      "What goes on beside them, for an operation or in the mean: the processor time of the client's " +
        "process; syncs of the leader's log (below one where requests share them); a sync of the " +
        "followers' logs; and commits of what was applied to the leader's files, with their share of " +
        "the time, which hold up what is to be applied meanwhile.",
    ),
    table(
      ["Benchmark", ">Client's processor", ">Syncs", ">Followers' sync", ">Commit", ">Committing"],
      rows.map(({ benchmark, beside }) => [
        [code(benchmark)],
        formatTime(beside.cpuNs),
        beside.syncsEach === null ? "–" : formatNumber(beside.syncsEach, 2),
        timeOf(beside.followersFsyncNs),
        timeOf(beside.commitNs),
        beside.commitShare === null ? "–" : formatPercent(beside.commitShare),
      ]),
      { label: "Beside the operations" },
    ),
    ...untoldBlocks(rows),
  ];
}

function capital(words: string): string {
  return words === "gRPC" ? words : words[0]!.toUpperCase() + words.slice(1);
}

function partCell({ parts }: Decomposition, name: PartName): Words {
  const own = parts.find(({ part }) => part === name);
  return own === undefined ? "–" : formatTime(own.ns);
}

function missingCell({ missing, agrees }: Decomposition): string {
  const share = `${missing < 0 ? "\u2212" : ""}${formatPercent(Math.abs(missing))}`;
  return agrees ? share : `${share} (more than ${formatPercent(MOST_MISSING)})`;
}

function timeOf(ns: number | null): string {
  return ns === null ? "–" : formatTime(ns);
}

/** What the servers do not tell, and why. */
function untoldBlocks(rows: readonly Decomposition[]): Block[] {
  const of = (what: Decomposition["untold"][number]) =>
    rows.filter(({ untold }) => untold.includes(what)).map(({ benchmark }) => benchmark);
  const [apply, range, server] = [of("apply"), of("range"), of("server")];
  const unread = rows.find(({ unread }) => unread !== undefined)?.unread;
  const sentences = [
    ...(apply.length > 0
      ? [
        "The servers do not tell how long they apply (etcd does since 3.5): that is in Raft's round.",
      ]
      : []),
    ...(range.length > 0
      ? [
        "The servers do not tell how long they read (etcd does since 3.6): all of their time is one part.",
      ]
      : []),
    ...(server.length > 0
      ? [
        "Servers that do not tell the time of their requests (etcd: --metrics=extensive) have no part " +
        `of their own: what is missing is theirs. Rows: ${server.length}.`,
      ]
      : []),
    ...(unread === undefined ? [] : [`The metrics of some servers could not be read: ${unread}.`]),
  ];
  return sentences.length === 0 ? [] : [list(sentences)];
}
