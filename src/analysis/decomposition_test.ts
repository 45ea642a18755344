import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Result, RunRecord } from "../result/mod.ts";
import { describe, sampleResult, sampleStore, withLoad } from "./_testing/sample_result.ts";
import { analyse } from "./analyse.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import { decompose } from "./decomposition.ts";
import { layeredOperations } from "./layers.ts";
import type { Decomposition } from "./model.ts";

type Servers = NonNullable<RunRecord["servers"]>;

/** 100 puts of 3 ms each over a cluster of two: the leader's handler takes 2 ms of them. */
const PUTS: Servers = {
  ns: 300e6,
  operations: 100,
  meanNs: 3e6,
  inFlight: 1,
  cpuNs: 10e6,
  wire: { requests: 100, ns: 280e6 },
  ping: { count: 50, meanNs: 0.7e6 },
  connectNs: 0.1e6,
  gap: { ns: 5e6, atNs: 0 },
  retries: 0,
  members: [
    {
      place: 0,
      role: "leader",
      asked: true,
      times: {
        handler: { count: 100, ns: 200e6 },
        walFsync: { count: 100, ns: 120e6 },
        apply: { count: 100, ns: 10e6 },
        backendCommit: { count: 3, ns: 9e6 },
      },
      counts: { leaderChanges: 0, slowApplies: 0 },
    },
    {
      place: 1,
      role: "follower",
      asked: false,
      times: { walFsync: { count: 100, ns: 130e6 } },
      counts: { leaderChanges: 0 },
    },
  ],
};

/** The analysis of three runs of puts and gets on a server. */
function analysed(servers: Servers, options: Record<string, string> = {}) {
  const store = sampleStore("etcd", 1000, {
    ...describe("etcd", { network: true, durability: "synced", options }),
  });
  const result = sampleResult({ runs: 3, stores: [sampleStore("raw", 1), store] });
  const given: Result = {
    ...result,
    runs: result.runs.map((run) => run.benchmark.startsWith("etcd/") ? { ...run, servers } : run),
  };
  return analyse(given, { resamples: 20 });
}

function row(servers: Servers, name = "write_latency/single_write"): Decomposition {
  return analysed(servers).decompositions!.find((row) => row.name === name)!;
}

const rounded = ({ parts }: Decomposition) =>
  Object.fromEntries(parts.map(({ part, ns }) => [part, Math.round(ns)]));

Deno.test("decompose() takes a put apart, and holds its parts against the whole", () => {
  const put = row(PUTS);
  assert.deepEqual(rounded(put), {
    client: 0.2e6,
    network: 0.1e6,
    grpc: 0.6e6,
    round: 0.7e6,
    fsync: 1.2e6,
    apply: 0.1e6,
  });
  assert.equal(Math.round(put.sumNs), 2.9e6);
  assert.ok(Math.abs(put.missing - 0.1 / 3) < 1e-9 && put.agrees);
  assert.deepEqual(put.untold, []);
  assert.deepEqual([put.beside.syncsEach, put.beside.followersFsyncNs], [1, 1.3e6]);
  assert.ok(Math.abs(put.beside.commitShare! - 0.03) < 1e-9);
});

Deno.test("decompose() says what older servers do not tell", () => {
  const members = structuredClone(PUTS.members);
  delete members[0]!.times.apply;
  const put = row({ ...PUTS, members });
  assert.deepEqual(put.untold, ["apply"]);
  assert.equal(rounded(put).round, 0.8e6);
  const get = row({ ...PUTS, members }, "read_latency/single_read");
  assert.deepEqual([get.untold, rounded(get).handler], [["range"], 2e6]);
  const nothing = row({ ...PUTS, members: [], unread: "it does not answer" });
  assert.deepEqual(nothing.untold, ["server"]);
  assert.ok(!nothing.agrees && nothing.unread === "it does not answer");
});

Deno.test("decompose() knows reads that ask no leader from those that do", () => {
  const servers = structuredClone(PUTS);
  servers.members[0]!.times.range = { count: 100, ns: 5e6 };
  const name = "read_latency/single_read";
  const asking = row(servers, name);
  assert.deepEqual(asking.parts.map(({ part }) => part).slice(3), ["round", "range"]);
  const local = analysed(servers, { consistency: "serializable" }).decompositions!
    .find((row) => row.name === name)!;
  assert.deepEqual(local.parts.map(({ part }) => part).slice(3), ["handler", "range"]);
});

/** A mix of a tenth of updates, by its clients' own counts. */
function mixed(servers: Servers, options: Record<string, string> = {}): Decomposition {
  const record = { workload: { operation: null } };
  const load = {
    operations: [
      { operation: "get", count: 80 },
      { operation: "scan", count: 10 },
      { operation: "update", count: 10 },
    ],
  };
  const runs = [{ servers, load, store: { options } }];
  return decompose([{ record, runs } as unknown as MeasuredBenchmark])[0]!;
}

Deno.test("decompose() takes the mean operation of a mix apart by what of it writes and reads", () => {
  const servers = structuredClone(PUTS);
  servers.members[0]!.times.range = { count: 90, ns: 18e6 };
  const mix = mixed(servers);
  assert.deepEqual(rounded(mix), {
    client: 0.2e6,
    network: 0.1e6,
    grpc: 0.6e6,
    // The handlers' 2 ms but for the three that follow.
    round: 1.69e6,
    // A tenth of the operations sync (1.2 ms) and apply (0.1 ms), and nine tenths read (0.2 ms).
    fsync: 0.12e6,
    apply: 0.01e6,
    range: 0.18e6,
  });
  assert.deepEqual(mix.untold, []);
  const members = structuredClone(servers.members);
  delete members[0]!.times.range;
  delete members[0]!.times.apply;
  assert.deepEqual(mixed({ ...servers, members }).untold, ["apply", "range"]);
  assert.equal(rounded(mixed({ ...servers, members })).round, 1.88e6);
  // Reads that ask nobody leave a mix its writes' rounds.
  assert.ok("round" in rounded(mixed(servers, { consistency: "serializable" })));
});

Deno.test("decompose() has no negative parts, and the handler's parts are the handler's time", () => {
  const time = fc.record({
    count: fc.integer({ min: 0, max: 1000 }),
    ns: fc.double({ min: 0, max: 1e9, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.record({ handler: time, walFsync: time, apply: time }),
      (times) => {
        const members: Servers["members"] = [
          { place: 0, role: "leader", asked: true, times, counts: {} },
        ];
        const record = { workload: { operation: "put" } };
        const runs = [{ servers: { ...PUTS, members }, store: null }];
        const [put] = decompose([{ record, runs } as unknown as MeasuredBenchmark]);
        assert.ok(put !== undefined);
        assert.ok(put.parts.every(({ ns }) => ns >= 0 && Number.isFinite(ns)));
        const inside = put.parts.filter(({ part }) => ["round", "fsync", "apply"].includes(part));
        if (times.handler.count === 0) return;
        const sum = inside.reduce((sum, { ns }) => sum + ns, 0);
        assert.ok(Math.abs(sum - times.handler.ns / 100) < 1);
      },
    ),
    { seed: 3, numRuns: 200 },
  );
});

Deno.test("findings tell where the time goes, what does not add up, and what was not quiet", () => {
  const of = (servers: Servers) =>
    new Map(analysed(servers).findings.map((finding) => [finding.id, finding]));
  const quiet = of(PUTS);
  assert.match(
    quiet.get("where-time-goes")!.text,
    /of a write through etcd, log's sync 40%, Raft's round 23% and gRPC 20%/,
  );
  assert.match(
    quiet.get("storage-share")!.text,
    /Of what raw alone does, .* writes through etcd 0\.\d+% with 1;/,
  );
  assert.ok(!quiet.has("parts-disagree") && !quiet.has("cluster-trouble"));
  const troubled = structuredClone({ ...PUTS, meanNs: 5e6, retries: 2 });
  troubled.wire.ns = 480e6;
  troubled.members[0]!.counts.leaderChanges = 1;
  troubled.gap = { ns: 2.5e9, atNs: 1e9 };
  const odd = of(troubled);
  assert.match(
    odd.get("parts-disagree")!.text,
    /of etcd\/write_latency\/single_write 42% is missing/,
  );
  assert.match(
    odd.get("cluster-trouble")!.text,
    /a gap of 2\.500 s without an answer, from 1\.000 s on, 3 leader changes and 6 retries/,
  );
});

/** A load on raw, as durable as said, and through a server that does a quarter as much. */
function loadFindings(durability: "synced" | "buffered", more: readonly string[] = []) {
  const network = describe("etcd", { network: true, durability: "synced" });
  const stores = [
    sampleStore("raw", 1, describe("raw", { durability })),
    sampleStore("etcd", 4, network),
  ];
  const result = withLoad(sampleResult({ runs: 3, stores }), { get: 0.9, update: 0.1 });
  const [first] = result.benchmarks;
  const { kind, workload } = first!;
  const benchmarks = result.benchmarks.map((own) =>
    own.name === first!.name || more.includes(own.name) ? { ...own, kind, workload } : own
  );
  return analyse({ ...result, benchmarks }, { resamples: 20 }).findings;
}

Deno.test("a finding tells what servers leave of a load, where both sides are as durable", () => {
  const told = loadFindings("synced").find(({ id }) => id === "load-share");
  assert.match(
    `${told?.text}`,
    /^With as many clients on either side, .* etcd 2\d% \(write_throughput\/10000\) of raw\.$/,
  );
  const two = loadFindings("synced", ["read_throughput/10000"]);
  assert.match(
    `${two.find(({ id }) => id === "load-share")?.text}`,
    /: etcd 2\d% \(\w+\/10000\) to 2\d% \(\w+\/10000\) of raw in 2 loads\.$/,
  );
  assert.ok(!loadFindings("buffered").some(({ id }) => id === "load-share"));
});

/** Puts and gets on raw, and on clusters that take so long and are so far apart. */
function clusters(
  all: { name: string; ns: number; options: Record<string, string | number> }[],
): ReturnType<typeof analyse> {
  const stores = all.map(({ name, ns, options }) =>
    sampleStore(name, ns / 300, describe(name, { network: true, durability: "synced", options }))
  );
  const result = sampleResult({ runs: 3, stores: [sampleStore("raw", 1), ...stores] });
  const runs = result.runs.map((run) => {
    const own = all.find(({ name }) => run.benchmark.startsWith(`${name}/`));
    if (own === undefined) return run;
    const way = 0.2e6 + 2e6 * Number(own.options["delayMs"] ?? 0);
    return { ...run, servers: { ...PUTS, meanNs: own.ns, connectNs: way } };
  });
  return analyse({ ...result, runs }, { resamples: 20 });
}

/** A cluster of three with a cable in between. */
const apart = (delayMs: number, ns: number, more: Record<string, string | number> = {}) => ({
  name: `etcd@nodes=3,delayMs=${delayMs}${Object.keys(more).join("")}`,
  ns,
  options: {
    endpoints: 3,
    role: "leader",
    consistency: "linearizable",
    cable: "delay queue",
    delayMs,
    jitterMs: 0,
    loss: 0,
    ...more,
  },
});
const near = (nodes: number, ns: number) => ({
  name: `etcd@nodes=${nodes}`,
  ns,
  options: { endpoints: nodes, role: "leader", consistency: "linearizable" },
});

Deno.test("the layers of an operation go from the storage alone to servers that are far apart", () => {
  const analysis = clusters([
    apart(5, 25e6),
    near(3, 2e6),
    apart(0, 2.5e6),
    near(1, 1e6),
    // Reads that ask nobody else, and a follower, are no layers of the same operation.
    { ...apart(1, 1e6, { consistency: "serializable" }) },
    { ...apart(1, 1e6, { role: "follower" }) },
  ]);
  const [put, get] = layeredOperations(analysis.benchmarks, analysis.decompositions!);
  assert.deepEqual([put!.operation, get!.operation], ["put", "get"]);
  assert.deepEqual(put!.layers.map(({ words }) => words), [
    "on the storage alone",
    "through 1 node",
    "through 3 nodes",
    "through 3 nodes at 0 ms",
    "through 3 nodes at 5 ms",
  ]);
  const text = analysis.findings.find(({ id }) => id === "layer-costs")!.text;
  assert.match(
    text,
    /^Layer by layer, a write takes [^;]+ on the storage alone \(raw\), .*; a read /,
  );
});

Deno.test("a finding holds how latency grows with the delay against what is expected", () => {
  const { findings } = clusters([near(3, 2e6), apart(0, 2e6), apart(5, 23e6)]);
  const { text, numbers } = findings.find(({ id }) => id === "delay-growth")!;
  assert.match(
    text,
    /cable \(delay queue\) a way there and back takes 200\.0 µs where 0 ms are asked and 10\.20 ms/,
  );
  // Two ways there and back of 10 ms, and the followers' sync of 1.3 ms.
  assert.match(
    text,
    /write through 3 nodes takes 2\.000 ms at 0 ms \(1\.300 ms\) and 23\.00 ms at 5 ms/,
  );
  assert.match(
    text,
    /21\.00 ms more from the first to the last, where 20\.00 ms is expected \(105%\): it grows as exp/,
  );
  const id = "etcd@nodes=3,delayMs=5/write_latency/single_write";
  assert.equal(numbers[`${id} expected ns`], 21.3e6);
  // What is more or less than the ways must cost is not called expected.
  const told = (ns: number) => {
    const all = clusters([apart(0, 2e6), apart(5, ns)]).findings;
    return all.find(({ id }) => id === "delay-growth")!;
  };
  assert.deepEqual([told(24.9e6).severity, told(19.1e6).severity], ["info", "info"]);
  const [more, less] = [told(29e6), told(12e6)];
  assert.match(
    more.text,
    /27\.00 ms more .* \(135%\): it grows by more, which the delay alone does/,
  );
  assert.match(less.text, /10\.00 ms more .* \(50%\): it grows by less than the delay must cost/);
  assert.deepEqual([more.severity, less.severity], ["warn", "warn"]);
  assert.match(told(1e6).text, /1\.000 ms less from the first to the last.*it grows by less/);
  // Frames that are lost are sent again, and nobody knows when.
  assert.ok(
    !clusters([apart(5, 23e6, { loss: 0.1 })]).findings.some(({ id }) => id === "delay-growth"),
  );
});
