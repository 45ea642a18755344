/** What is there twice: a copy is no replication, and would make a result seem surer than it is. */
import { runKey } from "./journal.ts";
import type { Result, RunRecord } from "./schema.ts";

/**
 * Samples from which on no two processes have the same: a clock tells nanoseconds. Fewer may be the
 * same by a tool's rounding.
 */
const TELLING_SAMPLES = 3;
/** Different times of a run from which on a part of them is known again in another one. */
const TELLING_TIMES = 10;
/** The share of a run's times that another one has as well, from which on it is no other one. */
const COPIED_SHARE = 0.5;
/** Operations from which on no two histograms are alike. */
const TELLING_OPERATIONS = 1000;

/**
 * What a run's samples are, as a text that no other run of its benchmark has.
 *
 * @returns `null` where there are too few to tell.
 */
export function contentOf(
  { benchmark, samples }: Pick<RunRecord, "benchmark" | "samples">,
): string | null {
  if (samples.length < TELLING_SAMPLES) return null;
  return [benchmark, ...samples.map(({ iterations, ns }) => `${iterations} ${ns}`)].join("\n");
}

/**
 * What of a result's runs is a copy of another, or has its own samples twice.
 *
 * @returns The reason and how to mend it, as a clause, or `undefined` where each run and sample stands
 * for itself.
 */
export function copyOf(
  { runs, imported }: Pick<Result, "runs" | "imported">,
): string | undefined {
  const numbers = new Set<string>();
  const contents = new Map<string, RunRecord>();
  const histograms = new Map<string, RunRecord>();
  const owners = new Map<string, Map<number, RunRecord>>();
  for (const run of runs) {
    if (run.superseded) continue;
    const id = JSON.stringify(run.benchmark);
    const sameSamples = (other: RunRecord) =>
      `runs ${other.run} and ${run.run} of ${id} have the same samples; keep one of them`;
    if (numbers.has(runKey(run))) return `run ${run.run} of ${id} is there twice; keep one of them`;
    numbers.add(runKey(run));
    const inside = (imported === undefined ? startedTwice(run) : undefined) ?? samplesTwice(run);
    if (inside !== undefined) return `run ${run.run} of ${id} ${inside}; keep each sample once`;
    const { histogram, count = 0, coarse = false } = run.latency ?? {};
    if (histogram !== undefined && !coarse && count >= TELLING_OPERATIONS) {
      const key = `${run.benchmark}\n${histogram}`;
      const same = histograms.get(key);
      if (same !== undefined) {
        return `runs ${same.run} and ${run.run} of ${id} have the same histogram; keep one of them`;
      }
      histograms.set(key, run);
    }
    const content = contentOf(run);
    if (content === null) continue;
    const same = contents.get(content);
    if (same !== undefined) return sameSamples(same);
    contents.set(content, run);
    const known = owners.get(run.benchmark) ?? new Map<number, RunRecord>();
    owners.set(run.benchmark, known);
    const original = sharedWith(run, known);
    if (original !== undefined) return sameSamples(original);
  }
  return undefined;
}

/** A time of one iteration, the same of a batch that was multiplied. */
function timesOf({ samples }: RunRecord): number[] {
  return samples.map(({ iterations, ns }) => Number((ns / iterations).toPrecision(12)));
}

/** How samples of one process began before the ones that they follow; other tools write as they like. */
function startedTwice({ samples }: RunRecord): string | undefined {
  let before = -1;
  for (const { atNs } of samples) {
    if (atNs === null) continue;
    if (atNs <= before) {
      return `has a sample that began ${atNs} ns after its first, and the one before it at ${before}`;
    }
    before = atNs;
  }
  return undefined;
}

/** How a run has all of its samples more than once. */
function samplesTwice(run: RunRecord): string | undefined {
  if (run.samples.length < TELLING_TIMES) return undefined;
  const counts = new Map<number, number>();
  for (const time of timesOf(run)) counts.set(time, (counts.get(time) ?? 0) + 1);
  const least = [...counts.values()].reduce((a, b) => Math.min(a, b));
  // A tool's rounding repeats some, and not every one of several.
  if (least < 2 || counts.size < TELLING_TIMES / 2) return undefined;
  return `has every sample ${least} times`;
}

/**
 * The run before that has most of this one's times, in whatever order.
 *
 * @param known The first run of each time; this one's are added.
 */
function sharedWith(run: RunRecord, known: Map<number, RunRecord>): RunRecord | undefined {
  const times = new Set(timesOf(run));
  // Times that repeat inside of one run are a tool's rounding, and repeat between runs too.
  if (times.size < TELLING_TIMES || times.size < 0.9 * run.samples.length) return undefined;
  const shared = new Map<RunRecord, number>();
  for (const time of times) {
    const owner = known.get(time);
    if (owner === undefined) known.set(time, run);
    else shared.set(owner, (shared.get(owner) ?? 0) + 1);
  }
  for (const [owner, count] of shared) if (count >= COPIED_SHARE * times.size) return owner;
  return undefined;
}
