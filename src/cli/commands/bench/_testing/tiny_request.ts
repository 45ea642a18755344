import type { BenchRequest } from "../../../../run/mod.ts";
import { defineSuite, type SuiteSource } from "../../../../suite/mod.ts";

const write = { name: "write/20", kind: "throughput", operation: "put", samples: 2 } as const;

/** A suite of writes, of one benchmark or of two. */
export function tinySuite(benchmarks: 1 | 2, targets: NonNullable<SuiteSource["targets"]> = []) {
  const all = [
    { ...write, elements: 20, keys: 20, valueBytes: 16 },
    { ...write, name: "write/40", elements: 40, keys: 20, valueBytes: 16 },
  ];
  return defineSuite({
    name: "tiny",
    title: "Tiny",
    summary: "Measures nothing.",
    stores: ["raw"],
    benchmarks: all.slice(0, benchmarks),
    targets,
  });
}

/** A bench of three runs with a target of so many writes a second, of the first benchmark. */
export function tinyRequest(
  directory: string,
  benchmarks: 1 | 2,
  atLeast: number,
): BenchRequest {
  return {
    suite: tinySuite(benchmarks, [
      { benchmark: write.name, metric: "throughput", bound: "atLeast", value: atLeast },
    ]),
    profile: { name: "quick", runs: 3, warmupMs: 1, measureMs: 1 },
    stores: ["raw"],
    storeOptions: {},
    seed: 7,
    directory,
    command: ["bench", "tiny"],
    warnings: [],
    version: "1.2.3",
  };
}
