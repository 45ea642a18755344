import assert from "node:assert/strict";
import { type Ended, run } from "../../_testing/child.ts";
import { type StoreCall, StoreError, type StoreErrorKind } from "../error.ts";
import { Slice } from "../slice.ts";
import { MOST_ENTRY_BYTES } from "./entry_size.ts";
import { libraryIsThere, openRaw, type RawOptions } from "./mod.ts";

const slice = Slice.fromText;

/**
 * Runs a test in a folder of its own, which is removed afterwards.
 *
 * @param skip Why the test cannot be run here; it is ignored then.
 */
function test(
  name: string,
  body: (folder: string) => void | Promise<void>,
  skip?: string,
): void {
  if (!libraryIsThere()) skip = "there is no librocksdb";
  Deno.test({
    name: skip === undefined ? name : `${name} (skipped: ${skip})`,
    ignore: skip !== undefined,
    timeout: 300_000,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "tidemark-raw-" });
      try {
        await body(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Holds a call's error against the call, the database, and a part of RocksDB's own words. */
function refuses(
  run: () => unknown,
  expected: { call: StoreCall; path: string; words: RegExp; kind?: StoreErrorKind },
): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof StoreError, `${error}`);
    assert.match(error.message, expected.words);
    assert.match(error.message, /^Cannot /);
    assert.ok(error.message.includes(`the database ${expected.path}: `), error.message);
    assert.equal(error.call, expected.call);
    assert.equal(error.kind, expected.kind ?? "engine");
    return true;
  });
}

function refusesToOpen(path: string, words: RegExp, options?: RawOptions): void {
  refuses(() => openRaw(path, options).close(), { call: "open", path, words });
}

/** A closed database of a hundred values in one table file. */
function fill(path: string): void {
  const store = openRaw(path);
  for (let i = 100; i < 200; i++) store.put(slice(`${i}`), slice(`value ${i}`));
  store.flush();
  store.close();
}

/** The database's files whose names begin or end so. */
function filesOf(path: string, name: RegExp): string[] {
  return [...Deno.readDirSync(path)].filter((entry) => name.test(entry.name))
    .map((entry) => `${path}/${entry.name}`);
}

/** Runs a command; what it complains of, or `undefined`. */
async function complaintOf(command: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { code, err } = await run(command, args);
    return code === 0 ? undefined : err.trim();
  } catch (error) {
    return `${error}`;
  }
}

/** Runs a body with a file system in memory in a folder. */
async function mounted(
  folder: string,
  options: string,
  body: () => void | Promise<void>,
): Promise<void> {
  const complaint = await complaintOf("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
  if (complaint !== undefined) throw new Error(complaint);
  try {
    await body();
  } finally {
    assert.equal(await complaintOf("umount", folder), undefined);
  }
}

/** Why no file system can be mounted here; `undefined` where one can. */
async function mountingRefused(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "only Linux has tmpfs";
  const folder = await Deno.makeTempDir({ prefix: "tidemark-raw-" });
  try {
    await mounted(folder, "size=1m", () => {});
    return undefined;
  } catch (error) {
    return `no tmpfs can be mounted: ${(error as Error).message}`;
  } finally {
    await Deno.remove(folder);
  }
}

const noMount = await mountingRefused();

test("openRaw() names the database when the path is a file's", (folder) => {
  Deno.writeTextFileSync(`${folder}/file`, "no database");
  refusesToOpen(`${folder}/file`, /not a directory/);
});

test("openRaw() names the database when the folder above is missing", (folder) => {
  refusesToOpen(`${folder}/no/such/database`, /No such file or directory/);
});

test(
  "openRaw() names the database when the folder may not be written to",
  (folder) => {
    Deno.chmodSync(folder, 0o500);
    refusesToOpen(`${folder}/database`, /Permission denied/);
    Deno.chmodSync(folder, 0o700);
  },
  Deno.uid() === 0 ? "root may write everywhere" : undefined,
);

test(
  "openRaw() names the database when the file system is read-only",
  (folder) =>
    mounted(folder, "ro", () => refusesToOpen(`${folder}/database`, /Read-only file system/)),
  noMount,
);

test("openRaw() names the database when it is open already", (folder) => {
  const path = `${folder}/database`;
  const store = openRaw(path);
  refusesToOpen(path, /lock hold by current process/i);
  store.put(slice("still"), slice("works"));
  store.close();
  openRaw(path).close();
});

test("openRaw() names the database when CURRENT or MANIFEST is damaged", (folder) => {
  const cases: [RegExp, string, RegExp][] = [
    [/^CURRENT$/, "", /Corruption: CURRENT/],
    [/^CURRENT$/, "MANIFEST-999999\n", /No such file or directory/],
    [/^MANIFEST-/, "garbage".repeat(100), /Corruption: /],
    [/^MANIFEST-/, "", /Corruption: /],
  ];
  for (const [i, [name, text, words]] of cases.entries()) {
    const path = `${folder}/${i}`;
    fill(path);
    for (const file of filesOf(path, name)) Deno.writeTextFileSync(file, text);
    refusesToOpen(path, words);
  }
});

test("openRaw() names the database when a table file is missing", (folder) => {
  const path = `${folder}/database`;
  fill(path);
  for (const file of filesOf(path, /\.sst$/)) Deno.removeSync(file);
  refusesToOpen(path, /Corruption: .*No such file or directory/);
});

test("get() and next() name the call and the database when a table file is damaged", (folder) => {
  const path = `${folder}/database`;
  fill(path);
  for (const name of filesOf(path, /\.sst$/)) {
    const bytes = Deno.readFileSync(name);
    // The first block holds the data; what the file is opened by stands at its end.
    bytes.fill(0x55, 10, 60);
    Deno.writeFileSync(name, bytes);
  }
  const store = openRaw(path);
  const words = /Corruption: .*checksum mismatch/;
  refuses(() => store.get(slice("100"), slice("into")), { call: "get", path, words });
  const cursor = store.cursor();
  refuses(() => cursor.next(), { call: "scan", path, words });
  assert.equal(cursor.next(), false);
  store.put(slice("100"), slice("new"));
  const into = new Slice(16);
  assert.equal(store.get(slice("100"), into), 3);
  store.close();
});

test("openRaw() names the database when its families are not those asked for", (folder) => {
  const path = `${folder}/database`;
  openRaw(path, { families: ["one", "two"] }).close();
  refusesToOpen(path, /Column families not opened: (one, two|two, one)/);
  refusesToOpen(path, /Column families not opened: two/, { families: ["one", "three"] });
  for (const families of [["one", "two", "one"], ["one", "two", "default"]]) {
    const words = /the column family (one|default) is named twice$/;
    refuses(() => openRaw(path, { families }), { call: "open", path, words, kind: "usage" });
  }
  openRaw(path, { families: ["two", "one"] }).close();
});

test("openRaw() refuses names with a NUL, at which C would end them", (folder) => {
  for (const [path, families] of [[`${folder}/a\0b`, []], [`${folder}/c`, ["d\0e"]]] as const) {
    refuses(() => openRaw(path, { families }), {
      call: "open",
      path,
      words: /holds a NUL$/,
      kind: "usage",
    });
  }
  assert.deepEqual([...Deno.readDirSync(folder)], []);
});

test(
  "openRaw() leaves no database open when there are too many open files",
  async (folder) => {
    const program = new URL("./_testing/few_files.ts", import.meta.url).pathname;
    const rights = ["--allow-ffi", "--allow-read", "--allow-write", "--allow-env"];
    const refusals: string[] = [];
    let aborted = false;
    for (let free = 0; free < 16; free++) {
      const { out, err } = await run("sh", [
        ...["-c", 'ulimit -n 80 && exec "$@"', "sh"],
        ...[Deno.execPath(), "run", "--no-prompt", ...rights, program],
        ...[`${folder}/${free}`, `${free}`],
      ]);
      // The archives' builds open a file for random numbers, and end the process without one.
      if (out === "" && /random_device/.test(err)) {
        aborted = true;
        continue;
      }
      assert.ok(out, `${free}: ${err}`);
      const said = JSON.parse(out);
      if (said !== null) refusals.push(said);
    }
    // The library, the machine code and the database each were what could not be opened.
    const kinds = [
      /^Cannot (find|load) /,
      /^Cannot open .*machine code/,
      /^Cannot open .*Too many/,
    ];
    for (const words of aborted ? kinds.slice(0, 2) : kinds) {
      assert.ok(refusals.some((refusal) => words.test(refusal)), `${words}: ${refusals}`);
    }
  },
  Deno.build.os === "windows" ? "there is no ulimit" : undefined,
);

test("openRaw() refuses families that RocksDB would take for others, or not keep", (folder) => {
  const path = `${folder}/database`;
  const cases: [families: string[], words: RegExp][] = [
    // Both would be the bytes EF BF BD.
    [["\ud800", "\ufffd"], /: "\\ud800" holds half a surrogate pair$/],
    [["\udfff"], /: "\\udfff" holds half a surrogate pair$/],
    [["a", ""], /: a column family has an empty name$/],
    [["\ufffd", "\ufffd"], /: the column family \ufffd is named twice$/],
  ];
  for (const [families, words] of cases) {
    refuses(() => openRaw(path, { families }), { call: "open", path, words, kind: "usage" });
  }
  const half = `${folder}/\ud800`;
  const words = /holds half a surrogate pair$/;
  refuses(() => openRaw(half), { call: "open", path: half, words, kind: "usage" });
  assert.deepEqual([...Deno.readDirSync(folder)], []);
});

test("openRaw() keeps families whose names are odd", (folder) => {
  const families = [
    " ",
    "a b",
    "a\nb",
    'a"]',
    "\\",
    "#",
    "\u0001",
    "é",
    "\u{1f600}",
    "x".repeat(9000),
  ];
  const path = `${folder}/database`;
  for (const round of ["first", "second"]) {
    const store = openRaw(path, { families });
    for (let family = 1; family <= families.length; family++) {
      store.put(slice(round), slice(`${family}`), family);
    }
    store.flush();
    store.close();
  }
  const store = openRaw(path, { families: families.toReversed() });
  const into = new Slice(8);
  for (let family = 1; family <= families.length; family++) {
    assert.ok(store.get(slice("first"), into, family) > 0);
    const original = families.length + 1 - family;
    assert.equal(new TextDecoder().decode(into.view()), `${original}`);
  }
  store.close();
});

test("openRaw() refuses options that RocksDB would take for others, and leaves nothing", (folder) => {
  const path = `${folder}/database`;
  const cases: [options: Record<string, unknown>, words: RegExp][] = [
    [
      { writeBufferBytes: 0.5 },
      /: writeBufferBytes is 0\.5, and takes 65536 to 68719476736 bytes$/,
    ],
    [{ writeBufferBytes: 1024 ** 4 }, /: writeBufferBytes is 1099511627776, and takes 65536 to/],
    [{ writeBufferBytes: 1024 }, /: writeBufferBytes is 1024, and takes/],
    [{ blockCacheBytes: -1 }, /: blockCacheBytes is -1, and takes bytes, 0 for none$/],
    [{ blockCacheBytes: NaN }, /: blockCacheBytes is null, and takes/],
    [{ bloomBits: 0.5 }, /: bloomBits is 0\.5, and takes 0 to 100 for a key$/],
    [
      { compression: "brotli" },
      /: compression is "brotli", and takes none, snappy, zlib, lz4, zstd$/,
    ],
    [{ compression: "toString" }, /: compression is "toString", and takes/],
    [{ wal: "maybe" }, /: wal is "maybe", and takes synced, buffered or off$/],
    [{ statistics: 1 }, /: statistics is 1, and takes true or false$/],
  ];
  for (const [options, words] of cases) {
    const open = () => openRaw(path, options as RawOptions);
    refuses(open, { call: "open", path, words, kind: "usage" });
  }
  assert.deepEqual([...Deno.readDirSync(folder)], []);
});

test("describe() names the database when its folder is gone", (folder) => {
  const path = `${folder}/database`;
  const store = openRaw(path);
  Deno.removeSync(path, { recursive: true });
  refuses(() => store.describe(), {
    call: "describe",
    path,
    words: /there is no such file or folder/,
  });
  store.close();
});

test("compact() names the database when a table file is damaged, again and again", (folder) => {
  const path = `${folder}/database`;
  fill(path);
  fill(path);
  for (const name of filesOf(path, /\.sst$/)) {
    const bytes = Deno.readFileSync(name);
    bytes.fill(0x55, 10, 60);
    Deno.writeFileSync(name, bytes);
  }
  const store = openRaw(path);
  const words = /Corruption: .*checksum mismatch/;
  for (let i = 0; i < 2; i++) refuses(() => store.compact(), { call: "compact", path, words });
  store.close();
});

test("sizes beyond RocksDB's are refused in every path, before memory is touched", (folder) => {
  const path = `${folder}/database`;
  const store = openRaw(path);
  store.put(slice("key"), slice("value"));
  const batch = store.batch();
  const snapshot = store.snapshot();
  // Its pages are never written, so that it takes no memory.
  const large = new Slice(2 ** 32 + 3);
  large.fill(new TextEncoder().encode("key"));
  const small = slice("key");
  for (const length of [MOST_ENTRY_BYTES + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 3]) {
    large.length = length;
    const calls: [StoreCall, () => unknown][] = [
      ["put", () => store.put(large, small)],
      ["put", () => store.put(small, large)],
      ["get", () => store.get(large, small)],
      ["get", () => snapshot.get(large, small)],
      ["delete", () => store.delete(large)],
      ["batch", () => batch.put(large, small)],
      ["batch", () => batch.put(small, large)],
      ["batch", () => batch.delete(large)],
      ["scan", () => store.cursor({ from: large })],
      ["scan", () => store.cursor({ to: large })],
      ["scan", () => snapshot.cursor({ from: large })],
      ["compact", () => store.compact({ from: large })],
    ];
    for (const [call, run] of calls) {
      refuses(run, { call, path, words: /more than RocksDB keeps; give at most/, kind: "usage" });
    }
  }
  assert.equal(batch.count, 0);
  // A place of more than 4 GiB takes what fits, as any other does.
  for (const get of [store.get.bind(store), snapshot.get.bind(snapshot)]) {
    large.length = 3;
    large.fill(new TextEncoder().encode("???"));
    assert.equal(get(slice("key"), large), 5);
    assert.equal(new TextDecoder().decode(large.view()), "value");
  }
  store.close();
});

test("a slice whose buffer was transferred is refused in every path", (folder) => {
  const path = `${folder}/database`;
  const store = openRaw(path);
  const batch = store.batch();
  const gone = slice("gone");
  gone.address; // as after an earlier use
  gone.bytes.buffer.transfer();
  const there = slice("there");
  for (
    const run of [
      () => store.put(gone, there),
      () => store.put(there, gone),
      () => store.get(gone, there),
      () => store.get(there, gone),
      () => store.delete(gone),
      () => batch.put(gone, there),
      () => batch.delete(gone),
      () => store.cursor({ from: gone }),
    ]
  ) assert.throws(run, { name: /RangeError|TypeError/ });
  store.close();
});

test("openRaw() names the database when a compression is not compiled in", (folder) => {
  for (const compression of ["none", "snappy", "zlib", "lz4", "zstd"] as const) {
    const path = `${folder}/${compression}`;
    try {
      openRaw(path, { compression }).close();
    } catch (error) {
      assert.ok(error instanceof StoreError && error.call === "open", `${error}`);
      assert.match(error.message, /^Cannot open the database .*not linked/);
      assert.notEqual(compression, "none");
    }
  }
});

/** Whether this RocksDB may hang for ever in a write on a full disk, as those from 8.8 on do. */
function mayHangWhenFull(): boolean {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-raw-" });
  const store = openRaw(folder);
  const [major, minor] = store.describe().version.split(".").map(Number) as [number, number];
  store.close();
  Deno.removeSync(folder, { recursive: true });
  return major > 8 || major === 8 && minor >= 8;
}

for (const how of ["put", "write", "native put"]) {
  const call = how.split(" ").at(-1)!;
  test(
    `a ${how} names the call and the database when the disk is full, and reads go on`,
    (folder) =>
      mounted(folder, "size=4m", async () => {
        const path = `${folder}/database`;
        const program = new URL("./_testing/fill_disk.ts", import.meta.url).pathname;
        const deno = ["run", "--no-prompt", "--allow-ffi", "--allow-read", "--allow-env"];
        let ended: Ended;
        try {
          ended = await run(Deno.execPath(), [...deno, program, path, how], { seconds: 30 });
        } catch (error) {
          // A race of RocksDB's own threads: nothing ends it but who has the patience no more.
          if (mayHangWhenFull()) return;
          throw error;
        }
        const { out, err } = ended;
        assert.ok(out, err);
        const told = JSON.parse(out);
        assert.equal(told.call, call);
        assert.equal(told.kind, "engine");
        assert.ok(told.message.startsWith(`Cannot ${call} `) && told.message.includes(path));
        assert.match(told.message, /No space left on device/);
        assert.equal(told.found, 65536);
      }),
    noMount,
  );
}

test("a closed batch, snapshot and store refuse instead of ending the process", (folder) => {
  const path = `${folder}/database`;
  const store = openRaw(path);
  const batch = store.batch();
  const snapshot = store.snapshot();
  const cursor = snapshot.cursor();
  batch.close();
  snapshot.close();
  snapshot.close();
  const key = slice("key");
  for (
    const run of [
      () => batch.put(key, key),
      () => batch.delete(key),
      () => batch.clear(),
      () => store.write(batch),
    ]
  ) {
    assert.throws(run, { name: "StoreError", message: /^Cannot use a batch that is closed/ });
  }
  const usage = { path, words: /: the snapshot is closed$/, kind: "usage" as const };
  refuses(() => snapshot.get(key, key), { call: "get", ...usage });
  refuses(() => snapshot.cursor(), { call: "scan", ...usage });
  assert.equal(cursor.next(), false);
  const open = store.snapshot();
  store.close();
  const closed = { path, words: /: it is closed$/, kind: "usage" as const };
  refuses(() => open.get(key, key), { call: "get", ...closed });
  refuses(() => open.cursor(), { call: "scan", ...closed });
  refuses(() => store.snapshot(), { call: "snapshot", ...closed });
  refuses(() => store.statistics(), { call: "statistics", ...closed });
  open.close();
});
