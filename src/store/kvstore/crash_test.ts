/**
 * A writer is killed at random moments, ten times; with `TIDEMARK_LONG=1` two hundred times. What
 * is found afterwards is compared with a store that was never killed.
 */
import assert from "node:assert/strict";
import { limited } from "../../_testing/child.ts";
import type { Store } from "../contract.ts";
import { levelIsThere, openLevel } from "../level/mod.ts";
import { libraryIsThere, openRaw, type RawStore } from "../raw/mod.ts";
import { Slice } from "../slice.ts";
import { compactsTo, grantsLease, writeRevisionOf } from "./_testing/crash_workload.ts";
import {
  KEY_FAMILY,
  KVSTORE_FAMILIES,
  type KvStoreSync,
  openKvStore,
  openKvStoreAsync,
} from "./mod.ts";
import { readMain, readSub, type Revision } from "./revision.ts";

const LONG = Deno.env.get("TIDEMARK_LONG") === "1";
const KILLS = LONG ? Number(Deno.env.get("TIDEMARK_LONG_KILLS") ?? 200) : 10;
const GROUP_KILLS = Math.ceil(KILLS / 4);

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

function openEngine(path: string): RawStore {
  return openRaw(path, { families: KVSTORE_FAMILIES });
}

/** Lets a writer write until it is killed; returns the lines that it printed. */
async function writeUntilKilled(writer: string, path: string): Promise<string[]> {
  const writing = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      new URL(writer, import.meta.url).pathname,
      path,
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const child = limited(writing);
  const errors = new Response(child.stderr).text();
  let output = "";
  const decoder = new TextDecoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const chunk of child.stdout) {
    output += decoder.decode(chunk, { stream: true });
    // The time runs from the first write on: starting takes longer than what is to be hit.
    timer ??= setTimeout(() => child.kill("SIGKILL"), Math.random() * 300);
  }
  const { signal } = await child.status;
  assert.equal(signal, "SIGKILL", await errors);
  await errors;
  // A line that was cut is one that was not acknowledged.
  return output.slice(0, output.lastIndexOf("\n")).split("\n");
}

/** The revisions on disk, in order. */
async function revisionsOf(engine: Store): Promise<Revision[]> {
  const cursor = engine.cursor({ family: KEY_FAMILY });
  const key = new Slice(18);
  const revisions: Revision[] = [];
  while (await cursor.next()) {
    cursor.readKey(key);
    revisions.push({ main: readMain(key.bytes), sub: readSub(key.bytes) });
  }
  await cursor.close();
  return revisions;
}

/** Fails where a revision that was not compacted is missing, or its first changes are. */
function assertNoGap(revisions: readonly Revision[], compacted: number, last: number): Revision[] {
  const kept = revisions.filter(({ main }) => main > compacted);
  const mains = new Set(kept.map(({ main }) => main));
  assert.equal(mains.size, last - Math.max(1, compacted), "a gap");
  for (const [i, { main, sub }] of kept.entries()) {
    const before = kept[i - 1];
    assert.equal(sub, before?.main === main ? before.sub + 1 : 0, "a gap in a transaction");
  }
  return kept;
}

function compareStores(killed: KvStoreSync, whole: KvStoreSync): void {
  const { compactRevision } = killed.etcd.hashKv();
  for (let n = whole.revision + 1; n <= killed.revision; n++) writeRevisionOf(whole, n);
  if (whole.etcd.hashKv().compactRevision < compactRevision) {
    whole.etcd.compact({ revision: compactRevision });
  }
  assert.deepEqual(killed.etcd.hashKv(), whole.etcd.hashKv());
  const expected: bigint[] = [];
  for (let n = 2; n <= killed.revision; n++) {
    if (grantsLease(n) && n + 4 > killed.revision) expected.push(BigInt(n));
  }
  const leases = killed.etcd.leaseLeases().leases.toSorted((a, b) => a < b ? -1 : 1);
  // A lease may have been granted whose key was not put any more.
  const next = BigInt(killed.revision + 1);
  assert.deepEqual(leases.filter((id) => id !== next), expected);
  for (const id of expected) {
    const { keys } = killed.etcd.leaseTimeToLive({ id, keys: true });
    assert.deepEqual(keys, [new TextEncoder().encode(`lease${id}`)]);
  }
}

Deno.test({
  name:
    `openKvStore() finds all that was acknowledged, and nothing in part, after each of ${KILLS} kills`,
  timeout: LONG ? 4 * 3600_000 : 300_000,
  ignore: !libraryIsThere(),
  fn: async () => {
    const path = await Deno.makeTempDir();
    const wholePath = await Deno.makeTempDir();
    const wholeEngine = openEngine(wholePath);
    const whole = openKvStore(wholeEngine);
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const acknowledged = Number(
          (await writeUntilKilled("./_testing/crash_writer.ts", path)).at(-1),
        );
        const engine = openEngine(path);
        const killed = openKvStore(engine);
        const { revision } = killed;
        const { compactRevision } = killed.etcd.hashKv();
        assert.ok(
          revision === acknowledged || revision === acknowledged + 1,
          `${acknowledged} was acknowledged, ${revision} is there`,
        );
        // A compaction that was scheduled is there too, and the last one that had to be is.
        const due = Array.from({ length: acknowledged - 1 }, (_, i) => compactsTo(i + 2) ?? -1);
        assert.ok([-1, ...due, compactsTo(revision)].includes(compactRevision));
        assert.ok(compactRevision >= Math.max(-1, ...due.slice(0, -1)));
        compareStores(killed, whole);
        const revisions = await revisionsOf(engine);
        assertNoGap(revisions, compactRevision, revision);
        // The compaction was finished: there are no more old records than in the whole store.
        assert.equal(revisions.length, (await revisionsOf(wholeEngine)).length);
        killed.close();
      }
    } finally {
      whole.close();
      await Deno.remove(path, { recursive: true });
      await Deno.remove(wholePath, { recursive: true });
    }
  },
});

Deno.test(
  `openKvStoreAsync() finds all pairs that were acknowledged of those written in groups, after each of ${GROUP_KILLS} kills`,
  { timeout: LONG ? 4 * 3600_000 : 300_000, ignore: !levelIsThere() },
  async () => {
    const path = await Deno.makeTempDir();
    try {
      for (let kill = 0; kill < GROUP_KILLS; kill++) {
        const lines = await writeUntilKilled("./_testing/crash_async_writer.ts", path);
        const engine = await openLevel(path, { families: KVSTORE_FAMILIES });
        const killed = await openKvStoreAsync(engine);
        const { revision, etcd } = killed;
        const { compactRevision } = await etcd.hashKv();
        for (const [client, count, acknowledged] of lines.map((line) => line.split(" "))) {
          assert.ok(
            Number(acknowledged) <= revision,
            `${acknowledged} is not there, ${revision} is`,
          );
          if (Number(acknowledged) < compactRevision) continue;
          const { kvs } = await etcd.range({
            key: text(client!),
            rangeEnd: text(`${client}c`),
            revision: Number(acknowledged),
          });
          assert.deepEqual(
            kvs.map((kv) => [kv.modRevision, kv.value]),
            Array(2).fill([Number(acknowledged), text(count!)]),
          );
        }
        const revisions = await revisionsOf(engine);
        const kept = assertNoGap(revisions, compactRevision, revision);
        assert.equal(kept.length, 2 * new Set(kept.map(({ main }) => main)).size, "half a pair");
        // Of what was compacted there is one record a key at most.
        assert.ok(revisions.length - kept.length <= 2 * 8);
        await killed.close();
      }
    } finally {
      await Deno.remove(path, { recursive: true });
    }
  },
);
