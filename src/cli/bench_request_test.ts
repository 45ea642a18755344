import assert from "node:assert/strict";
import { defineSuite, planBenchmarks } from "../suite/mod.ts";
import { type RequestFlags, requestOf } from "./bench_request.ts";
import { UsageError } from "./usage_error.ts";

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

Deno.test("requestOf() says after the suite's own words that a filter left a part of it alone", () => {
  const summary = (flags: RequestFlags) =>
    requestOf(suite, { ...flags, out: "unused" }, ["bench"]).suite.summary;
  assert.equal(
    summary({ filter: "rest" }),
    "Measures nothing. That is the whole suite, of whose 2 benchmarks over these stores this bench was " +
      "asked for 1 only: what has `rest` in its id.",
  );
  // What leaves nothing out is the whole suite.
  for (const flags of [{}, { filter: "put" }, { filter: "null/" }]) {
    assert.equal(summary(flags), suite.summary);
  }
});

Deno.test("requestOf() has as many runs of each benchmark where the call says how many", () => {
  const same = (flags: RequestFlags) =>
    requestOf(suite, { ...flags, out: "unused" }, ["bench"]).sameRuns;
  assert.deepEqual([same({}), same({ profile: "nightly" }), same({ runs: 8 })], [
    false,
    false,
    true,
  ]);
});

Deno.test("requestOf() refuses clients of one benchmark over a store that answers at once", () => {
  const inFlight = (stores: string[], clients: number) => {
    const benchmarks = [{ name: "put/first", ...size }, { name: "put/rest", ...size, clients }];
    const own = defineSuite({ ...suite, variants: [], stores, benchmarks });
    return requestOf(own, { out: "unused" }, ["bench"]).stores;
  };
  assert.throws(
    () => inFlight(["null-async", "null"], 2),
    new UsageError(
      "Cannot measure put/rest over null with clients: 2, since that store answers at once; write 1, " +
        "or a load of so many clients",
    ),
  );
  assert.deepEqual(inFlight(["null-async", "null"], 1), ["null-async", "null"]);
  assert.deepEqual(inFlight(["null-async"], 2), ["null-async"]);
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

/** A storage layer beside servers that the suite has in several numbers. */
const besides = defineSuite({
  ...suite,
  stores: ["level", "etcd"],
  variants: [
    { store: "level", options: {}, benchmarks: ["put/first"] },
    { store: "etcd", options: { nodes: 1 } },
    { store: "etcd", options: { nodes: 3 }, benchmarks: ["put/first"] },
  ],
});

/** What is measured, with what, and what is said of it. */
function besidesWith(set: string[], flags: RequestFlags = {}) {
  const call = { profile: "baseline", store: ["level", "etcd"], set, out: "unused", ...flags };
  const request = requestOf(besides, call, ["bench"]);
  return {
    common: request.storeOptions,
    measured: planBenchmarks(besides, request).map(({ id, variant }) => [id, variant]),
    said: request.warnings,
  };
}

Deno.test("requestOf() gives options of servers to these alone, beside stores without any", () => {
  const [endpoints, deadlineMs] = ["127.0.0.1:2379", 500];
  assert.deepEqual(
    besidesWith([`endpoints=${endpoints}`, "deadlineMs=500", "wal=synced"]),
    {
      common: { wal: "synced" },
      measured: [
        ["level/put/first", undefined],
        ["etcd/put/first", { endpoints, deadlineMs }],
        ["etcd/put/rest", { endpoints, deadlineMs }],
      ],
      said: ["endpoints and deadlineMs are options of etcd and go to it alone."],
    },
  );
  // A suite that has nothing to tell them apart.
  const plain = defineSuite({ ...suite, variants: [] });
  const request = requestOf(plain, {
    ...{ profile: "baseline", store: ["level", "etcd"], filter: "first", out: "unused" },
    set: [`endpoints=${endpoints}`],
  }, ["bench"]);
  assert.deepEqual(planBenchmarks(plain, request).map(({ id, variant }) => [id, variant]), [
    ["level/put/first", undefined],
    ["etcd/put/first", { endpoints }],
  ]);
});

Deno.test("requestOf() keeps options that a call sets, whatever the suite tells stores apart by", () => {
  const endpoints = "127.0.0.1:2379";
  const only = { store: ["etcd"] };
  assert.deepEqual(besidesWith([`endpoints=${endpoints}`, "consistency=serializable"], only), {
    common: { endpoints, consistency: "serializable" },
    measured: [["etcd/put/first", undefined], ["etcd/put/rest", undefined]],
    said: [],
  });
});

Deno.test("requestOf() sweeps an option over the stores that it goes to", () => {
  const endpoints = "127.0.0.1:2379";
  const given = `endpoints=${endpoints}`;
  const own = besidesWith([given, "deadlineMs=500", "900"]);
  assert.deepEqual(own.measured, [
    ["level/put/first", undefined],
    ...[500, 900].flatMap((deadlineMs) =>
      ["first", "rest"].map((name) => [
        `etcd@deadlineMs=${deadlineMs}/put/${name}`,
        { endpoints, deadlineMs },
      ])
    ),
  ]);
  assert.deepEqual(own.said, ["endpoints and deadlineMs are options of etcd and go to it alone."]);
  const both = besidesWith([given, "deadlineMs=500", "900", "burn=0", "0.1"], { filter: "first" });
  assert.deepEqual(both.measured, [
    ...[0, 0.1].map((burn) => [`level@burn=${burn}/put/first`, { burn }]),
    ...[500, 900].flatMap((deadlineMs) =>
      [0, 0.1].map((burn) => [
        `etcd@deadlineMs=${deadlineMs},burn=${burn}/put/first`,
        { endpoints, deadlineMs, burn },
      ])
    ),
  ]);
});

Deno.test("requestOf() refuses an option that no store measured has, or that has to be alike", () => {
  const given = "endpoints=127.0.0.1:2379";
  const cases: [set: string[], flags: RequestFlags, message: RegExp][] = [
    [[given], { store: ["level"] }, /^Cannot set endpoints of a store without servers: /],
    [["pd=127.0.0.1:2379"], {}, /^Cannot set pd of a store without servers: .* option of tikv/],
    [["endpoint=a"], {}, /there is no option "endpoint"; did you mean endpoints\?/],
    [[given, "directIo=true"], {}, /directIo/],
    [[given], { interleave: ["same"] }, /^Cannot set endpoints of a store without servers: /],
    [[given], { control: ["burn=0"] }, /^Cannot set endpoints of a store without servers: /],
  ];
  for (const [set, flags, message] of cases) {
    assert.throws(() => besidesWith(set, flags), ({ message: said }: Error) => {
      assert.match(said, message);
      return true;
    });
  }
});

Deno.test("requestOf() measures nothing without the store that an option was set for", () => {
  const before = Deno.env.get("TIDEMARK_ETCD");
  Deno.env.set("TIDEMARK_ETCD", "/nowhere/etcd");
  try {
    const asked = (set: string[]) =>
      requestOf(besides, { profile: "baseline", set, out: "unused" }, ["bench"]);
    assert.match(asked([]).warnings.join(), /The store etcd is not measured/);
    assert.throws(() => asked(["deadlineMs=500"]), /names \/nowhere\/etcd, and no program/);
  } finally {
    if (before === undefined) Deno.env.delete("TIDEMARK_ETCD");
    else Deno.env.set("TIDEMARK_ETCD", before);
  }
});
