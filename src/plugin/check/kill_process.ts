/** The process that looks what is there, and then writes until it is killed. */
import { writeWhole } from "../../disk/mod.ts";
import { followParent, ownStdout } from "../../native/mod.ts";
import { StoreError } from "../../store/mod.ts";
import { loadPlugin } from "../../store/plugin/mod.ts";
import { Database, type Session } from "./client.ts";
import { keyOf, sameBytes, valueOf } from "./data.ts";
import type { KillLine, KillSpec } from "./kills.ts";
import { CheckError } from "./verdict.ts";

/** Of the values, what no other case has. */
const ROUND = 12;
/** A batch after so many puts, of so many keys. */
const BATCH_EVERY = 10;
const BATCH_KEYS = 50;
/** Numbers of a batch's keys begin here. */
const BATCHES = 10_000_000;

followParent();
const output = ownStdout(Deno.stdout);

function print(line: KillLine): void {
  writeWhole(output, new TextEncoder().encode(JSON.stringify(line) + "\n"));
}

function batchKeys(number: number): Uint8Array[] {
  return Array.from({ length: BATCH_KEYS }, (_, i) => keyOf(BATCHES + number * BATCH_KEYS + i));
}

/** Writes for ever. */
function write(session: Session, from: number, hasBatches: boolean): never {
  for (let number = from;; number++) {
    if (hasBatches && number % BATCH_EVERY === 0) {
      const value = valueOf(number, ROUND);
      session.batch(batchKeys(number).map((key) => ({ key, value })));
    }
    session.put(keyOf(number), valueOf(number, ROUND));
    print({ kind: "wrote", number });
  }
}

/**
 * Looks at all that may be there.
 *
 * @returns The number of the next write; `undefined` where something is wrong.
 */
function look(session: Session, acknowledged: number, hasBatches: boolean): number | undefined {
  let lost = 0;
  let next = 0;
  // What was under way may be there as well.
  for (let number = 0; number <= acknowledged; number++) {
    const value = session.value(keyOf(number));
    if (value === undefined) lost += number < acknowledged ? 1 : 0;
    else if (!sameBytes(value, valueOf(number, ROUND))) {
      print({ kind: "wrong", detail: `key ${number} has other bytes than were put` });
      return undefined;
    } else next = number + 1;
    if (!hasBatches || number % BATCH_EVERY !== 0) continue;
    const found = batchKeys(number)
      .filter((key) => sameBytes(session.value(key), valueOf(number, ROUND)));
    if (found.length === BATCH_KEYS) continue;
    if (found.length > 0) {
      const detail = `${found.length} of ${BATCH_KEYS} operations of a batch are done`;
      print({ kind: "wrong", detail });
      return undefined;
    }
    if (number < acknowledged) lost++;
  }
  const from = lost > 0 ? next : Math.max(acknowledged, next);
  print({ kind: "looked", lost, from });
  return from;
}

const { library: path, path: folder, writes, acknowledged } = JSON.parse(Deno.args[0]!) as KillSpec;
try {
  const library = loadPlugin(path);
  const database = new Database(library, { path: folder });
  print({ kind: "opened", durability: database.describe().durability });
  const session = database.session();
  const hasBatches = library.has.includes("batch");
  const from = look(session, acknowledged, hasBatches);
  if (writes && from !== undefined) write(session, from, hasBatches);
  database.close();
} catch (error) {
  if (!(error instanceof StoreError || error instanceof CheckError)) throw error;
  print({ kind: "wrong", detail: error.message });
}
Deno.exit(0);
