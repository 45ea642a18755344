/** What the harness took of what was measured. */
import { kindOfStore } from "../result/mod.ts";
import { median } from "../stats/mod.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import { valueOf } from "./estimate_of.ts";
import type { HarnessShare } from "./model.ts";

/** Holds every measured benchmark against the same loop over a store that does nothing. */
export function harnessShares(
  measured: readonly MeasuredBenchmark[],
  calibration: readonly MeasuredBenchmark[],
): HarnessShare[] {
  return measured.map((benchmark) => {
    const meanNs = valueOf(benchmark.analysis, "mean");
    const floor = calibrationOf(benchmark, calibration);
    const native = isNative(benchmark);
    const javascript = (floor?.runs ?? []).flatMap(({ load }) => load?.javascriptNs ?? []);
    const javascriptNs = javascript.length === 0 ? null : median(javascript);
    // A store without machine code has the loop that the one that does nothing had second.
    const floorNs = floor === undefined
      ? null
      : native || javascriptNs === null
      ? valueOf(floor.analysis, "mean")
      : javascriptNs;
    const clocks = benchmark.record.kind !== "throughput"
      ? benchmark.runs.flatMap(({ clock }) => clock === null ? [] : [clock])
      : [];
    const clockNs = clocks.length === 0 ? null : median(clocks.map(({ costNs }) => costNs));
    const crossings = benchmark.runs.flatMap(({ crossingNs }) => crossingNs ?? []);
    const crossingNs = crossings.length === 0 ? null : median(crossings);
    const shareOf = (ns: number | null) => ns === null || meanNs === null ? null : ns / meanNs;
    return {
      benchmark: benchmark.record.id,
      calibration: floor?.record.id ?? null,
      sameLoop: floor !== undefined && apiOf(floor) === apiOf(benchmark),
      floorNs,
      share: shareOf(floorNs),
      ...(native && javascriptNs !== null && meanNs !== null && {
        javascriptNs,
        javascriptShare: javascriptNs / meanNs,
      }),
      clockNs,
      clockStepNs: clocks.length === 0 ? null : median(clocks.map(({ stepNs }) => stepNs)),
      crossingNs,
      crossingShare: shareOf(crossingNs),
      clockShare: shareOf(clockNs),
    };
  });
}

/**
 * The calibration of the same name: of the store's own client before that of another one's, and of a
 * loop of the same form before one of the other.
 */
function calibrationOf(
  benchmark: MeasuredBenchmark,
  calibration: readonly MeasuredBenchmark[],
): MeasuredBenchmark | undefined {
  const same = calibration.filter(({ record, runs }) =>
    record.name === benchmark.record.name && runs.length > 0
  );
  const own = same.find(({ record }) =>
    record.store === `null-${kindOfStore(benchmark.record.store)}`
  );
  if (own !== undefined) return own;
  const alike = same.filter((candidate) => apiOf(candidate) === apiOf(benchmark));
  const network = isNetworked(benchmark);
  return alike.find((candidate) => isNetworked(candidate) === network) ?? alike[0] ?? same[0];
}

/** Whether machine code ran the loops of a benchmark's measured clients. */
function isNative({ runs }: MeasuredBenchmark): boolean {
  return runs.some(({ load }) => load?.clients.some(({ counted, native }) => counted && native));
}

/** Whether a benchmark's operations go to a server. */
function isNetworked({ runs }: MeasuredBenchmark): boolean {
  return runs.some(({ store }) => store?.network === true);
}

/** Whether a benchmark's store returns at once or through a promise, as its runs recorded it. */
function apiOf({ runs }: MeasuredBenchmark): "sync" | "async" | null {
  return runs.find(({ store }) => store !== null)?.store?.api ?? null;
}
