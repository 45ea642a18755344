import assert from "node:assert/strict";
import * as v from "valibot";
import { jsonObjectIn, looksLikeJson, parseJson, secondObjectIn } from "./json_file.ts";

const FOUND: [name: string, text: string, json: unknown][] = [
  ["JSON alone", '{"a":1}', { a: 1 }],
  ["what is printed before and after it", 'fio: it failed\n{\n"a":{}}\nrun status\n', { a: {} }],
  ["braces in texts", 'x\n{"a":"}\\"{","b":2}\n', { a: '}"{', b: 2 }],
  ["NaN of Python", '{"a":[NaN,-Infinity,1],"b":"NaN nan"}', {
    a: ["NaN", "-Infinity", 1],
    b: "NaN nan",
  }],
  ["nan of C", '{"a" : -nan, "b" : inf}', { a: "-nan", b: "inf" }],
  ["the first of two", '{"a":1}\n{"a":2}\n', { a: 1 }],
  ["no object", "[1]", null],
  ["a text", "BenchmarkX 1 2 ns/op\n", null],
  ["one that is cut off", '{"a":1,"b":{"c":2}', null],
  ["a string that is cut off", '{"a":"' + '\\"'.repeat(50_000), null],
];
Deno.test.each(FOUND)("jsonObjectIn() finds %s", (_name, text, json) => {
  assert.deepEqual(jsonObjectIn(text), json);
});

Deno.test("secondObjectIn() says the line of a second object, and of no brace within the first", () => {
  assert.equal(secondObjectIn('{\n"a":{\n}\n}\n'), null);
  assert.equal(secondObjectIn('{\n"a":1\n}\n\n{"b":2}\n'), 5);
  assert.equal(secondObjectIn("none"), null);
});

Deno.test("looksLikeJson() tells a text whose JSON is cut off from any other", () => {
  assert.ok(looksLikeJson('fio: note\n{"a":'));
  assert.ok(!looksLikeJson("fillseq : 1 micros/op {}\n"));
});

Deno.test("parseJson() says where a form is another", () => {
  const source = { path: "a.json", writer: "fio 2 or 3", mend: "take it anew" };
  const schema = v.looseObject({ jobs: v.array(v.looseObject({ iops: v.number() })) });
  assert.throws(() => parseJson(schema, '{"jobs":[{"iops":1},{"iops":nan}]}', source), {
    name: "ResultError",
    message: 'Cannot import a.json: "jobs.1.iops" is not what fio 2 or 3 writes; take it anew',
  });
  assert.throws(() => parseJson(schema, '{"jobs":[', source), {
    message: "Cannot import a.json: it is no whole JSON; take it anew",
  });
  assert.throws(() => parseJson(schema, '{"jobs":[]}\n{"jobs":[]}\n', source), {
    message:
      "Cannot import a.json: line 2: another output begins here; import each from a file of " +
      "its own, or of totals that grow the last alone",
  });
});
