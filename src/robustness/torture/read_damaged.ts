/**
 * Reads a damaged database in a process of its own, which an engine may take with it, and prints what
 * became of it.
 */
import assert from "node:assert/strict";
import { Slice, type Store, storeKind } from "../../store/mod.ts";

/** Entries of the database. */
export const ENTRIES = 300;

/** The key of an entry. */
export function keyOf(at: number): Slice {
  return Slice.fromText(`key ${String(at).padStart(5, "0")}`);
}

/** The value of an entry. */
export function valueOf(at: number): string {
  return `value ${at} ${"x".repeat(at % 50)}`;
}

/** Whether an error is a store's own. */
export function isTold(error: unknown): boolean {
  return error instanceof Error && ["StoreError", "KvError"].includes(error.name);
}

/** Reads all. @throws {AssertionError} Where a value is another one than was put. */
async function readDamaged(open: () => Promise<Store>): Promise<string> {
  let damaged: Store;
  try {
    damaged = await open();
  } catch (error) {
    assert.ok(isTold(error), String(error));
    return "refused to open";
  }
  const into = new Slice(100);
  let errors = 0;
  for (let at = 0; at < ENTRIES; at++) {
    try {
      const length = await damaged.get(keyOf(at), into);
      const text = length < 0 ? "nothing" : new TextDecoder().decode(into.view());
      assert.equal(text, valueOf(at), "wrong data");
    } catch (error) {
      if (!isTold(error)) throw error;
      errors++;
    }
  }
  await Promise.resolve(damaged.close()).catch((error) => {
    if (!isTold(error)) throw error;
  });
  return errors > 0 ? "an error" : "the right values";
}

if (import.meta.main) {
  const [name, path] = Deno.args as [string, string];
  console.log(await readDamaged(() => storeKind(name).open(path, {})));
}
