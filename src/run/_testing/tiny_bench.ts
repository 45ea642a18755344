/** For tests of benches: a suite that measures next to nothing. */
import { defineSuite } from "../../suite/mod.ts";

/** A write and a read of a few keys, over a store that such tests do not open. */
export const TINY_SUITE = defineSuite({
  name: "tiny",
  title: "Tiny",
  summary: "Measures nothing.",
  stores: ["level"],
  benchmarks: [
    {
      name: "write/20",
      kind: "throughput",
      operation: "put",
      samples: 2,
      elements: 20,
      keys: 20,
      valueBytes: 16,
    },
    {
      name: "read/one",
      kind: "latency",
      operation: "get",
      samples: 2,
      keys: 20,
      valueBytes: 16,
    },
  ],
});
