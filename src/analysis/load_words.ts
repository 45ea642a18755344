/** What a load is, in words. */
import { formatBytes, formatPercent, formatRateBound } from "../format/mod.ts";
import type {
  ClientGroupRecord,
  KeyDistributionRecord,
  PaceRecord,
  SizeRecord,
} from "../result/mod.ts";
import { LOAD_OPERATION_NAMES, LOAD_OPERATIONS } from "../workload/mod.ts";

/** The operations with their shares: `90% gets, 10% updates`. */
export function mixInWords({ mix }: ClientGroupRecord): string {
  return LOAD_OPERATION_NAMES.filter((name) => (mix[name] ?? 0) > 0)
    .map((name) => `${formatPercent(mix[name]!)} ${LOAD_OPERATIONS[name].plural}`).join(", ");
}

/** In which way keys are taken. */
export function orderInWords(distribution: KeyDistributionRecord): string {
  switch (distribution.kind) {
    case "zipfian":
      return `zipfian, θ ${distribution.theta}`;
    case "latest":
      return `latest, θ ${distribution.theta}`;
    case "scrambledZipfian":
      return "YCSB's scrambled zipfian";
    case "hotspot": {
      const { keyShare, operationShare } = distribution;
      return `hotspot, ${formatPercent(operationShare)} to ${formatPercent(keyShare)} of the keys`;
    }
    default:
      return distribution.kind;
  }
}

/** How large values are. */
export function sizeInWords(size: SizeRecord): string {
  switch (size.kind) {
    case "fixed":
      return formatBytes(size.size);
    case "uniform":
      return `${formatBytes(size.least)} to ${formatBytes(size.most)}`;
    case "pareto":
      return `Pareto, up to ${formatBytes(size.most)}`;
  }
}

/** When operations begin. */
export function paceInWords(pace: PaceRecord): string {
  if (pace.loop === "closed") return "closed loop";
  return `open loop at ${formatRateBound(pace.rate)}, ${pace.arrivals} arrivals`;
}
