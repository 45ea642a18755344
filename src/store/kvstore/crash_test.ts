/**
 * A writer is killed at random moments, ten times; with `TIDEMARK_LONG=1` two hundred times. What
 * is found afterwards is compared with a store that was never killed.
 */
import assert from "node:assert/strict";
import { libraryIsThere, openRaw, type RawStore } from "../raw/mod.ts";
import { Slice } from "../slice.ts";
import { compactsTo, grantsLease, writeRevisionOf } from "./crash_workload.ts";
import { KEY_FAMILY, KVSTORE_FAMILIES, type KvStoreSync, openKvStore } from "./mod.ts";
import { readMain, readSub } from "./revision.ts";

const LONG = Deno.env.get("TIDEMARK_LONG") === "1";
const KILLS = LONG ? Number(Deno.env.get("TIDEMARK_LONG_KILLS") ?? 200) : 10;

function openEngine(path: string): RawStore {
  return openRaw(path, { families: KVSTORE_FAMILIES });
}

/** Lets a writer write until it is killed; returns the last revision that it acknowledged. */
async function writeUntilKilled(path: string): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      new URL("./crash_writer.ts", import.meta.url).pathname,
      path,
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
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
  return Number(output.slice(0, output.lastIndexOf("\n")).split("\n").at(-1));
}

/** The revisions on disk, in order. */
function revisionsOf(engine: RawStore): { main: number; sub: number }[] {
  const cursor = engine.cursor({ family: KEY_FAMILY });
  const key = new Slice(18);
  const revisions: { main: number; sub: number }[] = [];
  while (cursor.next()) {
    cursor.readKey(key);
    revisions.push({ main: readMain(key.bytes), sub: readSub(key.bytes) });
  }
  cursor.close();
  return revisions;
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
  ignore: !libraryIsThere(),
  fn: async () => {
    const path = await Deno.makeTempDir();
    const wholePath = await Deno.makeTempDir();
    const wholeEngine = openEngine(wholePath);
    const whole = openKvStore(wholeEngine);
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const acknowledged = await writeUntilKilled(path);
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
        const revisions = revisionsOf(engine);
        const kept = revisions.filter(({ main }) => main > compactRevision);
        const mains = new Set(kept.map(({ main }) => main));
        assert.equal(mains.size, revision - Math.max(1, compactRevision), "a gap");
        for (const [i, { main, sub }] of kept.entries()) {
          const before = kept[i - 1];
          assert.equal(sub, before?.main === main ? before.sub + 1 : 0, "a gap in a transaction");
        }
        // The compaction was finished: there are no more old records than in the whole store.
        assert.equal(revisions.length, revisionsOf(wholeEngine).length);
        killed.close();
      }
    } finally {
      whole.close();
      await Deno.remove(path, { recursive: true });
      await Deno.remove(wholePath, { recursive: true });
    }
  },
});
