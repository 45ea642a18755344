/**
 * Fills a database's disk and prints what the store says of it. A program of its own, run by
 * errors_test.ts: a librocksdb that was built with its assertions, as Debian's is, ends the process
 * at the first write to a file after one that failed.
 */
import { StoreError } from "../../error.ts";
import { Slice } from "../../slice.ts";
import { openRaw } from "../mod.ts";
import { performed } from "../native_operations.ts";

if (import.meta.main) {
  const [path, call] = Deno.args;
  const store = openRaw(path!, { writeBufferBytes: 65536 });
  const value = new Slice(65536);
  crypto.getRandomValues(value.bytes);
  const batch = store.batch();
  const native = call === "native put" ? store.machineOperations(2 * value.length) : undefined;
  try {
    for (let i = 0; i < 100; i++) {
      const key = Slice.fromText(`${i}`);
      if (call === "put") {
        store.put(key, value);
      } else if (call === "native put") {
        if (performed(native!.put, key, value) < 0) native!.check("put");
      } else {
        batch.clear();
        batch.put(key, value);
        store.write(batch);
      }
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const found = store.get(Slice.fromText("0"), value);
    console.log(
      JSON.stringify({ call: error.call, kind: error.kind, message: error.message, found }),
    );
  }
  // Without closing, which writes.
  Deno.exit(0);
}
