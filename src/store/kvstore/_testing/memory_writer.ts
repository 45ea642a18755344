/**
 * The process that the memory test looks at: overwrites a thousand keys, compacts every 100,000
 * writes, and prints its resident memory, bytes, after each. Arguments: directory, writes.
 */
import { openRaw } from "../../raw/mod.ts";
import { Slice } from "../../slice.ts";
import { KVSTORE_FAMILIES, openKvStore } from "../mod.ts";

const KEYS = 1000;
const BETWEEN = 100_000;

const [path, writes] = Deno.args as [string, string];
const store = openKvStore(openRaw(path, {
  families: KVSTORE_FAMILIES,
  wal: "off",
  writeBufferBytes: 8 * 1024 * 1024,
}));
const keys = Array.from({ length: KEYS }, (_, i) => Slice.fromText(`key${i}`));
const value = new Slice(100);

function overwrite(): void {
  for (let i = 0; i < BETWEEN; i++) store.put(keys[i % KEYS]!, value);
}

for (let done = 0; done < Number(writes); done += BETWEEN) {
  overwrite();
  store.etcd.compact({ revision: store.revision });
  console.log(Deno.memoryUsage().rss);
}
store.close();
