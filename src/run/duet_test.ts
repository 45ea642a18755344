import assert from "node:assert/strict";
import type { DuetRecord } from "../result/mod.ts";
import { listKernelFolder, readKernelFile } from "../native/mod.ts";
import { type DuetOutcome, type DuetPlan, runDuet, runThenTurns, type Side } from "./duet.ts";
import type { MeasuredLine, RunOutcome } from "./process.ts";
import type { RunSpec } from "./spec.ts";
import { nullRun } from "./_testing/null_run.ts";

const linux = Deno.build.os === "linux";
const PLAN: DuetPlan = { warmupMs: 1, pairs: 6, batchMs: 0.1, first: 1, seed: 5 };
const NEVER = new AbortController().signal;

/** A run of a side. */
function spec(change: Partial<RunSpec["measure"]> = {}, database?: string): RunSpec {
  return { ...nullRun(change), ...(database !== undefined && { database }) };
}

interface Heard {
  outcome: DuetOutcome;
  lines: [side: Side, line: MeasuredLine][];
}

/** Plays a duet, and does something when the first turn has been taken. */
async function play(
  specs: RunSpec[],
  { plan = PLAN, signal = NEVER, onTurn = () => {} }: {
    plan?: DuetPlan;
    signal?: AbortSignal;
    onTurn?: () => void;
  } = {},
): Promise<Heard> {
  const lines: Heard["lines"] = [];
  let turns = 0;
  const outcome = await runDuet(specs, plan, (side, line) => {
    lines.push([side, line]);
    if (line.kind === "sample" && ++turns === 1) onTurn();
  }, signal);
  return { outcome, lines };
}

function samplesOf(lines: Heard["lines"], side: Side) {
  return lines.flatMap(([own, line]) => own === side && line.kind === "sample" ? [line] : []);
}

/** Processes whose command line contains a text. */
function processesWith(text: string): number[] {
  return (listKernelFolder("/proc") ?? []).filter((name) => /^\d+$/.test(name))
    .filter((pid) => readKernelFile(`/proc/${pid}/cmdline`)?.includes(text)).map(Number);
}

Deno.test("runDuet() lets two processes take turns, in pairs, with the same operations", async () => {
  const { outcome, lines } = await play([spec(), spec()]);
  assert.deepEqual(outcome.outcomes.map(({ state }) => state), ["ended", "ended"]);
  const [one, other] = [samplesOf(lines, 0), samplesOf(lines, 1)];
  assert.equal(one.length, PLAN.pairs);
  assert.equal(other.length, PLAN.pairs);
  const turns = [...one, ...other].map(({ turn }) => turn!);
  assert.deepEqual(turns.toSorted((a, b) => a - b), [...turns.keys()], "every turn is somebody's");
  one.forEach(({ turn }, pair) => {
    assert.deepEqual([turn! >> 1, other[pair]!.turn! >> 1], [pair, pair]);
  });
  assert.equal(new Set(one.map(({ turn }) => turn! % 2)).size, 2, "either goes first");
  const iterations = new Set([...one, ...other].map((sample) => sample.iterations));
  assert.equal(iterations.size, 1, "both do the same");
  for (const side of [one, other]) {
    side.slice(1).forEach(({ atNs }, i) => assert.ok(atNs! > side[i]!.atNs!));
  }
  const [first, second] = outcome.records as [DuetRecord, DuetRecord];
  assert.deepEqual([first.startedFirst, second.startedFirst], [false, true]);
  assert.ok(first.handoverNs > 0 && first.handoverNs === second.handoverNs);
  assert.deepEqual([first.awaitedNs, first.turnsNotQuiet], [0, 0]);
});

Deno.test("runDuet() lets more than two play, each once in a round, in an order that is drawn", async () => {
  const { outcome, lines } = await play([spec(), spec(), spec()], { plan: { ...PLAN, pairs: 8 } });
  assert.deepEqual(outcome.outcomes.map(({ state }) => state), ["ended", "ended", "ended"]);
  const turns = [0, 1, 2].map((side) => samplesOf(lines, side).map(({ turn }) => turn!));
  for (const own of turns) {
    assert.deepEqual(own.map((turn) => Math.floor(turn / 3)), [...Array(8).keys()]);
  }
  assert.deepEqual(turns.flat().toSorted((a, b) => a - b), [...Array(24).keys()]);
  assert.ok(new Set(turns[0]!.map((turn) => turn % 3)).size > 1, "its place changes");
  const iterations = new Set(
    [0, 1, 2].flatMap((side) => samplesOf(lines, side).map(({ iterations }) => iterations)),
  );
  assert.equal(iterations.size, 1, "all do the same");
  assert.deepEqual(outcome.records!.map(({ together }) => together), [3, 3, 3]);
  assert.deepEqual(
    outcome.records!.map(({ startedFirst }) => startedFirst),
    [false, true, false],
  );
});

Deno.test("runDuet() throws a round of three away of which one fails", async () => {
  const { outcome } = await play([spec(), { ...spec(), store: "nope" }, spec()]);
  assert.deepEqual(outcome.outcomes.map(({ state }) => state), [
    "interrupted",
    "failed",
    "interrupted",
  ]);
  assert.equal(outcome.records, null);
});

Deno.test("runDuet() counts a side as warm only when it has done what it has to", async () => {
  const { outcome } = await play([spec(), spec()], { plan: { ...PLAN, warmupUnits: 1e6 } });
  for (const end of outcome.outcomes) {
    assert.ok(end.state === "ended");
    assert.ok(end.closing.warmup.iterations >= 1e5, `${end.closing.warmup.iterations} of ten puts`);
  }
});

Deno.test("runDuet() draws the order by its seed", async () => {
  const orders = [];
  for (const seed of [5, 5, 6]) {
    const { lines } = await play([spec(), spec()], { plan: { ...PLAN, pairs: 12, seed } });
    orders.push(samplesOf(lines, 0).map(({ turn }) => turn! % 2).join(""));
  }
  assert.equal(orders[0], orders[1]);
  assert.notEqual(orders[0], orders[2]);
});

Deno.test("runDuet() times single operations of the turns that count, and of no others", async () => {
  const latency = spec({ kind: "latency", elements: 1 });
  const { lines } = await play([latency, latency]);
  for (const side of [0, 1] as const) {
    const done = samplesOf(lines, side).reduce((sum, { iterations }) => sum + iterations, 0);
    const [last] = lines.flatMap(([own, line]) =>
      own === side && line.kind === "latency" ? [line.count] : []
    );
    assert.equal(last, done);
  }
});

Deno.test("runDuet() throws a block away of which a side fails, with its words", async () => {
  for (const failing of [0, 1] as const) {
    const specs: [RunSpec, RunSpec] = [spec(), spec()];
    specs[failing] = { ...spec(), store: "nope" };
    const { outcome } = await play(specs);
    const failed = outcome.outcomes[failing]!;
    assert.ok(failed.state === "failed");
    assert.match(failed.error, /^Cannot use the store "nope"/);
    assert.deepEqual(outcome.outcomes[1 - failing], { state: "interrupted" });
    assert.equal(outcome.records, null);
  }
});

Deno.test({
  name: "runDuet() throws a block away when a side is killed in mid-pair, and ends the other one",
  ignore: !linux,
  async fn() {
    const [mine, other] = [0, 1].map(() => `/nonexistent/${crypto.randomUUID()}`);
    const { outcome } = await play([spec({}, mine), spec({}, other)], {
      plan: { ...PLAN, pairs: 1e6 },
      onTurn: () => processesWith(mine!).forEach((pid) => Deno.kill(pid, "SIGKILL")),
    });
    assert.deepEqual(outcome.outcomes, [
      { state: "failed", error: "The run's process was ended by SIGKILL" },
      { state: "interrupted" },
    ]);
    assert.deepEqual([...processesWith(mine!), ...processesWith(other!)], []);
  },
});

Deno.test({
  name: "runDuet() ends a side that hangs, and says what it did not do",
  ignore: !linux,
  async fn() {
    const database = `/nonexistent/${crypto.randomUUID()}`;
    const { outcome } = await play([spec(), spec({}, database)], {
      plan: { ...PLAN, pairs: 1e6, limitMs: 4000 },
      onTurn: () => processesWith(database).forEach((pid) => Deno.kill(pid, "SIGSTOP")),
    });
    const [other, hung] = outcome.outcomes;
    assert.deepEqual(other, { state: "interrupted" });
    assert.ok(hung?.state === "failed");
    assert.match(hung.error, /^No progress for 4s in put/);
    assert.deepEqual(processesWith(database), []);
  },
});

Deno.test({
  name: "runDuet() is interrupted when the signal comes, and leaves no process",
  ignore: !linux,
  async fn() {
    const controller = new AbortController();
    const database = `/nonexistent/${crypto.randomUUID()}`;
    const { outcome } = await play([spec({}, database), spec({}, database)], {
      plan: { ...PLAN, pairs: 1e6 },
      signal: controller.signal,
      onTurn: () => controller.abort(),
    });
    assert.deepEqual(outcome, {
      outcomes: [{ state: "interrupted" }, { state: "interrupted" }],
      records: null,
    });
    assert.deepEqual(processesWith(database), []);
  },
});

Deno.test({
  name: "runDuet() ends both when a line cannot be taken, as by a full disk",
  ignore: !linux,
  async fn() {
    const database = `/nonexistent/${crypto.randomUUID()}`;
    const refused = play([spec({}, database), spec({}, database)], {
      onTurn: () => {
        throw new Error("no space");
      },
    });
    await assert.rejects(refused, /no space/);
    assert.deepEqual(processesWith(database), []);
  },
});

Deno.test("runDuet() starts nothing when the signal has come before", async () => {
  const { outcome, lines } = await play([spec(), spec()], { signal: AbortSignal.abort() });
  assert.deepEqual(outcome.outcomes, [{ state: "interrupted" }, { state: "interrupted" }]);
  assert.deepEqual(lines, []);
});

Deno.test("runDuet() is content with fewer pairs where a batch takes far longer than planned", async () => {
  // A unit is a walk over so many entries that one of them alone takes longer than a batch is to.
  const slow: RunSpec = {
    ...spec({ operation: "scan", keys: 10, elements: 200_000 }),
    store: "null-async",
  };
  const { outcome, lines } = await play([slow, slow], {
    plan: { ...PLAN, pairs: 400, batchMs: 0.01 },
  });
  assert.deepEqual(outcome.outcomes.map(({ state }) => state), ["ended", "ended"]);
  const { length } = samplesOf(lines, 0);
  assert.ok(length >= 5 && length < 400, `${length} pairs`);
  assert.equal(samplesOf(lines, 1).length, length);
});

Deno.test("runDuet() of slow operations ends soon, however many of them were to warm it up", async () => {
  const slow: RunSpec = {
    ...spec({ operation: "scan", keys: 10, elements: 5_000_000 }),
    store: "null-async",
  };
  const began = performance.now();
  const { outcome, lines } = await play([slow, slow], {
    plan: { ...PLAN, pairs: 400, warmupUnits: 1e5 },
  });
  const ms = performance.now() - began;
  assert.deepEqual(outcome.outcomes.map(({ state }) => state), ["ended", "ended"]);
  const batches = samplesOf(lines, 0);
  assert.ok(batches.length >= 5 && batches.length < 100, `${batches.length} pairs`);
  const walks = ms * 1e6 / batches[0]!.ns;
  assert.ok(walks < 1000, `${walks} walks of time`);
});

/** Measures runs that then take turns; one of them may do something in the turns. */
async function stay(specs: RunSpec[], signal = NEVER, onSample = () => {}) {
  const told: string[] = [];
  const runs = specs.map((own, side) => ({
    begin() {
      told.push(`begin ${side}`);
      return {
        spec: own,
        limitMs: 60_000,
        onLine: ({ kind }: MeasuredLine) => {
          if (kind === "sample") onSample();
        },
      };
    },
    measured: ({ state }: RunOutcome) => told.push(`${state} ${side}`),
    gone: () => told.push(`gone ${side}`),
  }));
  const turns = await runThenTurns(
    runs,
    { pairs: 6, batchMs: 0.1, seed: 5, ownUnits: true },
    signal,
  );
  return { turns, told };
}

Deno.test("runThenTurns() measures each for itself, and then lets all take turns", async () => {
  // A walk takes so much longer than a put that no pause in the looks at a put hides it.
  const specs = [spec(), spec({ operation: "scan", elements: 40_000, keys: 40_000 })];
  const { turns, told } = await stay(specs);
  assert.deepEqual(told, ["begin 0", "ended 0", "begin 1", "ended 1", "gone 0", "gone 1"]);
  assert.ok(turns?.state === "ended");
  assert.deepEqual(turns.sides.map(({ ns }) => ns.length), [6, 6]);
  assert.ok(turns.handoverNs > 0);
  const [puts, walks] = turns.sides;
  assert.ok(puts!.iterations > walks!.iterations, "each has as many as its batch takes");
});

Deno.test("runThenTurns() times single operations in the turns of a latency benchmark", async () => {
  const { turns } = await stay([spec({ kind: "latency" }), spec({ kind: "latency" })]);
  assert.ok(turns?.state === "ended");
  for (const { latency, ns, iterations } of turns.sides) {
    assert.equal(latency!.count, Math.round(ns.length * iterations * 10));
  }
});

Deno.test("runThenTurns() measures the others where one fails, and plays no turns", async () => {
  const failing: RunSpec = { ...spec(), store: "nothing" };
  const { turns, told } = await stay([failing, spec()]);
  assert.equal(turns, null);
  assert.deepEqual(told, ["begin 0", "failed 0", "begin 1", "ended 1", "gone 0", "gone 1"]);
});

Deno.test({
  name:
    "runThenTurns() says who ended in its turns, whose own measuring counts, and leaves no process",
  ignore: !linux,
  async fn() {
    const database = `/nonexistent/${crypto.randomUUID()}`;
    let measured = 0;
    const runs = [0, 1].map((side) => ({
      begin: () => ({ spec: spec({}, database), limitMs: 60_000, onLine: () => {} }),
      measured({ state }: RunOutcome) {
        if (state === "ended") measured++;
        if (side === 1) Deno.kill(processesWith(database)[0]!, "SIGKILL");
      },
      gone() {},
    }));
    const turns = await runThenTurns(runs, { pairs: 1e5, batchMs: 0.1, seed: 5 }, NEVER);
    assert.equal(measured, 2);
    assert.ok(turns?.state === "failed");
    assert.match(turns.error, /was ended by SIGKILL/);
    assert.deepEqual(processesWith(database), []);
  },
});

Deno.test({
  name: "runThenTurns() ends all when the signal comes, and leaves no process",
  ignore: !linux,
  async fn() {
    const controller = new AbortController();
    const database = `/nonexistent/${crypto.randomUUID()}`;
    // Of so many samples that the first one is long before the last.
    const long = { samples: 1000, measureMs: 30_000 };
    const specs = [spec(long, database), spec(long, database)];
    const { turns, told } = await stay(specs, controller.signal, () => controller.abort());
    assert.equal(turns, null);
    assert.deepEqual(told, ["begin 0", "interrupted 0", "gone 0"]);
    assert.deepEqual(processesWith(database), []);
  },
});
