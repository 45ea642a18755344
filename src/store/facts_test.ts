import assert from "node:assert/strict";
import { parseResult } from "../result/mod.ts";
import { STORES } from "./catalog.ts";
import { readFacts } from "./facts.ts";
import { ROCKSDB_PROPERTIES } from "./rocksdb_properties.ts";

/** An engine that knows these properties. */
function engine(known: Record<string, string>) {
  return { property: (name: string) => Object.hasOwn(known, name) ? known[name] : undefined };
}

Deno.test("readFacts() says by meaning what an engine says by name, and nothing that it does not", () => {
  const properties = { "a.files": "liveFileBytes", "a.keys": "estimatedKeys" } as const;
  assert.deepEqual(readFacts(engine({ "a.files": "0", "a.other": "7" }), properties), {
    facts: { liveFileBytes: 0 },
    properties: {},
  });
});

Deno.test("readFacts() keeps what is no whole number under the engine's own name", () => {
  const properties = { "a.files": "liveFileBytes", "a.keys": "estimatedKeys" } as const;
  for (const value of ["many", "-1", "1.5", "", "1e3"]) {
    assert.deepEqual(readFacts(engine({ "a.files": value, "a.keys": "3" }), properties), {
      facts: { estimatedKeys: 3 },
      properties: { "a.files": value },
    });
  }
});

Deno.test("a run's facts mean what older results have under RocksDB's names", () => {
  const names = Object.keys(ROCKSDB_PROPERTIES);
  const properties = Object.fromEntries(names.map((name, i) => [name, String(i)]));
  const old = JSON.parse(
    Deno.readTextFileSync(`${import.meta.dirname}/../result/_testing/result_v1.json`),
  );
  old.runs[0].properties = properties;
  const [run] = parseResult(JSON.stringify(old), "old.json").runs;
  assert.deepEqual(run?.facts, readFacts(engine(properties), ROCKSDB_PROPERTIES).facts);
  assert.equal(new Set(Object.values(ROCKSDB_PROPERTIES)).size, names.length);
});

Deno.test("a store's library is named by a variable that its process may read", () => {
  for (const { name, variables, libraryVariable } of STORES) {
    assert.ok(libraryVariable === undefined || variables.includes(libraryVariable), name);
    // They become one flag, by commas.
    assert.ok(variables.every((variable) => /^\w+$/.test(variable)), name);
  }
});
