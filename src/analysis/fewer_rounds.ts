/** Processes that took turns, and were left with fewer rounds than planned. */
import { formatTime, plural } from "../format/mod.ts";
import type { Remark } from "../remark/mod.ts";
import type { BenchmarkRecord, RunRecord } from "../result/mod.ts";
import { mean, median } from "../stats/mod.ts";

/** A benchmark whose processes took turns. */
export interface PlayedBenchmark {
  /** What the sentence calls it. */
  name: string;
  /** Rounds that were planned are its samples. */
  record: Pick<BenchmarkRecord, "samples">;
  /** Runs that took turns with one another, block by block, in whatever state. */
  blocks: readonly (readonly RunRecord[])[];
  /** Time that a batch was to take, ms. */
  batchMs: number;
  /** Who took turns, in the plural: `the sides`. */
  who: string;
}

/** Runs that took turns began at the same time. */
export function blocksOfTurns(runs: readonly RunRecord[]): RunRecord[][] {
  return [...Map.groupBy(runs, ({ startedAt }) => startedAt).values()];
}

/**
 * Says in how many of a benchmark's blocks there were fewer rounds than planned, since its batches were
 * so long, and how long they were. Times are nanoseconds.
 *
 * @param topic Of the remark.
 * @returns No remark where every process that ended played all rounds.
 */
export function fewerRounds<Topic extends string>(
  topic: Topic,
  { name, record: { samples: planned }, blocks, batchMs, who }: PlayedBenchmark,
): Remark<Topic>[] {
  const ended = blocks.map((runs) => runs.filter(({ state }) => state === "ended"))
    .filter(({ length }) => length > 0);
  const cut = ended.map((runs) => runs.filter(({ samples }) => samples.length < planned))
    .filter(({ length }) => length > 0);
  const played = cut.flat();
  const batches = played.flatMap(({ samples }) => samples.map(({ ns }) => ns));
  if (batches.length === 0) return [];
  const rounds = Math.min(...played.map(({ samples }) => samples.length));
  const [ns, averageNs] = [median(batches), mean(batches)];
  const mostNs = batches.reduce((most, batch) => Math.max(most, batch), 0);
  const middle = formatTime(ns);
  const average = formatTime(averageNs);
  const most = formatTime(mostNs);
  const took = `${middle} in the middle, ${average} on average and ${most} at most`;
  const of = plural(ended.length, ended.every(({ length }) => length <= 2) ? "pair" : "group");
  const rest = plural(planned, "planned round");
  return [{
    id: "fewer-rounds",
    topic,
    severity: "warn",
    about: [name],
    condition: "processes that took turns were left with fewer rounds than planned",
    numbers: { processes: cut.length, rounds, planned, ns, averageNs, mostNs },
    text:
      `In ${cut.length} of ${of} of processes of ${name} ${who} took turns in as few as ${rounds} ` +
      `of ${rest}: a batch was to take ${formatTime(batchMs * 1e6)}, and took ${took}.`,
  }];
}
