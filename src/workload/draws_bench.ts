/**
 * Prints what drawing costs, ns of processor time: what else the machine does is not in it. Each is
 * held against one uniform number, the unit of a machine.
 */
import process from "node:process";
import { Random } from "../stats/mod.ts";
import { keySource } from "./key_sources.ts";
import { KEY_FORMS } from "./key_forms.ts";
import type { KeyDistribution, LoadSpec } from "./load.ts";
import { schedule } from "./schedule.ts";
import { operationStream } from "./stream.ts";

const DRAWS = 2_000_000;
/** Rounds of which the fastest counts: the first ones compile. */
const ROUNDS = 5;

const random = new Random(1);
const into = new Float64Array(16);

/** Runs a loop of so many draws, and prints what each cost. */
function time(name: string, loop: (draws: number) => void): void {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    loop(DRAWS);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) * 1e3 / DRAWS);
  }
  console.log(`${name}: ${best.toFixed(1)} ns`);
}

time("uniform number", (draws) => {
  for (let i = 0; i < draws; i++) into[i & 15] = random.uniform();
});

/** One loop for each source, so that V8 compiles it for that one. */
function timeKeys(name: string, distribution: KeyDistribution, keys: number): void {
  const source = keySource(distribution, keys, { random, shared: 1, client: 0, clients: 1 });
  const loop = new Function(
    "source",
    "into",
    "keys",
    "return (draws) => { for (let i = 0; i < draws; i++) source.draw(keys, into, i & 15); }",
  );
  time(name, loop(source, into, keys));
}

for (const keys of [1e6, 1e8, 1e9]) {
  timeKeys(`zipfian 0.99 over ${keys} keys`, { kind: "zipfian", theta: 0.99 }, keys);
}
timeKeys("scrambled zipfian over 1000000 keys", { kind: "scrambledZipfian" }, 1e6);
timeKeys("latest over 1000000 keys", { kind: "latest", theta: 0.99 }, 1e6);
timeKeys("hotspot over 1000000 keys", {
  kind: "hotspot",
  keyShare: 0.2,
  operationShare: 0.8,
}, 1e6);

const LOAD: LoadSpec = {
  keys: 1e6,
  filled: true,
  keyForm: "numbered",
  valueSize: { kind: "fixed", size: 100 },
  compressibility: 0.5,
  groups: [{
    clients: 1,
    mix: { get: 0.9, update: 0.1 },
    keyDistribution: { kind: "zipfian", theta: 0.99 },
    scanLength: { kind: "fixed", size: 1 },
    batchKeys: 1,
    pace: { loop: "closed" },
    counted: true,
  }],
};
const stream = operationStream(LOAD, 0, 1);
time("operation of a 90/10 zipfian stream", (draws) => {
  for (let i = 0; i < draws; i++) stream.next();
});

for (const arrivals of ["constant", "poisson"] as const) {
  const plan = schedule({ loop: "open", arrivals, rate: 20_000 }, 0, 1, 1);
  const starts = new Float64Array(1000);
  time(`${arrivals} arrival`, (draws) => {
    for (let i = 0; i < draws; i += starts.length) plan.fill(starts);
  });
}

for (const [name, { bytes, write }] of Object.entries(KEY_FORMS)) {
  const key = new Uint8Array(bytes);
  time(`${name} key`, (draws) => {
    for (let i = 0; i < draws; i++) write(key, i);
  });
}
