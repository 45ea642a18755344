import assert from "node:assert/strict";
import { rocksdbPlugin } from "../../_testing/plugin_library.ts";
import { Slice } from "../slice.ts";
import { attachPlugin, loadPlugin, openPlugin } from "./mod.ts";

const plugin = await rocksdbPlugin();
const skipped = plugin.reason === undefined ? "" : ` (skipped: ${plugin.reason})`;

Deno.test({
  name: `attachPlugin() has a session of its own on a database that another closes${skipped}`,
  timeout: 60_000,
  ignore: plugin.reason !== undefined,
  fn() {
    const folder = Deno.makeTempDirSync();
    try {
      const store = openPlugin(`${folder}/database`, { library: loadPlugin(plugin.path!) });
      const client = attachPlugin(structuredClone(store.share!()));
      const [key, value] = ["key", "value"].map((text) =>
        Slice.from(new TextEncoder().encode(text))
      );
      client.put(key!, value!);
      const into = new Slice(100);
      assert.equal(store.get(key!, into), 5);
      client.close();
      assert.throws(() => client.put(key!, value!), /it is closed/);
      assert.equal(store.get(key!, into), 5);
      store.close();
      assert.throws(() => store.share!(), /it is closed/);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
