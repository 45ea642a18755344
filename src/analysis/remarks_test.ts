import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Result } from "../result/mod.ts";
import type { Remark } from "../remark/mod.ts";
import { analyse } from "./analyse.ts";
import { compareResults } from "./compare/compare.ts";
import { anyResult } from "./_testing/arbitrary_result.ts";
import { threeStores, troubledResult } from "./_testing/sample_result.ts";

/** Every remark of an analysis, and of a comparison of the result with another. */
function remarksOf(result: Result, other: Result): Remark[] {
  const { findings, caveats, benchmarks, calibration, claims } = analyse(result, { resamples: 10 });
  const comparison = compareResults(
    { label: "a", result: other },
    { label: "b", result },
  );
  return [
    ...findings,
    ...caveats,
    ...[...benchmarks, ...calibration].flatMap(({ remarks }) => remarks),
    ...claims.flatMap(({ remarks }) => remarks),
    ...comparison.remarks,
  ];
}

/** What a remark on a result may be about. */
function namesIn(result: Result): Set<string> {
  return new Set([
    ...result.benchmarks.flatMap(({ id, store }) => [id, store]),
    ...result.suite.figures.map(({ system }) => system),
    "base",
    "candidate",
  ]);
}

function check(remark: Remark, names: ReadonlySet<string>): void {
  const { id, about, condition, numbers, text } = remark;
  assert.match(id, /^[a-z]+(-[a-z]+)*$/);
  assert.match(condition, /^[a-z].*[^.]$/, id);
  assert.match(text, /\.$/, id);
  for (const name of about) assert.ok(names.has(name), `${id} is about ${name}`);
  for (const [name, value] of Object.entries(numbers)) {
    assert.equal(typeof value, "number", `${name} of ${id}`);
  }
}

Deno.test("remarks are plain data about what the result has", () => {
  const [clean, troubled] = [threeStores(), troubledResult()];
  for (const [result, other] of [[clean, troubled], [troubled, clean]] as const) {
    const remarks = remarksOf(result, other);
    assert.deepEqual(JSON.parse(JSON.stringify(remarks)), remarks);
    assert.ok(remarks.length > 15);
    for (const remark of remarks) check(remark, namesIn(result));
  }
});

Deno.test("remarks keep their form, whatever the result is", () => {
  fc.assert(
    fc.property(anyResult, anyResult, (result, other) => {
      const names = namesIn(result);
      for (const remark of remarksOf(result, other)) check(remark, names);
    }),
    { numRuns: 60 },
  );
});
