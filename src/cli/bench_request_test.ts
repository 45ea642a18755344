import assert from "node:assert/strict";
import { defineSuite, planBenchmarks } from "../suite/mod.ts";
import { type RequestFlags, requestOf } from "./bench_request.ts";

const size = {
  kind: "throughput",
  operation: "put",
  samples: 2,
  keys: 20,
  valueBytes: 16,
} as const;
const suite = defineSuite({
  name: "tiny",
  title: "Tiny",
  summary: "Measures nothing.",
  stores: ["null"],
  variants: [{ store: "null", options: {}, thorough: ["put/rest"] }],
  benchmarks: [{ name: "put/first", ...size }, { name: "put/rest", ...size }],
  targets: [],
  claims: [],
  figures: [],
  nextSteps: [],
});

/** The benchmarks that a call measures, and what it says. */
function asked(flags: RequestFlags) {
  const request = requestOf(suite, { ...flags, out: "unused" }, ["bench"]);
  const names = planBenchmarks(suite, request).map(({ name }) => name);
  return { names, said: request.warnings.filter((text) => /more of the suite/.test(text)) };
}

Deno.test("requestOf() leaves out of a look what only thorough profiles measure, and says so", () => {
  const look = asked({ profile: "quick" });
  assert.deepEqual(look.names, ["put/first"]);
  assert.deepEqual(look.said, ["1 row more of the suite is measured with 3 runs and more."]);
});

Deno.test("requestOf() has all with three runs and more, and what a filter asks for", () => {
  for (const flags of [{ profile: "baseline" }, { profile: "quick", runs: 3 }]) {
    assert.deepEqual(asked(flags), { names: ["put/first", "put/rest"], said: [] });
  }
  assert.deepEqual(asked({ profile: "quick", filter: "rest" }), { names: ["put/rest"], said: [] });
});

Deno.test("requestOf() has a store once where servers that are named decide what tells it apart", () => {
  const servers = defineSuite({
    ...suite,
    stores: ["etcd"],
    variants: [
      { store: "etcd", options: { nodes: 1 }, benchmarks: ["put/first"] },
      { store: "etcd", options: { nodes: 3 }, benchmarks: ["put/first", "put/rest"] },
      { store: "etcd", options: { nodes: 3, consistency: "serializable" } },
      { store: "etcd", options: { nodes: 3, delayMs: 5 }, benchmarks: ["put/rest"] },
    ],
  });
  const request = requestOf(servers, {
    profile: "quick",
    store: ["etcd"],
    set: ["endpoints=10.0.0.1:2379+10.0.0.2:2379"],
    out: "unused",
  }, ["bench"]);
  assert.deepEqual(planBenchmarks(servers, request).map(({ id, variant }) => [id, variant]), [
    ["etcd/put/first", undefined],
    ["etcd/put/rest", undefined],
    ["etcd@consistency=serializable/put/first", { consistency: "serializable" }],
    ["etcd@consistency=serializable/put/rest", { consistency: "serializable" }],
  ]);
});
