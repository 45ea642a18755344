import type { LoadSpec, OperationMix, Pace } from "../../workload/mod.ts";

/** A load of one group of clients over 1,000 keys that are there, drawn uniformly. */
export function loadOfOneGroup(mix: OperationMix, pace: Pace, clients: number): LoadSpec {
  return {
    keys: 1000,
    filled: true,
    keyForm: "numbered",
    valueSize: { kind: "fixed", size: 100 },
    compressibility: 0.5,
    groups: [{
      clients,
      mix,
      keyDistribution: { kind: "uniform" },
      scanLength: { kind: "fixed", size: 10 },
      batchKeys: 4,
      pace,
      counted: true,
    }],
  };
}
