import assert from "node:assert/strict";
import { smallLibrary } from "./_testing/archives.ts";
import { cachedLibrary, isCached, releaseFolder } from "./cache.ts";
import { digestOf } from "./digest.ts";
import type { Machine } from "./machine.ts";
import { parcelOf, type ParcelReply } from "./parcel.ts";
import { receiveLibrary } from "./receive.ts";
import { DEFAULT_RELEASE } from "./table.ts";

const MACHINE: Machine = "linux-x86_64";
/** One that is in no table. */
const RELEASE = "99.1.0";
const LIBRARY = smallLibrary("x86_64");
const ENTRY = "librocksdbjni-linux64.so";
const HEAD = {
  release: RELEASE,
  machine: MACHINE,
  entry: ENTRY,
  sha256: digestOf(LIBRARY),
  bytes: LIBRARY.length,
  source: "repository.test",
};

/** What was sent, in pieces; where it does not end, its last piece is waited for. */
function sent(head: unknown, pieces: Uint8Array[] = [LIBRARY], ends = true) {
  const line = typeof head === "string" ? head : JSON.stringify(head);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`${line}\n`));
      for (const piece of pieces) controller.enqueue(piece);
      if (ends) controller.close();
    },
  });
}

async function replies(cache: string, input: ReadableStream<Uint8Array>, patience = 60) {
  const said: ParcelReply[] = [];
  await receiveLibrary(input, (line) => said.push(line), { machine: MACHINE, cache, patience });
  return said;
}

async function withCache(body: (cache: string) => Promise<void>): Promise<void> {
  const cache = Deno.makeTempDirSync({ prefix: "tidemark-receive-" });
  try {
    await body(cache);
  } finally {
    Deno.removeSync(cache, { recursive: true });
  }
}

const folderOf = (cache: string) => releaseFolder(cache, RELEASE, MACHINE);
const names = (cache: string) =>
  [...Deno.readDirSync(folderOf(cache))].map(({ name }) => name).sort();

Deno.test("receiveLibrary() keeps what was sent, and asks for nothing that is here", async () => {
  await withCache(async (cache) => {
    const halves = [LIBRARY.subarray(0, 100), LIBRARY.subarray(100)];
    assert.deepEqual(await replies(cache, sent(HEAD, halves)), [{ kind: "send" }, {
      kind: "kept",
    }]);
    const kept = cachedLibrary(RELEASE, MACHINE, cache)!;
    assert.equal(kept.sha256, HEAD.sha256);
    assert.equal(kept.source, "repository.test, pushed");
    assert.equal(kept.pinned, false);
    assert.deepEqual(names(cache), ["engine.json", ENTRY, "lock"]);
    // What is kept is sent on as it came.
    assert.deepEqual(parcelOf(kept, MACHINE).head, { ...HEAD, source: kept.source });
    assert.deepEqual(await replies(cache, sent(HEAD, [])), [{ kind: "have" }]);
  });
});

Deno.test("receiveLibrary() takes the place of what is damaged, or left by a killed one", async () => {
  await withCache(async (cache) => {
    await replies(cache, sent(HEAD));
    Deno.writeFileSync(`${folderOf(cache)}/${ENTRY}`, LIBRARY.with(0, 0));
    Deno.writeTextFileSync(`${folderOf(cache)}/library.part`, "half");
    assert.deepEqual((await replies(cache, sent(HEAD))).at(-1), { kind: "kept" });
    assert.deepEqual(names(cache), ["engine.json", ENTRY, "lock"]);
    assert.equal(cachedLibrary(RELEASE, MACHINE, cache)?.sha256, HEAD.sha256);
  });
});

const faults: [why: string, input: () => ReadableStream<Uint8Array>, message: RegExp][] = [
  [
    "breaks off",
    () => sent(HEAD, [LIBRARY.subarray(0, 100)]),
    /^Cannot take the library: it did not come whole: \d+ of \d+ bytes are missing$/,
  ],
  [
    "falls silent",
    () => sent(HEAD, [LIBRARY.subarray(0, 100)], false),
    /^Cannot take the library: nothing came for 0\.2 s$/,
  ],
  [
    "has another digest",
    () => sent({ ...HEAD, sha256: "0".repeat(64) }),
    /^Cannot use the library in what was sent as 99\.1\.0: its SHA-256 is [0-9a-f]{16}…, not 0{16}…/,
  ],
  [
    "has another digest than is pinned",
    () => sent({ ...HEAD, release: DEFAULT_RELEASE }),
    /^Cannot use the library in what was sent as [\d.]+: its SHA-256 is .*; nothing of it is kept$/,
  ],
  [
    "is longer than it said",
    () => sent({ ...HEAD, bytes: 100 }),
    /more came than the 100 bytes that were said$/,
  ],
  [
    "is too large for a library",
    () => sent({ ...HEAD, bytes: 1e12 }),
    /a library of 1000000000000 bytes is none of RocksDB's$/,
  ],
  [
    "is for another machine",
    () => sent({ ...HEAD, machine: "linux-aarch64" }),
    /it is for linux-aarch64, and this machine is linux-x86_64$/,
  ],
  [
    "says one machine and is for another",
    () => {
      const other = smallLibrary("aarch64");
      return sent({ ...HEAD, bytes: other.length, sha256: digestOf(other) }, [other]);
    },
    /it is a library for linux on aarch64, and this is for linux-x86_64$/,
  ],
  [
    "has a name that leads elsewhere",
    () => sent({ ...HEAD, entry: "../x" }),
    /what came is no library/,
  ],
  [
    "has a release that leads elsewhere",
    () => sent({ ...HEAD, release: "../x" }),
    /^Cannot tell the release/,
  ],
  ["is none", () => sent("hello"), /what came is no library; push with the same version$/],
  ["does not come", () => sent("", []), /what came is no library/],
];
Deno.test.each(faults)(
  "receiveLibrary() keeps nothing of a library that %s",
  async (_why, input, message) => {
    await withCache(async (cache) => {
      const last = (await replies(cache, input(), 0.2)).at(-1);
      assert.equal(last?.kind, "refused");
      assert.match((last as { message: string }).message, message);
      for (const release of [RELEASE, DEFAULT_RELEASE]) {
        assert.equal(isCached(release, MACHINE, cache), false);
        const folder = releaseFolder(cache, release, MACHINE);
        let left: string[] = [];
        try {
          left = [...Deno.readDirSync(folder)].map(({ name }) => name);
        } catch {
          // It was not even begun.
        }
        assert.deepEqual(left.filter((name) => name !== "lock"), []);
      }
    });
  },
);

Deno.test("receiveLibrary() says that nothing can be kept where the cache is no folder", async () => {
  await withCache(async (cache) => {
    const file = `${cache}/file`;
    Deno.writeTextFileSync(file, "");
    const [last] = await replies(file, sent(HEAD));
    assert.equal(last?.kind, "refused");
    assert.match(
      (last as { message: string }).message,
      /^Cannot keep an engine release in .*: a part of its path is not a folder; .*TIDEMARK_CACHE$/,
    );
  });
});
