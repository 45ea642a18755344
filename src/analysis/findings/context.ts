/** What findings and caveats are made from. */
import type { Result } from "../../result/mod.ts";
import { joinSome } from "../../format/mod.ts";
import type { Tell } from "../../remark/mod.ts";
import type { MeasuredBenchmark } from "../benchmark.ts";
import type { BootstrapOptions } from "../criterion_run.ts";
import type {
  CaveatTopic,
  Decomposition,
  FindingTopic,
  HarnessShare,
  StoreAnalysis,
  StoreRatio,
  TargetVerdict,
} from "../model.ts";

/** Everything that a finding may look at. */
export interface FindingContext {
  result: Result;
  stores: readonly StoreAnalysis[];
  measured: readonly MeasuredBenchmark[];
  targets: readonly TargetVerdict[];
  ratios: readonly StoreRatio[];
  harness: readonly HarnessShare[];
  decompositions: readonly Decomposition[];
  options: BootstrapOptions;
}

/** Tells a finding where its condition holds. */
export type TellFinding = Tell<FindingContext, FindingTopic>;

/** Tells a caveat where it applies. */
export type TellCaveat = Tell<FindingContext, CaveatTopic>;

/** How many names a sentence has; a list that is longer is counted, since nobody reads it. */
const MOST_NAMES = 8;

/**
 * Benchmarks in prose; where a store has all of its own among them, the store stands for them. Of many
 * the first are named and the others counted.
 */
export function nameBenchmarks(ids: readonly string[], stores: readonly StoreAnalysis[]): string {
  const whole = stores.filter(({ benchmarks }) =>
    benchmarks.length > 1 && benchmarks.every((id) => ids.includes(id))
  );
  const rest = ids.filter((id) => !whole.some(({ benchmarks }) => benchmarks.includes(id)));
  return joinSome([...whole.map(({ store }) => `all benchmarks of ${store}`), ...rest], MOST_NAMES);
}

/** The smallest and the largest of some numbers, and whose they are; `null` of none. */
export function extremes<T>(
  items: readonly T[],
  read: (item: T) => number,
): { least: number; most: number; at: { least: T; most: T } } | null {
  const [first, ...others] = items;
  if (first === undefined) return null;
  const at: { least: T; most: T } = { least: first, most: first };
  for (const item of others) {
    if (read(item) < read(at.least)) at.least = item;
    if (read(item) > read(at.most)) at.most = item;
  }
  return { least: read(at.least), most: read(at.most), at };
}
