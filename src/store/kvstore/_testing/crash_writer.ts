/**
 * The process that the crash test kills: writes to a database with a synced WAL, and prints each
 * revision once it is acknowledged. Its argument is the database's directory.
 */
import { openRaw } from "../../raw/mod.ts";
import { compactIfDue, writeRevisionOf } from "./crash_workload.ts";
import { KVSTORE_FAMILIES, openKvStore } from "../mod.ts";

const store = openKvStore(openRaw(Deno.args[0]!, { families: KVSTORE_FAMILIES, wal: "synced" }));
const encoder = new TextEncoder();
while (true) {
  compactIfDue(store);
  const n = store.revision + 1;
  writeRevisionOf(store, n);
  Deno.stdout.writeSync(encoder.encode(`${n}\n`));
}
