/**
 * The double and the store are judged by what TiKV's people wrote: the double by their clients for Go
 * and Rust, the store by the cluster that their client for Go is tested with. Building those takes
 * minutes, so that this has a task of its own (`deno task test:tikv`).
 */
import assert from "node:assert/strict";
import { Slice } from "../slice.ts";
import { startDouble, type TikvDouble } from "./_testing/double.ts";
import { buildJudge, buildRust, missingTool, talkWith, type Tool } from "./_testing/judges.ts";
import { keyPrefix, type TikvApi } from "./keys.ts";
import { openTikv, type TikvStore } from "./store.ts";

const isLong = Deno.env.get("TIDEMARK_LONG") !== undefined;

/** Why a tool's tests are skipped. */
async function skipped(tool: Tool): Promise<string | undefined> {
  return isLong ? await missingTool(tool) : "deno task test:tikv builds it";
}

const noGo = await skipped("go");
const noCargo = await skipped("cargo");
const named = (name: string, why: string | undefined) =>
  why === undefined ? name : `${name} (skipped: ${why})`;

const ROUNDS = 28;
const LIMIT = { timeout: 2_000_000 };

/** A client that does its work on the double. */
interface Judge {
  program: string;
  /** What it is told beyond the double's own. */
  args?: readonly string[];
  /** Whether a server that died comes back. It is lost for good otherwise. */
  revives: boolean;
  /** Whether it bears a busy server and one that dies, rather than handing their errors on. */
  isPatient: boolean;
}

/** What happens to the double at the beginning of a round. */
const FAULTS: ((double: TikvDouble, key: Uint8Array, round: number, judge: Judge) => void)[] = [
  (double, key) => double.split(key),
  (double, key) => double.moveLeader(key, double.otherThan(double.leaderOf(key))),
  (double, key, _round, judge) => {
    if (judge.isPatient) double.busy(double.leaderOf(key) || 1, 1, 5);
  },
  (double, key) => {
    double.moveLeader(key, double.otherThan(double.leaderOf(key)), false);
    // The others learn of it after a while.
    setTimeout(() => double.moveLeader(key, double.leaderOf(key)), 200);
  },
  (double, key, round, judge) => {
    const store = double.leaderOf(key) || 1;
    if (!judge.isPatient || !judge.revives && round > FAULTS.length) return;
    void double.kill(store);
    if (judge.revives) setTimeout(() => double.revive(store), 400);
  },
  (double, key) => {
    const store = double.leaderOf(key) || 1;
    double.slow(store, 30);
    setTimeout(() => double.slow(store, 0), 300);
  },
  (double, _key, round) => double.leadPd(round % 2),
];

/** Lets a judge do its work on a double to which all of that happens. */
async function workThrough(judge: Judge, api: TikvApi): Promise<void> {
  // The crate's scans do not end in the last region of all.
  const key = (key: string) =>
    Uint8Array.from([...keyPrefix(api, 0), ...new TextEncoder().encode(key)]);
  await using double = await startDouble({ api, splits: [key("a"), key("z")] });
  const args = [double.pd, String(api), String(ROUNDS), ...judge.args ?? []];
  await using talk = talkWith(judge.program, args, 400);
  const below = numbers(7);
  let last = "";
  for (let line = await talk.line(); line !== undefined; line = await talk.line()) {
    // Its client's own log goes the same way, and on while the judge ends.
    if (/^\[\d{4}\//.test(line)) continue;
    last = line;
    const round = Number(/^round (\d+)$/.exec(line)?.[1]);
    if (Number.isNaN(round)) continue;
    FAULTS[round % FAULTS.length]!(double, key(`k${keyOf(below(500))}`), round, judge);
  }
  if (!last.startsWith("fine ")) {
    assert.fail(
      `${last}; ${JSON.stringify(double.counts)}; ${(await talk.complaint()).slice(-1500)}`,
    );
  }
  assert.equal(last, `fine ${ROUNDS * 60}`);
  assert.equal(double.size, 0);
  // It was not spared.
  for (
    const refusal of ["EpochNotMatch", "NotLeader", ...judge.isPatient ? ["ServerIsBusy"] : []]
  ) {
    assert.ok(double.counts[refusal]! > 0, `${refusal}: ${JSON.stringify(double.counts)}`);
  }
}

for (const api of [1, 2] as const) {
  for (const how of ["batch", "plain"]) {
    Deno.test({
      ...LIMIT,
      ignore: noGo !== undefined,
      name: named(`client-go's rawkv (${how}) does its work on the double, API ${api}`, noGo),
      async fn() {
        const program = await buildJudge("rawkv");
        // Its streams of batches do not find a server again that came back: client-go's issue 522,
        // which later versions have mended.
        const revives = how === "plain";
        await workThrough({ program, args: [how], revives, isPatient: true }, api);
      },
    });
  }

  Deno.test({
    ...LIMIT,
    ignore: noCargo !== undefined,
    name: named(`the crate tikv-client does its work on the double, API ${api}`, noCargo),
    async fn() {
      // This version hands ServerIsBusy, and a connection that ends in a call, on to its caller.
      await workThrough({ program: await buildRust(), revives: true, isPatient: false }, api);
    },
  });
}

/** What happens to the cluster of client-go's tests, as lines that it obeys. */
const LINES: ((key: string, store: number) => string[])[] = [
  (key) => [`split ${key}`],
  (key, store) => [`move ${key} ${store}`],
  (_, store) => [`stop ${store}`, `start ${store}`],
  (key, store) => [`leaderless ${key}`, `move ${key} ${store}`],
];

Deno.test({
  ...LIMIT,
  ignore: noGo !== undefined,
  name: named("the store does its work on client-go's own cluster for tests", noGo),
  async fn() {
    await using talk = talkWith(await buildJudge("mock"), [], 400);
    const pd = await talk.line();
    assert.match(pd ?? "", /^127\.0\.0\.1:\d+$/);
    const store = await openTikv("bench", { pd: pd! }, "k/");
    try {
      assert.deepEqual([store.describe().engine, store.describe().version], [
        "a double of TiKV",
        "mocktikv of client-go 2.0.4",
      ]);
      const below = numbers(11);
      const model = new Map<string, string>();
      for (let round = 0; round < 60; round++) {
        const key = `k/${keyOf(below(200))}`;
        const [first, ...rest] = LINES[round % LINES.length]!(key, below(3) + 1);
        const tell = async (line: string) => {
          await talk.tell(line);
          assert.equal(await talk.line(), "done");
        };
        await tell(first!);
        const work = workOn(store, model, below);
        if (rest.length > 0) await new Promise((resolve) => setTimeout(resolve, 30));
        for (const line of rest) await tell(line);
        await work;
        assert.deepEqual(await entries(store, round % 2 === 1), inOrder(model, round % 2 === 1));
      }
      assert.ok(Number(store.property("tikv.retries")) > 20);
      assert.ok(Number(store.property("tikv.regions")) > 10);
    } finally {
      await store.close();
    }
  },
});

/** Numbers below an end that are the same each time. */
function numbers(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * end);
  };
}

const keyOf = (number: number) => String(number).padStart(3, "0");

/** Some operations one after the other, each held against the map. */
async function workOn(
  store: TikvStore,
  model: Map<string, string>,
  below: (end: number) => number,
): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const [key, value] = [keyOf(below(200)), `v${below(1000)}`];
    const what = below(6);
    if (what < 2) {
      await store.put(Slice.fromText(key), Slice.fromText(value));
      model.set(key, value);
    } else if (what < 4) {
      const into = new Slice(10);
      const length = await store.get(Slice.fromText(key), into);
      const got = length < 0 ? undefined : new TextDecoder().decode(into.view());
      assert.equal(got, model.get(key));
    } else if (what === 4) {
      await store.delete(Slice.fromText(key));
      model.delete(key);
    } else {
      const batch = store.batch();
      for (let j = 0; j < 10; j++) {
        const key = keyOf(below(200));
        if (below(3) === 0) {
          batch.delete(Slice.fromText(key));
          model.delete(key);
        } else {
          batch.put(Slice.fromText(key), Slice.fromText(value));
          model.set(key, value);
        }
      }
      await store.write(batch);
    }
  }
}

async function entries(store: TikvStore, reverse: boolean): Promise<string[]> {
  const cursor = store.cursor({ reverse });
  const found: string[] = [];
  const [key, value] = [new Slice(10), new Slice(10)];
  const text = (slice: Slice) => new TextDecoder().decode(slice.view());
  while (await cursor.next()) {
    cursor.readKey(key);
    cursor.readValue(value);
    found.push(`${text(key)}=${text(value)}`);
  }
  await cursor.close();
  return found;
}

function inOrder(model: ReadonlyMap<string, string>, reverse: boolean): string[] {
  const entries = [...model].map(([key, value]) => `${key}=${value}`).sort();
  return reverse ? entries.reverse() : entries;
}
