import assert from "node:assert/strict";
import * as v from "valibot";
import { threeStores, troubledResult } from "../analysis/_testing/sample_result.ts";
import { analyse, AnalysisShape } from "../analysis/mod.ts";
import { SCHEMA_FOLDER, schemaFiles } from "./schemas.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("the published JSON Schemas are what the code checks", () => {
  for (const [name, text] of Object.entries(schemaFiles())) {
    const published = Deno.readTextFileSync(new URL(`${SCHEMA_FOLDER}/${name}`, ROOT));
    assert.equal(published, text, `deno task schema writes ${name} anew`);
  }
});

Deno.test("the JSON Schemas name what a result, a journal's line and an analysis must have", () => {
  const files = schemaFiles();
  const result = JSON.parse(files["result.schema.json"]!);
  assert.ok(result.required.includes("benchmarks") && result.properties.runs.type === "array");
  const lines = JSON.parse(files["journal.schema.json"]!);
  assert.ok((lines.oneOf ?? lines.anyOf).length >= 8);
  assert.ok(JSON.parse(files["analysis.schema.json"]!).required.includes("findings"));
});

Deno.test("analyses have every field of their schema and no other", () => {
  for (const result of [threeStores(), troubledResult()]) {
    const analysis = JSON.parse(JSON.stringify(analyse(result, { resamples: 20 })));
    const parsed = v.safeParse(AnalysisShape, analysis);
    assert.ok(parsed.success, JSON.stringify(parsed.issues?.[0]));
    assert.deepEqual(parsed.output, analysis);
  }
});
