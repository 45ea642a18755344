import assert from "node:assert/strict";
import type { PressureRecord } from "../../../result/mod.ts";
import { bench } from "../../../run/mod.ts";
import { FakeWorld, measuresWell, type Play } from "../../../run/_testing/fake_world.ts";
import { fakeStreams } from "../../_testing/fake_streams.ts";
import { EXIT } from "../../exit_code.ts";
import { tinyRequest } from "./_testing/tiny_request.ts";
import type { BenchFlags } from "./command.ts";
import { resume } from "./resume.ts";

const TIMEOUT = { timeout: 60_000 };

/** Runs of 200, 100 and 67 million writes a second. */
function slower(): Play {
  let times = 0;
  return (spec, onLine) => {
    times += spec.store === "raw" ? 1 : 0;
    return measuresWell(
      spec,
      (line) => onLine(line.kind === "sample" ? { ...line, ns: line.ns * times } : line),
    );
  };
}

/** Interrupts a bench in its first run, goes on with it, and gives the code and what was told. */
async function resumed(
  { atLeast, flags = {}, pressure, play = slower() }: {
    atLeast: number;
    flags?: Partial<BenchFlags>;
    pressure?: PressureRecord;
    play?: Play;
  },
) {
  const folder = Deno.makeTempDirSync();
  try {
    const world = new FakeWorld(slower());
    const interrupt = new AbortController();
    const directory = `${folder}/out`;
    await bench(
      tinyRequest(directory, 1, atLeast),
      { runStarted: () => interrupt.abort() },
      interrupt.signal,
      world,
    );
    const again = new FakeWorld(play);
    const streams = fakeStreams();
    const code = await resume({
      flags: { ...flags, resume: directory } as BenchFlags,
      streams,
      command: ["bench", "--resume"],
      signal: new AbortController().signal,
      comparing: {},
    }, {
      world: again,
      watch: () => Promise.resolve(pressure ?? { load1: 0, steal: 0, busyOthers: 0 }),
    });
    return { code, told: streams.told, runs: again.specs.length };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test(
  "resume() says that the machine is noisy before it measures what is missing",
  TIMEOUT,
  async () => {
    const noisy = { load1: 0, steal: 0, busyOthers: 0.38 };
    const { told, runs } = await resumed({ atLeast: 1000, pressure: noisy });
    const [going, noise, ...more] = told.split("\n");
    assert.match(going!, /^Going on with /);
    assert.match(noise!, /^note: a noisy machine\. Other processes used 38\.0 %/);
    assert.ok(more.some((line) => /run \d ended/.test(line)), told);
    assert.equal(runs, 4, "three runs, and one over the store that does nothing");
    assert.doesNotMatch((await resumed({ atLeast: 1000 })).told, /noisy machine/);
  },
);

const ends: [what: string, atLeast: number, strict: boolean, code: number, told: RegExp | null][] =
  [
    ["0 where its target is met", 1000, true, EXIT.fine, null],
    ["1 where its target is missed", 1e12, false, EXIT.missed, null],
    ["0 where its target stays inconclusive", 1e8, false, EXIT.fine, null],
    [
      "1 where its target stays inconclusive and --strict lets nothing by",
      1e8,
      true,
      EXIT.missed,
      /^Strict: inconclusive is .*raw\/write\/20/m,
    ],
  ];
for (const [what, atLeast, strict, expected, told] of ends) {
  Deno.test(`a bench ends with ${what}`, TIMEOUT, async () => {
    const ended = await resumed({ atLeast, flags: { strict } });
    assert.equal(ended.code, expected, ended.told);
    if (told === null) assert.doesNotMatch(ended.told, /Strict/);
    else assert.match(ended.told, told);
  });
}

Deno.test(
  "a bench ends with 3 where all its runs ended and none has a number",
  TIMEOUT,
  async () => {
    const idle: Play = (spec, onLine) =>
      measuresWell(spec, (line) => {
        if (spec.store !== "raw" || line.kind !== "sample") onLine(line);
      });
    const { code, told } = await resumed({ atLeast: 1000, play: idle });
    assert.equal(code, EXIT.failed, told);
    assert.match(
      told,
      /^error: raw\/write\/20 was not measured: its runs have no usable samples$/m,
    );
    assert.doesNotMatch(told, /Not complete/);
  },
);
