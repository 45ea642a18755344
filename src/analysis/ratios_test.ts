import assert from "node:assert/strict";
import type { RatioRecord, Result } from "../result/mod.ts";
import { geometricMean, Random } from "../stats/mod.ts";
import { histogram, sampleResult, sampleStore } from "./_testing/sample_result.ts";
import { analyse } from "./analyse.ts";
import { surely } from "./ratios.ts";

const PAIRS = 8;
const ROUNDS = 50;
const IDS = ["raw", "kvstore"] as const;

/**
 * Two stores on a machine whose pace changes from run to run by half, and whose turns do not know it:
 * of the turns the second takes `ratio` times as long.
 */
function rivals(ratio: number, seed = 1): Result {
  const stores = [sampleStore("raw", 1), sampleStore("kvstore", 2)];
  const result = sampleResult({ runs: PAIRS, seed, stores, observations: 5000 });
  const random = new Random(seed);
  const names = ["read_throughput/10000", "read_latency/single_read"];
  const ratios = names.flatMap((name) =>
    Array.from({ length: PAIRS }, (_, run): RatioRecord => {
      const pace = 1000 * Math.exp(random.normal() * 0.5);
      const group = IDS.map((store) => `${store}/${name}`);
      return {
        run,
        // Who is measured first changes.
        group: run % 2 === 0 ? group : group.toReversed(),
        startedAt: result.startedAt,
        state: "ended",
        handoverNs: 200_000,
        sides: (run % 2 === 0 ? [0, 1] : [1, 0]).map((side) => {
          const own = pace * (side === 0 ? 1 : ratio * Math.exp(0.03 * random.normal()));
          const times = Array.from(
            { length: ROUNDS },
            () => own * Math.exp(0.05 * random.normal()),
          );
          return {
            benchmark: group[side]!,
            iterations: side === 0 ? 1000 : 400,
            ns: times.map((time) => time * (side === 0 ? 1000 : 400)),
            ...(name.includes("latency") && {
              latency: { unit: "ns", count: 5000, histogram: histogram(own, 5000, random) },
            }),
            awaitedNs: 0,
            turnsNotQuiet: 0,
          };
        }),
      };
    })
  );
  return { ...result, ratios };
}

const rowsOf = (result: Result) => analyse(result, { resamples: 10 }).ratios;
const turned = (result: Result) => rowsOf(result).filter(({ pairing }) => pairing !== undefined);

Deno.test("ratios of stores that took turns are those of the pairs, the others those of the runs", () => {
  const rows = rowsOf(rivals(1.1));
  const paired = rows.filter(({ pairing }) => pairing !== undefined);
  assert.deepEqual(paired.map(({ name, metric }) => `${name} ${metric}`), [
    "read_throughput/10000 mean",
    "read_latency/single_read mean",
    "read_latency/single_read p99",
  ]);
  for (const { ratio, pairing } of paired) {
    assert.ok(Math.abs(Math.log(ratio.value / 1.1)) < 0.05, `${ratio.value}`);
    assert.ok(ratio.low < ratio.value && ratio.value < ratio.high);
    assert.equal(pairing!.pairs, PAIRS);
    assert.ok(pairing!.spread < 0.06 && pairing!.unpaired > 0.25, JSON.stringify(pairing));
  }
  const apart = rows.filter(({ pairing }) => pairing === undefined);
  assert.ok(apart.length > 0);
  assert.ok(Math.abs(geometricMean(apart.map(({ ratio }) => ratio.value)) - 2) < 0.1);
});

Deno.test("who is surely slower is said by the family of rows, which the runs apart could not", () => {
  assert.deepEqual(turned(rivals(1.1)).map(surely).slice(0, 2), ["slower", "slower"]);
  assert.deepEqual(turned(rivals(0.9)).map(surely).slice(0, 2), ["faster", "faster"]);
  const [row] = turned(rivals(1.1));
  const pairing = { ...row!.pairing!, adjustedP: 0.2 };
  assert.equal(surely({ ...row!, pairing }), null);
});

Deno.test("stores that are alike are surely slower or faster in few rows", () => {
  const rows = Array.from({ length: 12 }, (_, seed) => turned(rivals(1, seed + 1))[0]!);
  assert.ok(rows.filter((row) => surely(row) !== null).length <= 2);
});

Deno.test("turns that failed count in no ratio, and are told", () => {
  const result = rivals(1.1);
  const [first] = result.ratios!;
  Object.assign(first!, { state: "failed", error: "raw/read: the disk is full", sides: [] });
  result.complete = false;
  const { ratios, findings, caveats } = analyse(result, { resamples: 10 });
  assert.equal(ratios.find(({ pairing }) => pairing)!.pairing!.pairs, PAIRS - 1);
  assert.equal(
    caveats.find(({ id }) => id === "incomplete")!.text,
    "The result is incomplete: the turns of stores after 1 run were not played to their end.",
  );
  const told = findings.find(({ id }) => id === "broken-turns")!;
  assert.match(told.text, /^The turns of 1 run failed .*: raw\/read: the disk is full\.$/);
  const how = findings.find(({ id }) => id === "paired-stores")!;
  assert.match(how.text, /^3 of \d+ ratios are those of 7 or more pairs of processes a row, /);
});

Deno.test("too few pairs leave the ratio to what was measured apart", () => {
  const result = rivals(1.1);
  result.ratios = result.ratios!.filter(({ run }) => run < 2);
  assert.deepEqual(turned(result), []);
});
