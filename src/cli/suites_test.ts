import assert from "node:assert/strict";
import { loadSuite } from "./suites.ts";
import { UsageError } from "./usage_error.ts";

const MOD = new URL("../mod.ts", import.meta.url).href;

/** Loads a suite file with a target, a load and a claim that are limited to stores. */
async function loaded(fields: { target: string; without: string; evidence: string }) {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      path,
      `import { defineSuite } from ${JSON.stringify(MOD)};
export default defineSuite({
  name: "mine", title: "Mine", summary: "Mine.", stores: ["raw", "own"], plugins: { own: "/own.so" },
  benchmarks: [{ name: "r", kind: "throughput", operation: "get", samples: 9, keys: 9, valueBytes: 9 }],
  loads: [{
    name: "l",
    without: ["${fields.without}"],
    load: { keys: 9, valueSize: 8, mix: { get: 1 } },
  }],
  targets: [{
    benchmark: "r", metric: "throughput", bound: "atLeast", value: 1, stores: ["${fields.target}"],
  }],
  claims: [{
    name: "C", hypothesis: "H.", limits: [],
    evidence: [{ benchmark: "r", metric: "throughput", figures: [], stores: ["${fields.evidence}"] }],
  }],
});
`,
    );
    return await loadSuite(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("loadSuite() takes stores by the names of kinds, variants and the suite's own plug-ins", async () => {
  const suite = await loaded({ target: "etcd", without: "raw@9.10.0", evidence: "own" });
  assert.deepEqual(suite.targets[0]!.stores, ["etcd"]);
});

const SLIPS = [
  [{ target: "rwa" }, /targets\.0\.stores: there is no store "rwa"; did you mean raw\?/],
  [{ without: "kvstor" }, /loads\.0\.without: there is no store "kvstor"; did you mean kvstore\?/],
  [
    { evidence: "rocks" },
    /claims\.0\.evidence\.0\.stores: there is no store "rocks"; there is raw, own,/,
  ],
] as const;
for (const [slip, message] of SLIPS) {
  Deno.test(`loadSuite() refuses a store that can be none: ${JSON.stringify(slip)}`, async () => {
    await assert.rejects(
      loaded({ target: "raw", without: "kvstore", evidence: "raw", ...slip }),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        assert.match(error.message, /^Cannot define the suite "mine": [^\n]+$/);
        return true;
      },
    );
  });
}
