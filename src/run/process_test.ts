import assert from "node:assert/strict";
import { knownLibraries, libraryIsThere, STORES } from "../store/mod.ts";
import { loadOfOneGroup } from "../measure/_testing/one_group.ts";
import { listKernelFolder, readKernelFile, runsMachineCode } from "../native/mod.ts";
import type { OperationMix } from "../workload/mod.ts";
import { type MeasuredLine, type RunOutcome, RunProcess, runProcess } from "./process.ts";
import type { RunSpec } from "./spec.ts";
import { nullRun } from "./_testing/null_run.ts";

const linux = Deno.build.os === "linux";

/** A run of three samples. */
function spec(change: Partial<RunSpec> = {}, measureMs = 5): RunSpec {
  // What is to last is estimated from the warm-up, which a pause on a busy machine may take up.
  const warmupMs = measureMs < 1000 ? 1 : 100;
  return { ...nullRun({ samples: 3, warmupMs, measureMs }), ...change };
}

/** Runs it, and does something when the first line comes. */
async function run(
  spec: RunSpec,
  onFirst: () => void = () => {},
  signal: AbortSignal = new AbortController().signal,
  limitMs?: number,
): Promise<{ outcome: RunOutcome; lines: MeasuredLine[] }> {
  const lines: MeasuredLine[] = [];
  const outcome = await runProcess(
    spec,
    (line) => {
      if (lines.push(line) === 1) onFirst();
    },
    signal,
    limitMs,
  );
  return { outcome, lines };
}

/** Processes whose command line contains a text. */
function processesWith(text: string): number[] {
  return (listKernelFolder("/proc") ?? []).filter((name) => /^\d+$/.test(name))
    .filter((pid) => readKernelFile(`/proc/${pid}/cmdline`)?.includes(text)).map(Number);
}

Deno.test("runProcess() hands every line on and closes when the run has ended", async () => {
  const { outcome, lines } = await run(spec());
  assert.equal(outcome.state, "ended");
  assert.deepEqual(lines.map(({ kind }) => kind), ["run-opened", "sample", "sample", "sample"]);
  assert.ok(outcome.closing.warmup.iterations > 0);
  assert.ok(outcome.closing.cpuSeconds > 0);
  assert.ok(outcome.closing.peakRssBytes > 1e6);
});

Deno.test({
  name:
    "of a store that does nothing, a load by machine code is measured by JavaScript's loop as well",
  ignore: !runsMachineCode(),
  async fn() {
    const { measure: _, ...nothing } = nullRun();
    const of = async (mix: OperationMix) => {
      const load = loadOfOneGroup(mix, { loop: "closed" }, 1);
      const times = { warmupMs: 20, measureMs: 200, windows: 2 };
      const plan = { load, shape: "ingested", ...times, seed: 1 } as const;
      const { outcome, lines } = await run({ ...nothing, load: plan });
      assert.equal(outcome.state, "ended");
      return lines.flatMap((line) => line.kind === "load" ? [line] : []).at(-1)!;
    };
    const native = await of({ get: 1 });
    assert.deepEqual(native.clients.map(({ native }) => native), [true]);
    assert.ok(native.javascriptNs! > 0);
    const javascript = await of({ scan: 1 });
    assert.deepEqual(javascript.clients.map(({ native }) => native), [undefined]);
    assert.equal(javascript.javascriptNs, undefined);
  },
});

Deno.test({
  name: "a process is told what an earlier one found out of the library, and says it no more",
  ignore: !linux || !libraryIsThere(),
  async fn() {
    const directory = Deno.makeTempDirSync();
    const raw = { ...spec(), store: "raw", options: {} };
    const digests: unknown[] = [];
    const found: boolean[] = [];
    try {
      for (const name of ["first", "second"]) {
        const process = new RunProcess({ ...raw, database: `${directory}/${name}` }, "null");
        const kinds: string[] = [];
        for await (const line of process.lines()) {
          kinds.push(line.kind);
          if (line.kind === "run-opened") digests.push(line.store?.release?.sha256);
        }
        await process.end();
        assert.ok(kinds.includes("closing"), kinds.join());
        found.push(kinds.includes("libraries"));
      }
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
    const known = knownLibraries().filter(({ content }) => content?.sha256 === digests[0]);
    assert.equal(known.length, 1);
    assert.equal(known[0]!.fusedAgree, true);
    assert.equal(digests[0], digests[1], "what is recorded is the same");
    assert.deepEqual(found, [true, false]);
  },
});

Deno.test("runProcess() fails with what the process says in one line", async () => {
  const { outcome, lines } = await run(spec({ store: "nope" }));
  assert.equal(outcome.state, "failed");
  assert.match(outcome.error, /^Cannot use the store "nope": [^\n]+$/);
  assert.deepEqual(lines, []);
});

Deno.test({
  name: "runProcess() names the signal when the process is killed, as for want of memory",
  ignore: !linux,
  async fn() {
    const database = `/nonexistent/${crypto.randomUUID()}`;
    const { outcome } = await run(spec({ database }, 60_000), () => {
      for (const pid of processesWith(database)) Deno.kill(pid, "SIGKILL");
    });
    assert.deepEqual(outcome, {
      state: "failed",
      error: "The run's process was ended by SIGKILL",
    });
  },
});

Deno.test({
  name: "runProcess() does not end by Ctrl-C in the process, which is the parent's to heed",
  ignore: !linux,
  async fn() {
    const database = `/nonexistent/${crypto.randomUUID()}`;
    const { outcome, lines } = await run(spec({ database }, 300), () => {
      for (const pid of processesWith(database)) Deno.kill(pid, "SIGINT");
    });
    assert.equal(outcome.state, "ended");
    assert.equal(lines.length, 4);
  },
});

Deno.test({
  name: "runProcess() is interrupted when the signal comes, and leaves no process",
  ignore: !linux,
  async fn() {
    const controller = new AbortController();
    const database = `/nonexistent/${crypto.randomUUID()}`;
    const { outcome, lines } = await run(
      spec({ database }, 60_000),
      () => controller.abort(),
      controller.signal,
    );
    assert.deepEqual(outcome, { state: "interrupted" });
    assert.equal(lines[0]?.kind, "run-opened");
    assert.deepEqual(processesWith(database), []);
  },
});

Deno.test("runProcess() starts nothing when the signal has come before", async () => {
  const { outcome, lines } = await run(spec(), () => {}, AbortSignal.abort());
  assert.deepEqual([outcome, lines], [{ state: "interrupted" }, []]);
});

Deno.test({
  name: "runProcess() ends the process when a line cannot be taken, as by a full disk",
  ignore: !linux,
  async fn() {
    const database = `/nonexistent/${crypto.randomUUID()}`;
    await assert.rejects(
      run(spec({ database }, 60_000), () => {
        throw new Error("no space");
      }),
      /no space/,
    );
    assert.deepEqual(processesWith(database), []);
  },
});

Deno.test({
  name: "runProcess() ends a process that makes no progress, and names what it was in",
  ignore: !linux,
  async fn() {
    const folder = Deno.makeTempDirSync();
    try {
      const database = `${folder}/${crypto.randomUUID()}`;
      const limited = (limitMs: number) =>
        run(
          spec({ database }, 60_000),
          () => {
            for (const pid of processesWith(database)) Deno.kill(pid, "SIGSTOP");
          },
          undefined,
          limitMs,
        );
      const { outcome, lines } = await limited(5000);
      assert.equal(outcome.state, "failed");
      assert.match(
        outcome.error,
        // It may be stopped before it is on with what follows the opening that it told.
        /^No progress for 5s in (open|(the warm-up of )?put); the device of its database is not full, \S+ \SiB of \S+ \SiB are free; --run-limit allows for more time$/,
      );
      assert.equal(lines[0]?.kind, "run-opened", "what it said before is kept");
      assert.deepEqual(processesWith(database), []);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

Deno.test("runProcess() lets a run last longer than its limit that gets on", async () => {
  const wanted = spec({}, 6000);
  wanted.measure!.samples = 60;
  const { outcome, lines } = await run(wanted, undefined, undefined, 3000);
  assert.equal(outcome.state, "ended", JSON.stringify(outcome));
  assert.equal(lines.length, 61);
});

/** A store that can be measured here, and keeps files. */
const filed = STORES.find((kind) => kind.missing({}) === undefined)?.name;

Deno.test("runProcess() may write where the path has a comma", {
  ignore: filed === undefined,
}, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "a,b c" });
  try {
    const { outcome } = await run(spec({ store: filed!, database: `${folder}/db` }));
    assert.equal(outcome.state, "ended", JSON.stringify(outcome));
    assert.ok(Deno.statSync(`${folder}/db`).isDirectory);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
