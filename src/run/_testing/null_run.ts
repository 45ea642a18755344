import type { RunSpec } from "../spec.ts";

/** A run over the store that does nothing: it needs no database. Six samples of ten puts. */
export function nullRun(measure: Partial<RunSpec["measure"]> = {}): RunSpec {
  return {
    store: "null",
    database: "/nonexistent/tidemark-run-test",
    options: {},
    measure: {
      kind: "throughput",
      operation: "put",
      order: "sequential",
      keys: 10,
      valueBytes: 8,
      elements: 10,
      sampling: "flat",
      samples: 6,
      warmupMs: 1,
      measureMs: 5,
      seed: 1,
      ...measure,
    },
  };
}
