import assert from "node:assert/strict";
import type { StoreAnalysis } from "../model.ts";
import { nameBenchmarks } from "./context.ts";

const ids = (count: number) => Array.from({ length: count }, (_, i) => `raw/b${i + 1}`);

Deno.test("nameBenchmarks() names up to eight, and counts the others of a longer list", () => {
  assert.equal(nameBenchmarks(ids(2), []), "raw/b1 and raw/b2");
  assert.equal(
    nameBenchmarks(ids(8), []),
    "raw/b1, raw/b2, raw/b3, raw/b4, raw/b5, raw/b6, raw/b7 and raw/b8",
  );
  assert.equal(
    nameBenchmarks(ids(9), []),
    "raw/b1, raw/b2, raw/b3, raw/b4, raw/b5, raw/b6, raw/b7, raw/b8 and 1 more",
  );
});

Deno.test("nameBenchmarks() lets a store stand for all of its benchmarks", () => {
  const raw = { store: "raw", benchmarks: ids(12) } as unknown as StoreAnalysis;
  assert.equal(nameBenchmarks([...ids(12), "level/b"], [raw]), "all benchmarks of raw and level/b");
});
