/** For tests of benches: a suite that measures next to nothing, and a folder to do it in. */
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

/** Gives what is tested a folder of its own, and removes it. */
export async function inFolder<T>(test: (folder: string) => Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync();
  try {
    return await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
