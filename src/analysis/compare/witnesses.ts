/**
 * What the measuring threads did beside the time they took: processor time, instructions, cache misses.
 * None of it is a verdict, or part of one: it is what a reader holds a verdict on time against.
 */
import type { Result, RunRecord } from "../../result/mod.ts";
import {
  biweight,
  geometricMean,
  LEAST_RUNS,
  median,
  testOverPairs,
  testOverRuns,
} from "../../stats/mod.ts";
import { operationsPerIteration } from "../run_use.ts";
import type { BenchmarkValues } from "../run_values.ts";
import { batchLogs } from "./duets.ts";
import type { Uncounted, WitnessName, WitnessRow } from "./model.ts";

/** The fields of a sample that are witnesses, in the order in which they are shown. */
const WITNESSES = ["cpuNs", "instructions", "cacheMisses"] as const satisfies WitnessName[];

/** A benchmark on both sides, whose runs belong to each other by their places where they took turns. */
interface Sides {
  base: BenchmarkValues;
  candidate: BenchmarkValues;
}

/**
 * The witnesses of a benchmark that both sides have.
 *
 * @param duet Whether they took turns: the ratio of a pair of processes is then the robust centre of
 * those of its batches, as it is of times.
 */
export function witnessRows(
  { base, candidate }: Sides,
  confidence: number,
  duet: boolean,
): WitnessRow[] {
  const { id, store, name } = candidate.record;
  return WITNESSES.flatMap((witness): WitnessRow[] => {
    const [before, after] = [base, candidate].map((side) => countsOf(side, witness));
    if (before!.length === 0 || after!.length === 0) return [];
    const pairs = duet ? pairRatios({ base, candidate }, witness) : null;
    const runs = { base: before!.length, candidate: after!.length };
    const values = { base: geometricMean(before!), candidate: geometricMean(after!) };
    return [{
      id,
      store,
      name,
      witness,
      ...values,
      runs,
      change: changeOf(before!, after!, pairs, confidence),
    }];
  });
}

/**
 * What callgrind counted of a benchmark's instructions on both sides. The processes of one place had the
 * same keys, and so had their batches of one place, whose ratios are what a pair of processes tells: the
 * middle one of them, since a batch in which code is compiled or memory collected has those instructions
 * as well.
 */
export function countedRows(
  { base, candidate }: Sides,
  [before, after]: readonly [Result, Result],
  confidence: number,
): WitnessRow[] {
  const { id, store, name } = candidate.record;
  const old = countedOf(before, base.record.id);
  const pairs = [...countedOf(after, id)].flatMap(([run, own]) => {
    const partner = old.get(run);
    return partner?.length === own.length ? [{ base: partner, candidate: own }] : [];
  });
  if (pairs.length === 0) return [];
  const ratios = pairs.map(({ base, candidate }) =>
    median(candidate.map((count, batch) => count / base[batch]!))
  );
  return [{
    id,
    store,
    name,
    witness: "countedInstructions",
    base: geometricMean(pairs.map(({ base }) => median(base))),
    candidate: geometricMean(pairs.map(({ candidate }) => median(candidate))),
    runs: { base: pairs.length, candidate: pairs.length },
    change: ratios.length < LEAST_RUNS
      ? null
      : relative(testOverPairs(ratios, { confidence }).ratio),
  }];
}

/** Instructions for an operation in each batch, by the place of the process. */
function countedOf({ counts = [] }: Result, benchmark: string): Map<number, number[]> {
  return new Map(
    counts.flatMap((count) => {
      if (count.benchmark !== benchmark) return [];
      const each = count.instructions.map((instructions) => instructions / count.operations);
      return each.length > 0 && each.every(isUsable) ? [[count.run, each] as const] : [];
    }),
  );
}

/** What was not counted on a side, each reason once. */
export function uncountedOf(sides: readonly Result[]): Uncounted[] {
  const all = sides.flatMap(({ runs }) =>
    runs.flatMap(({ uncounted = {} }) =>
      WITNESSES.flatMap((witness) => {
        const reason = Object.hasOwn(uncounted, witness) ? uncounted[witness] : undefined;
        return reason === undefined ? [] : [{ witness, reason }];
      })
    )
  );
  const failed = sides.flatMap(({ counts = [] }) =>
    counts.flatMap(({ benchmark, error }): Uncounted[] =>
      error === undefined
        ? []
        : [{ witness: "countedInstructions", reason: `of ${benchmark} it is said: ${error}` }]
    )
  );
  return [...new Map([...all, ...failed].map((one) => [JSON.stringify(one), one])).values()];
}

/** What a side's thread did for an operation, of each run that counted all of its samples. */
function countsOf({ record, runs }: BenchmarkValues, witness: WitnessName): number[] {
  const operations = operationsPerIteration(record);
  return runs.flatMap(({ samples }) => {
    let [count, iterations] = [0, 0];
    for (const sample of samples) {
      count += sample[witness] ?? NaN;
      iterations += sample.iterations;
    }
    const each = count / (iterations * operations);
    return isUsable(each) ? [each] : [];
  });
}

/** The ratio of each pair of processes; `null` where one has no batches that were counted. */
function pairRatios({ base, candidate }: Sides, witness: WitnessName): number[] | null {
  const logs = candidate.runs.map((run, pair) => {
    const partner: RunRecord | undefined = base.runs[pair];
    return partner === undefined ? [] : batchLogs(partner, run, witness);
  });
  if (logs.length === 0 || logs.some((own) => own.length === 0)) return null;
  const ratios = logs.map((own) => Math.exp(biweight(own).location));
  return ratios.every(isUsable) ? ratios : null;
}

/** Whether a value has a logarithm. */
function isUsable(value: number): boolean {
  return value > 0 && value < Infinity;
}

function changeOf(
  before: readonly number[],
  after: readonly number[],
  pairs: readonly number[] | null,
  confidence: number,
): WitnessRow["change"] {
  if (pairs !== null && pairs.length >= LEAST_RUNS) {
    return relative(testOverPairs(pairs, { confidence }).ratio);
  }
  if (Math.min(before.length, after.length) < LEAST_RUNS) return null;
  return relative(testOverRuns(after, before, { confidence }).ratio);
}

function relative({ value, low, high }: { value: number; low: number; high: number }) {
  return { value: value - 1, low: low - 1, high: high - 1 };
}
