import assert from "node:assert/strict";
import { readLoad } from "./load_source.ts";
import { type LoadChange, overrideLoad } from "./override_load.ts";

const LOAD = readLoad({
  keys: "100k",
  valueSize: { kind: "uniform", least: 10, most: 100 },
  mix: { get: 0.5, scan: 0.3, multiGet: 0.2 },
  keyDistribution: "zipfian",
  beside: [{ mix: { update: 1 }, rate: 1000, keyDistribution: "uniform" }],
});

Deno.test("overrideLoad() changes what is measured, and not what is beside", () => {
  const change = { keys: 1_000_000, valueBytes: 4096, clients: 4, rate: 20_000, theta: 0.5 };
  const changed = overrideLoad(LOAD, change);
  const [measured, beside] = changed.groups;
  assert.deepEqual(changed, {
    ...LOAD,
    keys: 1_000_000,
    valueSize: { kind: "fixed", size: 4096 },
    groups: [
      {
        ...LOAD.groups[0]!,
        clients: 4,
        pace: { loop: "open", arrivals: "poisson", rate: 20_000 },
        keyDistribution: { kind: "zipfian", theta: 0.5 },
      },
      LOAD.groups[1]!,
    ],
  });
  assert.ok(measured!.counted && !beside!.counted);
});

Deno.test("overrideLoad() leaves a load as it is where nothing is another", () => {
  assert.deepEqual(overrideLoad(LOAD, {}), LOAD);
  assert.deepEqual(overrideLoad(LOAD, { keys: undefined, clients: undefined }), LOAD);
});

Deno.test("overrideLoad() keeps the arrivals of a load that had a schedule", () => {
  const constant = readLoad({
    keys: 10,
    valueSize: 1,
    mix: { get: 1 },
    rate: 5,
    arrivals: "constant",
  });
  assert.deepEqual(overrideLoad(constant, { rate: 7 }).groups[0]!.pace, {
    loop: "open",
    arrivals: "constant",
    rate: 7,
  });
});

const WRONG: [change: LoadChange, message: RegExp][] = [
  [{ keys: 0 }, /^keys: it is 0; give a whole number from 1/],
  [{ valueBytes: -1 }, /^valueSize\.size: it is -1; give a size/],
  [{ clients: 1.5 }, /^clients: it is 1\.5; give a whole number/],
  [{ rate: 0 }, /^rate: it is 0; give operations a second/],
  [{ theta: 9 }, /^keyDistribution\.theta: it is 9; give a θ above 0/],
];

for (const [change, message] of WRONG) {
  Deno.test(`overrideLoad() refuses ${JSON.stringify(change)}`, () => {
    assert.throws(() => overrideLoad(LOAD, change), { name: "RangeError", message });
  });
}

Deno.test("overrideLoad() refuses an exponent of keys that have none", () => {
  const uniform = readLoad({ keys: 10, valueSize: 1, mix: { get: 1 } });
  assert.throws(() => overrideLoad(uniform, { theta: 0.9 }), {
    name: "RangeError",
    message: /^theta: keys are taken as uniform, which has none; leave it out, or take zipfian$/,
  });
});
