import assert from "node:assert/strict";
import { analyseResult } from "../../../analysis/mod.ts";
import { bench } from "../../../run/mod.ts";
import { FakeWorld, measuresWell, type Play } from "../../../run/_testing/fake_world.ts";
import { fakeStreams } from "../../_testing/fake_streams.ts";
import { EXIT } from "../../exit_code.ts";
import { tinyRequest, tinySuite } from "./_testing/tiny_request.ts";
import type { BenchFlags } from "./command.ts";
import { resume } from "./resume.ts";
import { lookWith } from "../../look.ts";
import { requireUntilSure, untilSure } from "./until_sure.ts";

const TIMEOUT = { timeout: 60_000 };

/** Runs of 200 and 133 million writes a second, by turns. */
function byTurns(): Play {
  let times = 0;
  return (spec, onLine) => {
    const factor = spec.store === "raw" && times++ % 2 === 1 ? 1.5 : 1;
    return measuresWell(
      spec,
      (line) => onLine(line.kind === "sample" ? { ...line, ns: line.ns * factor } : line),
    );
  };
}

/** Begins a bench that goes on until it is sure, interrupts its first run, and goes on with it. */
async function ended(atLeast: number, atMost: number) {
  const folder = Deno.makeTempDirSync();
  try {
    const directory = `${folder}/out`;
    const interrupt = new AbortController();
    const flags = { untilSure: true, atMost } as BenchFlags;
    const world = new FakeWorld(byTurns());
    await bench(
      untilSure(tinyRequest(directory, 2, atLeast), flags, {}),
      { runStarted: () => interrupt.abort() },
      interrupt.signal,
      world,
    );
    const streams = fakeStreams();
    const code = await resume({
      flags: { resume: directory, strict: true } as BenchFlags,
      streams,
      command: ["bench", "--resume"],
      signal: new AbortController().signal,
      comparing: {},
    }, {
      world: new FakeWorld(byTurns()),
      watch: () => Promise.resolve({ load1: 0, steal: 0, busyOthers: 0 }),
    });
    const result = JSON.parse(Deno.readTextFileSync(`${directory}/result.json`));
    return { code, told: streams.told, result };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test(
  "a bench until sure measures what is open until it is decided, and nothing else",
  TIMEOUT,
  async () => {
    // The geometric mean of its runs is 163 million.
    const { code, told, result } = await ended(1.4e8, 3_600_000);
    assert.equal(code, EXIT.fine, told);
    assert.match(told, /look 1: open is raw\/write\/20 throughput; more runs of 1 benchmark\n/);
    assert.match(told, /look \d: open is nothing; it is sure of all that more runs can decide/);
    const [asked, other] = result.benchmarks;
    assert.ok(asked.added >= 3, `${asked.added} runs were added`);
    assert.equal(other.added, undefined);
    const { targets, findings } = analyseResult(result);
    assert.deepEqual(targets.map(({ verdict }) => verdict), ["met"]);
    assert.match(findings.find(({ id }) => id === "until-sure")!.text, /raw\/write\/20 has \d+/);
    assert.deepEqual(lookWith({})([{ directory: "", result }]).open, []);
  },
);

Deno.test(
  "a bench until sure ends when its time is up, and --strict says what is open then",
  TIMEOUT,
  async () => {
    // Nobody can be sure of that in so few runs.
    const { code, told, result } = await ended(1.63e8, 40_000);
    assert.equal(code, EXIT.missed, told);
    assert.match(told, /open is raw\/write\/20 throughput; the time is up\n/);
    assert.match(told, /Strict: inconclusive is raw\/write\/20 throughput/);
    assert.equal(result.complete, true);
    assert.equal(result.untilSure.looks.at(-1).ended, "time");
  },
);

Deno.test("untilSure() wants something that is to be decided", () => {
  const request = tinyRequest("out", 2, 1);
  const flags = { untilSure: true } as BenchFlags;
  assert.equal(untilSure(request, {} as BenchFlags, {}), request);
  assert.equal(untilSure(request, flags, {}).untilSure!.atMostMs, 900_000);
  for (const change of [{ suite: tinySuite(2) }, { filter: "write/40" }]) {
    assert.throws(() => untilSure({ ...request, ...change }, flags, {}), {
      name: "UsageError",
      message: "Cannot take --until-sure for tiny: no target and no claim is about what would be " +
        "measured; leave it out",
    });
  }
});

Deno.test("requireUntilSure() takes a time for a bench alone that goes on", () => {
  requireUntilSure({} as BenchFlags, false);
  requireUntilSure({ untilSure: true, atMost: 1000 } as BenchFlags, false);
  assert.throws(() => requireUntilSure({ atMost: 1000 } as BenchFlags, false), /add --until-sure$/);
});
