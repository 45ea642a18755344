import assert from "node:assert/strict";
import { StoreError } from "../error.ts";
import { Slice } from "../slice.ts";
import { levelIsThere, type LevelOptions, openLevel, refuseUnknownOptions } from "./mod.ts";

Deno.test("refuseUnknownOptions() refuses what npm:rocksdb cannot set, by name", () => {
  const refused: [LevelOptions, string][] = [
    [{ wal: "off" }, "wal=off"],
    [{ compression: "zstd" }, "compression=zstd"],
    [{ compression: "lz4" }, "compression=lz4"],
    [{ compression: "zlib" }, "compression=zlib"],
    [{ bloomBits: 10 }, "bloomBits"],
    [{ statistics: true }, "statistics"],
    [{ blockCacheBytes: 0 }, "blockCacheBytes=0"],
  ];
  for (const [options, named] of refused) {
    assert.throws(() => refuseUnknownOptions(options), (error) => {
      assert.ok(error instanceof StoreError);
      assert.ok(error.message.startsWith(`Cannot open the store level with ${named}: `));
      assert.deepEqual([error.call, error.kind], ["open", "usage"]);
      return true;
    });
  }
});

Deno.test("refuseUnknownOptions() lets pass what can be set, and what asks for nothing", () => {
  refuseUnknownOptions({});
  refuseUnknownOptions({
    wal: "synced",
    compression: "none",
    writeBufferBytes: 65536,
    blockCacheBytes: 1 << 20,
    bloomBits: 0,
    statistics: false,
  });
});

Deno.test("openLevel() makes no database when an option is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assert.rejects(openLevel(`${folder}/database`, { wal: "off" }), StoreError);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openLevel() hands its options to RocksDB, and describe() says them", {
  ignore: !levelIsThere(),
}, async () => {
  const path = await Deno.makeTempDir();
  const store = await openLevel(path, {
    wal: "synced",
    compression: "none",
    writeBufferBytes: 1 << 20,
    blockCacheBytes: 3 << 20,
    bloomBits: 0,
    families: ["second"],
  });
  try {
    const file = [...Deno.readDirSync(path)].find(({ name }) => name.startsWith("OPTIONS-"));
    const text = await Deno.readTextFile(`${path}/${file?.name}`);
    assert.match(text, /^\s*write_buffer_size=1048576$/m);
    assert.match(text, /^\s*compression=kNoCompression$/m);
    assert.equal(store.property("rocksdb.block-cache-capacity"), `${3 << 20}`);
    const { options, asked, durability, library, version } = store.describe();
    assert.deepEqual(options, {
      wal: "synced",
      compression: "none",
      writeBufferBytes: 1 << 20,
      blockCacheBytes: 3 << 20,
      // The package has a filter of its own, which nobody asks for.
      filterPolicy: "rocksdb.BuiltinBloomFilter",
    });
    assert.deepEqual(asked, { bloomBits: 0 });
    assert.equal(durability, "synced");
    assert.equal(version, /^\s*rocksdb_version=(.*)$/m.exec(text)?.[1]);
    // The version of the package stands where the package is imported.
    const shim = await Deno.readTextFile(new URL("../../deps/rocksdb.ts", import.meta.url));
    assert.ok(shim.includes(`"${library.replace(" ", "@")}"`), library);
  } finally {
    await store.close();
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test(
  "put() is refused by a promise when the key is empty",
  { ignore: !levelIsThere() },
  async () => {
    const path = await Deno.makeTempDir();
    const store = await openLevel(path);
    try {
      await assert.rejects(store.put(new Slice(0), Slice.fromText("value")), (error) => {
        assert.ok(error instanceof StoreError && error.call === "put");
        assert.ok(error.message.startsWith(`Cannot put in the database ${path}: key cannot be`));
        return true;
      });
    } finally {
      await store.close();
      await Deno.remove(path, { recursive: true });
    }
  },
);
