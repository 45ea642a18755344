/** What faults under load came to, as Markdown. */
import { formatCount, formatPercent, formatTime, plural } from "../format/mod.ts";

/** What is done to members: to which of them, and how. */
export const FAULTS = {
  "leader killed": { role: "leader", act: "kill" },
  "follower killed": { role: "follower", act: "kill" },
  "leader stopped": { role: "leader", act: "stop" },
  "follower stopped": { role: "follower", act: "stop" },
  "disk slowed": { role: "leader", act: "slow" },
  "leader cut off": { role: "leader", act: "cut" },
  "follower cut off": { role: "follower", act: "cut" },
} as const;
/** A fault by its name. */
export type FaultName = keyof typeof FAULTS;

/** Writers of a cluster. */
export const WRITERS = 16;
/** Bytes of a value. */
export const VALUE_BYTES = 256;
/** Members of a cluster. */
export const NODES = 3;
/** How long a member is stopped or cut off, or the disk is slowed, ms. */
export const PAUSE_MS = 3000;
/** A window of the time line, ms. */
export const WINDOW_MS = 250;

/** A write that was acknowledged. */
export interface Write {
  /** When, and how long it took, ms. */
  at: number;
  ms: number;
}

/** What writers did, and what was found of it. */
export interface LoadTold {
  writes: readonly Write[];
  errors: readonly string[];
  /** Acknowledged writes that were not there at the end. */
  lost: number;
}

/** What a fault came to. */
export interface Outcome {
  fault: FaultName;
  at: number;
  /** The longest time without an acknowledgement from the fault on, ms. */
  gapMs: number;
  /** Until a window had half of the rate before, ms. */
  recoveredMs: number | null;
  errors: number;
  retries: number;
  load: LoadTold;
}

/** All of it. */
export interface FaultsTold {
  version: string;
  /** The machine's load average before it began; `null` where it is not told. */
  load1: number | null;
  minutes: number;
  outcomes: readonly Outcome[];
  /** What could not be shown, as a sentence. */
  left?: string;
}

/** What it came to, as Markdown. */
export function faultsReport(told: FaultsTold): string {
  const { outcomes, version, load1, minutes, left } = told;
  const names = [...new Set(outcomes.map(({ fault }) => fault))];
  const loads = [...new Set(outcomes.map(({ load }) => load))];
  const acknowledged = loads.reduce((sum, load) => sum + load.writes.length, 0);
  const failed = loads.flatMap(({ errors }) => errors);
  const lost = loads.reduce((sum, load) => sum + load.lost, 0);
  const rows = names.map((fault) => {
    const own = outcomes.filter((outcome) => outcome.fault === fault);
    const spread = (values: number[]) => {
      const sorted = values.toSorted((a, b) => a - b);
      const [least, middle, most] = [0, 0.5, 1].map((share) =>
        formatTime(sorted[Math.round(share * (sorted.length - 1))]! * 1e6)
      );
      return `${middle} (${least} to ${most})`;
    };
    const again = own.flatMap(({ recoveredMs }) => recoveredMs ?? []);
    const sum = (read: (outcome: Outcome) => number) =>
      formatCount(own.reduce((all, outcome) => all + read(outcome), 0));
    return `| ${fault} | ${own.length} | ${spread(own.map(({ gapMs }) => gapMs))} | ` +
      `${again.length === 0 ? "–" : spread(again)} | ${sum(({ errors }) => errors)} | ` +
      `${sum(({ retries }) => retries)} |`;
  });
  const busy = load1 === null ? "" : `, a load average of ${load1.toFixed(1)} before`;
  const pause = `${PAUSE_MS / 1000} s`;
  const errorShare = formatPercent(failed.length / (acknowledged + failed.length));
  const errors = [...Map.groupBy(failed, (message) => message)]
    .map(([message, all]) => `- ${formatCount(all.length)} × ${message}`);
  return [
    "# Faults under load",
    "",
    `etcd ${version}, ${NODES} members on one machine, ${WRITERS} writers of ${VALUE_BYTES} bytes to ` +
    `the leader through Tidemark's client, ${minutes.toFixed(1)} minutes, ` +
    `${plural(outcomes.length, "fault")}${busy}. \`deno task test:faults\` writes this.`,
    "",
    `**Of ${formatCount(acknowledged)} writes that were acknowledged, ${lost} ` +
    `were lost**: each was read back at the end, with its value. ` +
    `${plural(failed.length, "write")} ended with an error, ${errorShare} of all.`,
    "",
    "No answer: the longest time without an acknowledgement from the fault on. Recovered: until a " +
    "quarter of a second had half of the rate before. Medians, with the least and the most. Members " +
    `were stopped, or cut off from everybody, for ${pause}; as long a neighbour on the same file ` +
    "system wrote 16 MiB and synced them, over and over, where the disk was slowed. Those that were " +
    "cut off are a cluster of network namespaces with a cable in between that delays nothing.",
    "",
    "| Fault | Times | No answer | Recovered | Errors | Retries |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
    ...(errors.length === 0 ? [] : ["The errors that writers saw:", "", ...errors, ""]),
    ...names.flatMap((fault) => timeLine(fault, outcomes)),
    ...(left === undefined ? [] : [`Not shown: ${left}`, ""]),
  ].join("\n");
}

/** The fault that is in the middle by its gap, window by window. */
function timeLine(fault: FaultName, outcomes: readonly Outcome[]): string[] {
  const own = outcomes.filter((outcome) => outcome.fault === fault)
    .toSorted((a, b) => a.gapMs - b.gapMs);
  const { at, gapMs, load } = own[Math.floor(own.length / 2)]!;
  const lines: string[] = [];
  for (let from = -4; from * WINDOW_MS < gapMs + 2000; from++) {
    const [begin, end] = [at + from * WINDOW_MS, at + (from + 1) * WINDOW_MS];
    const times = load.writes.filter((write) => write.at >= begin && write.at < end)
      .map(({ ms }) => ms).toSorted((a, b) => a - b);
    const rate = times.length * 1000 / WINDOW_MS;
    const quantile = (share: number) =>
      times.length === 0
        ? "–"
        : formatTime(times[Math.min(times.length - 1, Math.floor(share * times.length))]! * 1e6);
    const mark = from === 0 ? ` ← ${fault}` : times.length === 0 ? " no answer" : "";
    const bar = "█".repeat(Math.round(rate / 200));
    lines.push(
      `| ${(from * WINDOW_MS / 1000).toFixed(2)} s | ${formatCount(rate)} | ${quantile(0.5)} | ` +
        `${quantile(0.99)} | ${bar}${mark} |`,
    );
  }
  return [
    `## ${fault[0]!.toUpperCase()}${fault.slice(1)}`,
    "",
    "The one of them that is in the middle by its time without an answer, in windows of " +
    `${WINDOW_MS} ms:`,
    "",
    "| Since the fault | Acknowledged, 1/s | p50 | p99 | |",
    "| ---: | ---: | ---: | ---: | --- |",
    ...lines,
    "",
  ];
}
