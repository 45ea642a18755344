import assert from "node:assert/strict";
import { basename } from "node:path";
import { inFolder } from "../../../_testing/folder.ts";
import { compareResults } from "../../../analysis/mod.ts";
import { bench, type BenchRequest, resumeBench } from "../../../run/mod.ts";
import { FakeWorld, measuresWell, type Play } from "../../../run/_testing/fake_world.ts";
import { Random } from "../../../stats/mod.ts";
import { defineSuite } from "../../../suite/mod.ts";
import { UsageError } from "../../usage_error.ts";
import { lookWith } from "../../look.ts";
import { requireUntilSure, untilSure } from "./until_sure.ts";

const NEVER = new AbortController().signal;
const TIMEOUT = { timeout: 60_000 };
const [STEADY, NOISY] = ["raw/write/20", "raw/scan/20"] as const;

/** A duet of two benchmarks against the same, that goes on until it is sure. */
function requestIn(folder: string, atMost = 3_600_000): BenchRequest {
  const size = { samples: 10, elements: 20, keys: 20, valueBytes: 16 } as const;
  const request: BenchRequest = {
    suite: defineSuite({
      name: "tiny",
      title: "Tiny",
      summary: "Measures nothing.",
      stores: ["raw"],
      benchmarks: [
        { name: "write/20", kind: "throughput", operation: "put", ...size },
        { name: "scan/20", kind: "throughput", operation: "scan", ...size },
      ],
    }),
    profile: { name: "smoke", runs: 1, warmupMs: 1, measureMs: 15 },
    stores: ["raw"],
    storeOptions: {},
    seed: 7,
    directory: `${folder}/out`,
    command: ["bench", "tiny"],
    warnings: [],
    version: "1.2.3",
  };
  return {
    ...untilSure(request, { untilSure: true, atMost, interleave: ["same"] }, {}),
    other: { differs: {} },
  };
}

/** Sides that spread by 1 % between pairs, and in scans by 12 %. */
function noisy(end: (begun: number) => void = () => {}): Play {
  let begun = 0;
  return (spec, onLine) => {
    end(++begun);
    const name = basename(spec.database);
    const random = new Random([...name].reduce((sum, c) => (31 * sum + c.charCodeAt(0)) >>> 0, 7));
    const isScan = name.includes("scan");
    const factor = Math.exp((isScan ? 0.12 : 0.01) * random.normal());
    const side = name.endsWith("candidate") ? 1 : 0;
    let pair = 0;
    return measuresWell(spec, (line) =>
      onLine(
        line.kind === "sample"
          ? { ...line, ns: Math.round(1e6 * factor) + pair, turn: 2 * pair++ + side }
          : line,
      ));
  };
}

Deno.test(
  "a comparison until sure measures what is open pair by pair, and no more of what is decided",
  TIMEOUT,
  async () => {
    const whole = await inFolder(async (folder) => {
      const lanes = await bench(requestIn(folder), {}, NEVER, new FakeWorld(noisy()));
      const [base, candidate] = lanes.map(({ directory, result }) => ({
        label: directory,
        result,
      }));
      const compared = compareResults(base!, candidate!);
      const rowOf = (id: string) => compared.rows.find((row) => row.id === id)!;
      assert.deepEqual([rowOf(STEADY).verdict, rowOf(STEADY).looks], ["unchanged", 1]);
      assert.equal(rowOf(STEADY).candidate.runs, 14);
      assert.ok(rowOf(NOISY).candidate.runs > 30, `${rowOf(NOISY).candidate.runs}`);
      assert.deepEqual([compared.looksEnded, compared.counts.inconclusive], ["sure", 0]);
      assert.ok(lanes.every(({ result }) => result.complete));
      return compared.rows;
    });
    // Ended in the pairs that the first look added.
    for (const at of [58]) {
      await inFolder(async (folder) => {
        const request = requestIn(folder);
        const controller = new AbortController();
        const ends = (begun: number) => begun === at ? controller.abort() : undefined;
        await bench(request, {}, controller.signal, new FakeWorld(noisy(ends)));
        const { directory, command, version } = request;
        const again = { directory, command, version, look: lookWith({}) };
        const lanes = await resumeBench(again, {}, NEVER, new FakeWorld(noisy()));
        const [base, candidate] = lanes.map(({ directory, result }) => ({
          label: directory,
          result,
        }));
        assert.deepEqual(compareResults(base!, candidate!).rows, whole, `ended in run ${at}`);
      });
    }
  },
);

Deno.test("a comparison until sure says what is open when its time is up", TIMEOUT, async () => {
  await inFolder(async (folder) => {
    const told: string[] = [];
    const lanes = await bench(
      requestIn(folder, 1000),
      { looked: ({ open, ended }) => told.push(`${open}: ${ended}`) },
      NEVER,
      new FakeWorld(noisy()),
    );
    assert.deepEqual(told, [`${NOISY} throughput: time`]);
    const [base, candidate] = lanes.map(({ directory, result }) => ({ label: directory, result }));
    const { looksEnded, counts } = compareResults(base!, candidate!);
    assert.deepEqual([looksEnded, counts.inconclusive], ["time", 1]);
  });
});

Deno.test("requireUntilSure() refuses what was measured before, and a time in vain", () => {
  const refuses = (flags: object, message: RegExp) =>
    assert.throws(
      () => requireUntilSure(flags as Parameters<typeof requireUntilSure>[0], false),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  refuses(
    { untilSure: true, against: "main" },
    /^Cannot take --until-sure against main, which was/,
  );
  refuses({ atMost: 1000 }, /^Cannot take --at-most for a bench that ends with its plan/);
  requireUntilSure({ untilSure: true, against: "wal=off" }, true);
});
