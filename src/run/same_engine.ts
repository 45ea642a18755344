/** A bench that goes on measures what it began with, whatever was installed meanwhile. */
import type { Result, StoreRecord } from "../result/mod.ts";
import { RunError } from "./error.ts";

/**
 * Holds what a run has opened against what earlier runs of the same store had open. A library that is
 * found by itself may have been updated since, and the runs of a result are of one engine.
 *
 * @throws {RunError} Where it is another engine, version or file.
 */
export function requireSameEngine(store: StoreRecord, before: Result["runs"]): void {
  for (const { store: earlier } of before) {
    if (earlier === null || earlier.store !== store.store || isSame(earlier, store)) continue;
    const [then, now] = [inWords(earlier), inWords(store)];
    throw new RunError(
      `Cannot go on: ${store.store} began with ${then}, and is ${now} now; ` +
        "provide the library that it began with, or begin a new bench",
      "usage",
    );
  }
}

/**
 * Holds the plug-in that a run has loaded against the file that the bench began with.
 *
 * @throws {RunError} Where the file was built anew meanwhile.
 */
export function requireSameFile({ store, release }: StoreRecord, sha256: string): void {
  if (release === undefined || release.sha256 === sha256) return;
  throw new RunError(
    `Cannot go on: the file of ${store} is another than when the bench began; leave it as it is ` +
      "while it is measured, and begin a new bench",
    "usage",
  );
}

function isSame(a: StoreRecord, b: StoreRecord): boolean {
  // Older results have no digest.
  const [one, other] = [a.release?.sha256, b.release?.sha256];
  const differ = one !== undefined && other !== undefined && one !== other;
  return a.engine === b.engine && a.version === b.version && !differ;
}

function inWords({ engine, version, release }: StoreRecord): string {
  const digest = release === undefined ? "" : ` (SHA-256 ${release.sha256.slice(0, 12)}…)`;
  return `${engine} ${version}${digest}`;
}
