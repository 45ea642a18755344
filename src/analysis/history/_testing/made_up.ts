/** Made-up series for tests and benches. */
import type { NightPoint, NightSeries } from "../../../result/mod.ts";

const FIRST = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** The night n days after the first one. */
export function nightAt(n: number): string {
  return new Date(FIRST + n * DAY_MS).toISOString().slice(0, 10);
}

/** A series of the given values, one a night; `null` is a missing night. */
export function madeUpSeries(
  values: readonly (number | null)[],
  parts: Partial<Omit<NightSeries, "points">> = {},
  pointAt: (night: number) => Partial<NightPoint> = () => ({}),
): NightSeries {
  return {
    node: "node01",
    benchmark: "raw/read_latency/single_read",
    metric: "mean",
    better: "lower",
    ...parts,
    points: values.map((value, n) => ({
      night: nightAt(n),
      value,
      low: null,
      high: null,
      runs: value === null ? 0 : 10,
      reason: value === null ? "there is no result of it" : null,
      commit: "c0ffee",
      library: "RocksDB 7.8.3",
      conditions: "aaaa",
      report: null,
      ...pointAt(n),
    })),
  };
}
