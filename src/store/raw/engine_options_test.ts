import assert from "node:assert/strict";
import { optionsInEffect } from "../options_file.ts";
import { libraryIsThere } from "./library.ts";
import { openRaw, type RawOptions } from "./store.ts";

/** Opens a fresh database, asks it, and removes it. */
function opened<T>(options: RawOptions, ask: (store: ReturnType<typeof openRaw>) => T): T {
  const folder = Deno.makeTempDirSync();
  try {
    const store = openRaw(`${folder}/database`, options);
    try {
      return ask(store);
    } finally {
      store.close();
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const everyOption = (options: RawOptions) =>
  opened(options, (store) => optionsInEffect(store, store.path));

const ignore = !libraryIsThere();
const CACHE = "block_based_table_factory.block_cache";

Deno.test({
  name: "openRaw() sets what the engine's own options ask for, in its own form",
  ignore,
  fn() {
    const plain = everyOption({});
    const set = everyOption({
      engineOptions: "max_open_files=123;level0_file_num_compaction_trigger=7;" +
        "block_based_table_factory={block_size=8192}",
    });
    assert.notEqual(plain["max_open_files"], "123");
    assert.equal(set["max_open_files"], "123");
    assert.equal(set["level0_file_num_compaction_trigger"], "7");
    assert.equal(set["block_based_table_factory.block_size"], "8192");
    // What was set beside them stays.
    assert.equal(set[CACHE], plain[CACHE]);
  },
});

Deno.test({
  name: "openRaw() refuses an option that the engine does not know, with its name",
  ignore,
  fn() {
    assert.throws(() => everyOption({ engineOptions: "no_such_option=1" }), /no_such_option/);
    // Those that it cannot read, and those that do not go together.
    for (
      const engineOptions of [
        "max_open_files=many",
        "use_direct_reads=true;allow_mmap_reads=true",
      ]
    ) {
      assert.throws(() => everyOption({ engineOptions }), {
        name: "StoreError",
        kind: "usage",
        call: "options",
        message: /RocksDB refuses them: .*\(engineOptions .*\); mend --set$/,
      });
    }
    assert.throws(() => everyOption({ engineOptions: "a=\0" }), /name=value/);
    assert.throws(() => everyOption({ defaults: "best" as "engine" }), /fixed or engine/);
  },
});

Deno.test({
  name: "openRaw() leaves to the engine what is not said where its defaults are asked for",
  ignore,
  fn() {
    const fixed = everyOption({});
    assert.equal(fixed[CACHE], String(8 * 1024 * 1024));
    const own = everyOption({ defaults: "engine" });
    assert.ok(Number(own[CACHE]) > 0);
    const said = everyOption({ defaults: "engine", compression: "none", blockCacheBytes: 1 << 20 });
    assert.equal(said["compression"], "kNoCompression");
    assert.equal(said[CACHE], String(1 << 20));
    const { options } = opened({ defaults: "engine" }, (store) => store.describe());
    assert.equal(options["defaults"], "engine");
    // The engine's own, by its own word.
    assert.deepEqual([options["blockCacheBytes"], options["bloomBits"]], [Number(own[CACHE]), 0]);
    // Results from before there was the option are not told apart from those without it.
    const { options: before } = opened({}, (store) => store.describe());
    assert.ok(!("defaults" in before) && !("engineOptions" in before));
  },
});

/** What a store over such a database says of its options, but the engine's own form of them. */
const described = (options: RawOptions) =>
  opened(options, (store) => {
    const { options: { engineOptions: _, ...said }, asked } = store.describe();
    return { ...said, asked };
  });

const PLAIN = {
  wal: "buffered",
  compression: "snappy",
  writeBufferBytes: 64 << 20,
  blockCacheBytes: 8 << 20,
  bloomBits: 0,
  statistics: false,
  asked: undefined,
};

/** Before 7, RocksDB writes no bits of a filter and no other kind of one into the file. */
const NO_BITS = "rocksdb.BuiltinBloomFilter";
const tellsBits = !ignore &&
  everyOption({ bloomBits: 1 })["block_based_table_factory.filter_policy"] !== NO_BITS;

/** A filter that was set in the engine's own form, as a description has it. */
const ownFilter = (told: object) =>
  tellsBits ? told : { bloomBits: undefined, filterPolicy: NO_BITS };

const table = (options: string) => `block_based_table_factory={${options}}`;

for (
  const [what, options, said] of [
    ["the filter's bits and the cache", { bloomBits: 7, blockCacheBytes: 3 << 20 }, {
      bloomBits: 7,
      blockCacheBytes: 3 << 20,
    }],
    ["that there is no cache", { blockCacheBytes: 0, bloomBits: 100 }, {
      blockCacheBytes: 0,
      bloomBits: 100,
    }],
    ["what the engine's own form sets instead of a default", {
      engineOptions: `${table("block_cache=1M;filter_policy=bloomfilter:12:false")};` +
        "write_buffer_size=1234567;compression=kNoCompression",
    }, {
      writeBufferBytes: 1_234_567,
      blockCacheBytes: 1 << 20,
      compression: "none",
      ...ownFilter({ bloomBits: 12 }),
    }],
    ["what was asked for twice, and how it was asked for", {
      bloomBits: 10,
      writeBufferBytes: 1 << 20,
      compression: "none",
      engineOptions: `${table("no_block_cache=true;filter_policy=bloomfilter:7:false")};` +
        "write_buffer_size=2M",
    }, {
      blockCacheBytes: 0,
      writeBufferBytes: 2 << 20,
      compression: "none",
      ...ownFilter({ bloomBits: 7 }),
      asked: { bloomBits: 10, writeBufferBytes: 1 << 20 },
    }],
  ] satisfies [string, RawOptions, object][]
) {
  Deno.test({
    name: `RawStore.describe() reads back from the engine ${what}`,
    ignore,
    // What is absent and what is undefined is the same here.
    fn: () =>
      assert.deepEqual({ bloomBits: undefined, ...described(options) }, { ...PLAIN, ...said }),
  });
}

Deno.test({
  name:
    "RawStore.describe() has no bits of a filter that is no bloom filter, and no cache of a table without",
  ignore,
  fn() {
    const { bloomBits: _, ...plain } = PLAIN;
    const ribbon = described({
      bloomBits: 10,
      engineOptions: table("filter_policy=ribbonfilter:7:2"),
    });
    const filterPolicy = "filterPolicy" in ribbon ? ribbon.filterPolicy : "";
    assert.match(String(filterPolicy), tellsBits ? /ribbonfilter:7:2/ : /BuiltinBloomFilter/);
    assert.deepEqual(ribbon, { ...plain, filterPolicy, asked: { bloomBits: 10 } });
    const { blockCacheBytes: _c, ...other } = plain;
    assert.deepEqual(
      described({ engineOptions: "table_factory=PlainTable", blockCacheBytes: 1 << 20 }),
      { ...other, tableFactory: "PlainTable", asked: { blockCacheBytes: 1 << 20 } },
    );
  },
});

for (
  const engineOptions of [
    "wal_dir=elsewhere",
    "max_open_files=10; db_log_dir = x",
    "db_paths={{path=x;target_size=1}}",
    "cf_paths={}",
    "env={id=x}",
    "block_based_table_factory={persistent_cache=/tmp}",
  ]
) {
  Deno.test({
    name: `openRaw() refuses engine options that put files elsewhere: ${engineOptions}`,
    ignore,
    fn() {
      assert.throws(() => everyOption({ engineOptions }), {
        name: "StoreError",
        message: /and takes none that puts files outside of the database's own folder$/,
      });
    },
  });
}
