/** Made-up nights for the tests and the bench of this folder. */
import type { NightRecord } from "../../result/mod.ts";

/** What there is to change about a made-up night. */
export interface SampleNight {
  night: string;
  node?: string;
  /** What tells results of one night apart. @default "1" */
  id?: string;
  /** Value of the first metric of each benchmark. @default 100 */
  value?: number;
  /** @default 3 */
  runs?: number;
  /** Names of the benchmarks, each with a throughput and a mean. @default one */
  benchmarks?: string[];
  changes?: Partial<NightRecord>;
}

/** A night's record of the right shape. */
export function sampleNight(
  {
    night,
    node = "node01",
    id = "1",
    value = 100,
    runs = 3,
    benchmarks = ["raw/write/100"],
    changes,
  }: SampleNight,
): NightRecord {
  const interval = { low: value * 0.99, high: value * 1.01, method: "runs", runs, reason: null };
  return {
    schema: "tidemark.night",
    version: 1,
    night,
    node,
    result: `${night}T010000Z-baseline-${id}`,
    digest: hexOf(`${night} ${node} ${id}`),
    startedAt: `${night}T01:00:00.000Z`,
    endedAt: `${night}T01:03:00.000Z`,
    complete: true,
    suite: "baseline",
    profile: "nightly",
    commit: "0123456789abcdef",
    machine: { kernel: "6.1.0", logicalProcessors: 8 },
    stores: [{ store: "raw", library: "RocksDB 7.8.3", description: null }],
    benchmarks: benchmarks.map((benchmark) => ({
      id: benchmark,
      store: "raw",
      conditions: "00112233",
      metrics: [
        { metric: "throughput", better: "higher", value, ...interval },
        { metric: "mean", better: "lower", value: 1e9 / value, ...interval },
      ],
    })),
    ...changes,
  };
}

/** 64 hexadecimal digits that differ where the text does. */
function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0"))
    .join("").padStart(64, "0").slice(-64);
}

/** The night so many days after 2026-01-01. */
export function nightAt(day: number): string {
  return new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
}
