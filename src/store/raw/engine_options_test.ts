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
    assert.throws(() => everyOption({ engineOptions: "max_open_files=many" }), {
      name: "StoreError",
    });
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
    assert.ok(!("blockCacheBytes" in options) && !("bloomBits" in options));
    // Results from before there was the option are not told apart from those without it.
    const { options: before } = opened({}, (store) => store.describe());
    assert.ok(!("defaults" in before) && !("engineOptions" in before));
  },
});
