import assert from "node:assert/strict";
import { LOAD_OPERATION_NAMES } from "../workload/mod.ts";
import { type LoadSource, readLoad } from "./load_source.ts";

const SMALL: LoadSource = { keys: "100k", valueSize: 100, mix: { get: 0.9, update: 0.1 } };

Deno.test("readLoad() leaves nothing open", () => {
  assert.deepEqual(readLoad(SMALL), {
    keys: 100_000,
    filled: true,
    keyForm: "numbered",
    valueSize: { kind: "fixed", size: 100 },
    compressibility: 0.5,
    groups: [{
      clients: 1,
      mix: { get: 0.9, update: 0.1 },
      keyDistribution: { kind: "uniform" },
      scanLength: { kind: "fixed", size: 100 },
      batchKeys: 10,
      pace: { loop: "closed" },
      counted: true,
    }],
  });
});

Deno.test("readLoad() reads counts, sizes and rates with their units, and clients beside", () => {
  const load = readLoad({
    keys: "1M",
    valueSize: { kind: "pareto", shape: 0.2615, scale: 25.45, least: 10, most: "1MiB" },
    compressibility: 1,
    keyForm: "hashed",
    mix: { scan: 0.5, readModifyWrite: 0.5 },
    clients: 4,
    rate: "20k",
    keyDistribution: { kind: "zipfian", theta: 0.8 },
    scanLength: { kind: "uniform", least: 1, most: 100 },
    beside: [{ mix: { update: 1 }, rate: 1000, arrivals: "constant" }],
  });
  assert.deepEqual(load.valueSize, {
    kind: "pareto",
    shape: 0.2615,
    scale: 25.45,
    least: 10,
    most: 1_048_576,
  });
  const [measured, beside] = load.groups;
  assert.deepEqual(measured!.pace, { loop: "open", arrivals: "poisson", rate: 20_000 });
  assert.deepEqual(measured!.keyDistribution, { kind: "zipfian", theta: 0.8 });
  assert.deepEqual(beside!.pace, { loop: "open", arrivals: "constant", rate: 1000 });
  assert.deepEqual([measured!.counted, beside!.counted], [true, false]);
});

Deno.test("readLoad() knows every distribution by its name, with usual parameters", () => {
  const distribution = (keyDistribution: LoadSource["keyDistribution"]) =>
    readLoad({ ...SMALL, keyDistribution: keyDistribution! }).groups[0]!.keyDistribution;
  assert.deepEqual(distribution("zipfian"), { kind: "zipfian", theta: 0.99 });
  assert.deepEqual(distribution("latest"), { kind: "latest", theta: 0.99 });
  assert.deepEqual(distribution("scrambledZipfian"), { kind: "scrambledZipfian" });
  assert.deepEqual(distribution({ kind: "hotspot", keyShare: 0.1 }), {
    kind: "hotspot",
    keyShare: 0.1,
    operationShare: 0.8,
  });
  assert.deepEqual(distribution("mixgraph"), {
    kind: "mixgraph",
    ranges: 30,
    rangeHotness: [14.18, -2.917, 0.0164, -0.08082],
    keyHotness: [0.002312, 0.3467],
  });
});

Deno.test("readLoad() takes every operation, and shares whose sum is 1 but for rounding", () => {
  for (const name of LOAD_OPERATION_NAMES) {
    assert.equal(readLoad({ ...SMALL, mix: { [name]: 1 } }).groups[0]!.mix[name], 1);
  }
  const tenths = { get: 0.1, update: 0.2, scan: 0.7 };
  assert.deepEqual(readLoad({ ...SMALL, mix: tenths }).groups[0]!.mix, tenths);
});

const WRONG: [title: string, change: Record<string, unknown>, message: RegExp][] = [
  ["a field is a slip", { mixx: 1 }, /^mixx: there is no such field; did you mean mix\? /],
  [
    "an operation is unknown",
    { mix: { read: 1 } },
    /^mix\.read: there is no such field; there is get,/,
  ],
  ["shares sum to less", { mix: { get: 0.5, update: 0.4 } }, /^mix: its shares sum to 0\.9; let/],
  ["shares sum to more", { mix: { get: 0.9, update: 0.4 } }, /^mix: its shares sum to 1\.3; let/],
  [
    "a share is below 0",
    { mix: { get: -1, update: 2 } },
    /^mix\.get: it is -1; give a share above 0/,
  ],
  ["a share is NaN", { mix: { get: NaN } }, /^mix\.get: it is NaN; give a share/],
  [
    "an operation of etcd's is a slip",
    { mix: { compareAndSwop: 1 } },
    /^mix\.compareAndSwop: there is no such field; did you mean compareAndSwap\?/,
  ],
  ["watchers watch nothing", { watchers: 2 }, /^watchers: the mix has no watch; leave it out$/],
  [
    "a lease is shorter than etcd grants",
    { mix: { expireLease: 1 }, leaseSeconds: 1 },
    /^leaseSeconds: it is 1; give a whole number from 2 to 30/,
  ],
  [
    "a watch has a rate",
    { mix: { watch: 1 }, rate: 10 },
    /^rate: watch is not timed from its begin;/,
  ],
  [
    "several clients compact",
    { mix: { compactHistory: 1 }, clients: 2 },
    /^clients: one client compacts what all have written; have 1, and others beside$/,
  ],
  ["the mix lacks", { mix: undefined }, /^mix: it is missing; give shares such as/],
  ["the mix is empty", { mix: {} }, /^mix: its shares sum to 0; let them sum to 1$/],
  ["keys lack", { keys: undefined }, /^keys: it is missing; give a whole number from 1/],
  ["keys are no count", { keys: "many" }, /^keys: it is "many"; give a whole number from 1/],
  ["keys are too many", { keys: 1e13 }, /^keys: it is 10000000000000; give .* to 1000000000000/],
  [
    "θ is 0",
    { keyDistribution: { kind: "zipfian", theta: 0 } },
    /^keyDistribution\.theta: it is 0; give a θ above 0, up to 5, or take uniform$/,
  ],
  ["θ is too large", { keyDistribution: { kind: "latest", theta: 6 } }, /theta: it is 6; give a θ/],
  [
    "θ is a text",
    { keyDistribution: { kind: "zipfian", theta: "1" } },
    /theta: it is "1"; give a θ/,
  ],
  [
    "a distribution is unknown",
    { keyDistribution: "zipfan" },
    /^keyDistribution: it is "zipfan"; did you mean zipfian\?/,
  ],
  [
    "a distribution's field is a slip",
    { keyDistribution: { kind: "zipfian", thet: 1 } },
    /^keyDistribution\.thet: .* mean theta\?/,
  ],
  [
    "a distribution is a number",
    { keyDistribution: 7 },
    /^keyDistribution: it is 7; there is sequential/,
  ],
  [
    "a hotspot has all keys",
    { keyDistribution: { kind: "hotspot", keyShare: 1 } },
    /keyShare: it is 1; give a share between 0 and 1$/,
  ],
  [
    "there are more ranges than keys",
    { keyDistribution: { kind: "mixgraph", ranges: 200_000 } },
    /ranges: it is 200000; give a whole number from 1 to 100000,/,
  ],
  [
    "hotness lacks a number",
    { keyDistribution: { kind: "mixgraph", rangeHotness: [1, 2] } },
    /rangeHotness: it has 2 numbers; give 4$/,
  ],
  [
    "too many keys are hashed",
    { keys: 1e11, keyDistribution: "scrambledZipfian" },
    /^keyDistribution: it hashes to at most 68719476736 keys; take zipfian$/,
  ],
  [
    "a size is no size",
    { valueSize: "4 kilo" },
    /^valueSize: it is "4 kilo"; give a size such as 100 or 4KiB/,
  ],
  [
    "a size's kind is unknown",
    { valueSize: { kind: "normal" } },
    /^valueSize\.kind: it is "normal"; there is fixed/,
  ],
  [
    "the least is more than the most",
    { valueSize: { kind: "uniform", least: 9, most: 3 } },
    /^valueSize\.least: it is 9, more than the most, 3; give less$/,
  ],
  [
    "a scale is 0",
    { valueSize: { kind: "pareto", shape: 1, scale: 0, most: 9 } },
    /^valueSize\.scale: it is 0; give a number above 0$/,
  ],
  [
    "nothing compresses to nothing",
    { compressibility: 0 },
    /^compressibility: it is 0; give a share above 0/,
  ],
  ["there is no client", { clients: 0 }, /^clients: it is 0; give a whole number from 1 to 1024/],
  [
    "there are too many clients",
    { clients: 1000, beside: [{ mix: { get: 1 }, clients: 100 }] },
    /^clients: there are 1100 in all; have at most 1024$/,
  ],
  ["a rate is 0", { rate: 0 }, /^rate: it is 0; give operations a second such as 20k/],
  ["a rate is a time", { rate: "5ms" }, /^rate: it is "5ms"; give operations a second/],
  [
    "arrivals are unknown",
    { rate: 1, arrivals: "possion" },
    /^arrivals: it is "possion"; did you mean poisson\?/,
  ],
  ["nothing arrives", { arrivals: "poisson" }, /^arrivals: without a rate nothing arrives;/],
  [
    "a scan's length has no scan",
    { scanLength: 5 },
    /^scanLength: the mix has no scan; leave it out$/,
  ],
  ["a batch has none", { batchKeys: 5 }, /^batchKeys: the mix has neither multiGet nor batch;/],
  [
    "an empty store is read",
    { filled: false, mix: { get: 1 } },
    /^mix: it only reads, and the store begins empty; leave filled out$/,
  ],
  ["a flag is a text", { filled: "no" }, /^filled: it is "no"; give true or false$/],
  [
    "a form of keys is unknown",
    { keyForm: "hash" },
    /^keyForm: it is "hash"; did you mean hashed\?/,
  ],
  [
    "clients beside have a slip",
    { beside: [{ mix: { get: 1 }, client: 2 }] },
    /^beside\.0\.client: .* mean clients\?/,
  ],
  [
    "clients beside make no sense",
    { beside: [{ mix: { get: 1 }, rate: -1 }] },
    /^beside\.0\.rate: it is -1;/,
  ],
  ["beside is no list", { beside: 5 }, /^beside: it is 5, and has to be a list$/],
];

for (const [title, change, message] of WRONG) {
  Deno.test(`readLoad() refuses a load where ${title}`, () => {
    assert.throws(() => readLoad({ ...SMALL, ...change } as LoadSource), (error) => {
      assert.ok(error instanceof RangeError, String(error));
      assert.match(error.message, message);
      assert.ok(!error.message.includes("\n"));
      return true;
    });
  });
}

Deno.test("readLoad() refuses what is no object", () => {
  for (const what of [null, 5, "x", []]) {
    assert.throws(
      () => readLoad(what as unknown as LoadSource),
      /^RangeError: load: it is .*, and has/,
    );
  }
});
