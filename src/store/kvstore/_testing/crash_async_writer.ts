/**
 * The process that the crash test of the asynchronous form kills: several clients put a pair of keys
 * each, again and again, to a database with a synced WAL, and so in groups. Prints `client count
 * revision` for each pair once it is acknowledged. Its argument is the database's directory.
 */
import { openLevel } from "../../level/mod.ts";
import { KvError, KVSTORE_FAMILIES, openKvStoreAsync } from "../mod.ts";

const CLIENTS = 8;
/** Pairs of a client between two of its compactions. */
const BETWEEN = 25;

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const { etcd, revision } = await openKvStoreAsync(
  await openLevel(Deno.args[0]!, { families: KVSTORE_FAMILIES, wal: "synced" }),
);

async function write(client: number): Promise<never> {
  for (let count = revision;; count++) {
    const { header } = await etcd.txn({
      success: ["a", "b"].map((name) => ({
        requestPut: { key: text(`${client}${name}`), value: text(String(count)) },
      })),
    });
    Deno.stdout.writeSync(text(`${client} ${count} ${header.revision}\n`));
    if (count % BETWEEN === 0 && header.revision > 40) await compact(header.revision - 30);
  }
}

/** Compacts, unless another client has compacted further. */
async function compact(revision: number): Promise<void> {
  try {
    await etcd.compact({ revision });
  } catch (error) {
    if (!(error instanceof KvError) || error.reason !== "Compacted") throw error;
  }
}

await Promise.all(Array.from({ length: CLIENTS }, (_, client) => write(client)));
