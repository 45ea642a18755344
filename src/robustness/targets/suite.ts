/** A suite, as a file of somebody else's exports it, and what is planned from it. */
import assert from "node:assert/strict";
import baseline from "../../../suites/baseline.ts";
import {
  benchmarkRecord,
  calibrationOf,
  defineSuite,
  parseFigures,
  planBenchmarks,
  type Suite,
  suiteRecord,
} from "../../suite/mod.ts";
import { derive, Random } from "../../stats/mod.ts";
import { chance, mutateValue, pick } from "../mutate.ts";
import type { FuzzTarget } from "../target.ts";

/** What a program can export and JSON cannot say. */
const VALUES: readonly (() => unknown)[] = [
  () => NaN,
  () => Infinity,
  () => -0,
  () => 2n ** 64n,
  () => Symbol("name"),
  () => () => "name",
  () => new Date(NaN),
  () => new Map([["name", 1]]),
  () => new Proxy({}, { get: (_, key) => key === Symbol.toPrimitive ? undefined : "x" }),
  () => Object.create({ name: "inherited" }),
  () => Object.freeze([]),
  () => new Array(2 ** 20),
  () => ({ length: 3, 0: "a" }),
  () => ({ toString: null, valueOf: null }),
  () => {
    const circle: unknown[] = [];
    circle.push(circle);
    return circle;
  },
];

/** The input that stands for the suite without a change. */
const AS_IT_IS = "0";

/** The target: an input is the seed that a suite is made with, since not every value has a text. */
export const suite: FuzzTarget = {
  name: "suite",
  what: "what a suite's file exports, its plan, its records and its published figures",
  seeds: () => [AS_IT_IS],
  make: (random) => new TextEncoder().encode(String(random.next())),
  read(input) {
    const seed = new TextDecoder().decode(input);
    const random = new Random(derive(Number(seed), "suite"));
    const made = seed === AS_IT_IS ? baseline : madeSuite(random);
    if (chance(random, 0.1) && seed !== AS_IT_IS) {
      for (const { ops_per_sec } of parseFigures({ figures: (made as Suite)?.figures })) {
        assert.ok(ops_per_sec > 0);
      }
      return;
    }
    const defined = defineSuite(made as Suite);
    const planned = planBenchmarks(defined, { stores: defined.stores });
    const ids = planned.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "ids repeat");
    for (const { samples, elements, workload } of [...planned, ...calibrationOf(planned, "null")]) {
      assert.ok(samples > 0 && elements > 0 && workload.keys! > 0);
    }
    for (const spec of defined.benchmarks) {
      const { name } = benchmarkRecord("raw", spec);
      assert.ok(!name.split("/").some((part) => part === "" || part === ".."), name);
    }
    JSON.stringify(suiteRecord(defined));
  },
};

function madeSuite(random: Random): unknown {
  let made: unknown = structuredClone(baseline);
  for (let times = random.below(4); times > 0; times--) {
    try {
      made = mutateValue(made, random, (raw) => valueOf(raw, random));
    } catch {
      // What a value before this one is cannot be copied; it stays as it is.
    }
  }
  return made;
}

function valueOf(raw: string, random: Random): unknown {
  if (chance(random, 0.5)) return pick(random, VALUES)();
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}
