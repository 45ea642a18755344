import assert from "node:assert/strict";
import type { SoakAnalysis } from "../../analysis/mod.ts";
import { soakBlocks } from "./soaks.ts";

const ends = { confidence: 0.95, effective: 30 };

const SOAK: SoakAnalysis = {
  run: 3,
  windows: 600,
  ns: 600e9,
  stretchNs: 60e9,
  scheduled: true,
  rate: { first: 10_000, last: 9000, change: { value: 0.9, low: 0.85, high: 0.95, ...ends } },
  p99: { first: 1e6, last: null, change: null },
  worst: { atNs: 42e9, rate: 100 },
  silent: 2,
  rssAnHour: { value: 2 ** 20, low: -(2 ** 19), high: 2.5 * 2 ** 20, ...ends },
  filesAnHour: null,
  ownAnHour: null,
  amplificationAnHour: { value: -1, low: -2, high: -0.5, ...ends },
};

Deno.test("soakBlocks() has the stretches, the worst window, and growth with its sign", () => {
  const text = JSON.stringify(soakBlocks([{ name: "soak", load: { soaks: [SOAK] } }]));
  assert.match(text, /the last 1m of each run of 600 windows/);
  assert.match(text, /0\.90× \(0\.85–0\.95\)/);
  assert.match(text, /"run 3"|"3"/, "a run has the number that it has elsewhere");
  assert.match(text, /100(?:\.0+)? ops\/s at 42(?:\.0+)? s; 2 without an operation/);
  assert.match(text, /\+1 MiB \(−512 KiB to \+2\.5 MiB\)/);
  assert.match(text, /−1\.0+× \(−2\.0+× to −0\.5/);
});

Deno.test("soakBlocks() has no factor whose interval says nothing", () => {
  const wild = {
    ...SOAK,
    rate: { ...SOAK.rate, change: { value: 0.9, low: 0.1, high: 8, ...ends } },
  };
  const text = JSON.stringify(soakBlocks([{ name: "soak", load: { soaks: [wild] } }]));
  assert.match(text, /too far apart for a ratio/);
  assert.doesNotMatch(text, /0\.90×/);
});

Deno.test("soakBlocks() has nothing of loads that were no soaks", () => {
  assert.deepEqual(soakBlocks([{ name: "short", load: { soaks: [] } }]), []);
});
