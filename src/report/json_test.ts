import assert from "node:assert/strict";
import { analyse } from "../analysis/mod.ts";
import { troubledResult } from "../analysis/_testing/sample_result.ts";
import { toJson } from "./json.ts";

Deno.test("toJson() writes the whole analysis, and what tells its result", () => {
  const result = troubledResult();
  const analysis = analyse(result, { resamples: 500 });
  const written = JSON.parse(toJson(result, analysis));
  assert.deepEqual([written.schema, written.version], ["tidemark.report", 2]);
  assert.deepEqual(written.analysis, analysis);
  assert.equal(written.result.id, result.id);
  assert.equal(written.result.complete, false);
  assert.deepEqual(written.result.warnings, result.warnings);
  assert.equal(written.result.runs, undefined);
});
