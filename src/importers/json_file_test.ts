import assert from "node:assert/strict";
import * as v from "valibot";
import { jsonObjectIn, looksLikeJson, objectsIn, parseJson } from "./json_file.ts";

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

Deno.test("objectsIn() has the objects of a text with their lines, and none for a brace within one", () => {
  const lines = (text: string) => objectsIn(text).map(({ line }) => line);
  assert.deepEqual(lines('{\n"a":{\n}\n}\n'), [1]);
  assert.deepEqual(objectsIn('note\n{\n"a":1\n}\n\n{"b":2}\nend\n'), [
    { text: '{\n"a":1\n}', line: 2 },
    { text: '{"b":2}', line: 6 },
  ]);
  assert.deepEqual(lines('{"a":1}\n{"b":'), [1, 2]);
  assert.deepEqual(lines("none"), []);
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
      "its own",
  });
});
