/**
 * What an operation costs layer by layer: on a storage layer alone, through one server, through
 * several, and through several that are farther and farther apart.
 */
import { BASE_STORE, kindOfStore } from "../result/mod.ts";
import { plural } from "../format/mod.ts";
import type { Estimate } from "../stats/mod.ts";
import { estimateOf } from "./estimate_of.ts";
import type { BenchmarkAnalysis, Decomposition, Operation } from "./model.ts";

/** The storage layers that a server may be held against, the nearest to it first. */
export const STORAGE = ["kvstore", BASE_STORE] as const;

/** A layer, with what is under it. */
export interface Layer {
  /** The benchmark's id. */
  benchmark: string;
  store: string;
  /** As a part of a sentence: `through 3 nodes at 5 ms`. */
  words: string;
  mean: Estimate;
}

/** The layers of an operation, the storage alone first. */
export interface LayeredOperation {
  operation: Operation;
  layers: Layer[];
}

/**
 * Of puts and gets that are alone on their way, the layers that were measured; nothing of an operation
 * that was not measured on a storage layer alone and through a server. Of servers that differ in
 * something else, as in how new a read has to be, the ones with what etcd does by itself count.
 */
export function layeredOperations(
  benchmarks: readonly BenchmarkAnalysis[],
  decompositions: readonly Decomposition[],
): LayeredOperation[] {
  return (["put", "get"] as const).flatMap((operation) => {
    const storage = STORAGE.flatMap((kind) =>
      benchmarks.filter((own) =>
        kindOfStore(own.store) === kind && own.kind === "latency" && own.operation === operation
      )
    );
    const base = storage.flatMap((own) => layerOf(own, "on the storage alone"))[0];
    const served = decompositions.filter((row) =>
      row.operation === operation && row.inFlight === 1 && row.cluster.newest &&
      row.cluster.leads === true && row.cluster.servers !== null
    ).toSorted((a, b) => order(a) - order(b));
    // Of several that are alike the first one stands for all.
    const distinct = served.filter((row, i) =>
      served.findIndex((other) => order(other) === order(row)) === i
    );
    const layers = distinct.flatMap((row) => {
      const own = benchmarks.find(({ id }) => id === row.benchmark);
      return own === undefined ? [] : layerOf(own, wordsOf(row));
    });
    return base === undefined || layers.length === 0
      ? []
      : [{ operation, layers: [base, ...layers] }];
  });
}

function layerOf(own: BenchmarkAnalysis, words: string): Layer[] {
  const mean = estimateOf(own, "mean");
  return mean === null ? [] : [{ benchmark: own.id, store: own.store, words, mean }];
}

/** More servers cost more, and then more delay; a cable without any more than none. */
function order({ cluster: { servers, cable } }: Decomposition): number {
  return servers! * 1e6 + (cable === null ? -1 : cable.delayMs);
}

function wordsOf({ cluster: { servers, cable } }: Decomposition): string {
  const nodes = `through ${plural(servers!, "node")}`;
  return cable === null ? nodes : `${nodes} at ${cable.delayMs} ms`;
}
