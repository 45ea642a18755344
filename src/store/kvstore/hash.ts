/** The hash of a store's keys (`server/storage/mvcc/hash.go`). */
import { refuseNoInt64 } from "./check_fields.ts";
import { crc32c } from "./crc32c.ts";
import { KvError } from "./errors.ts";
import { KEY_FAMILY } from "./families.ts";
import { KeptRevisions } from "./kept_revisions.ts";
import { endOfRevision } from "./compaction.ts";
import type { HashKvResponse } from "./messages.ts";
import { compacted } from "./range.ts";
import { readMain, readSub, TOMBSTONE_BYTES } from "./revision.ts";
import type { KvState } from "./state.ts";
import { type Entry, type Program, scanAll } from "./steps.ts";

const CHUNK = 4096;

/**
 * Hashes every revision up to one, without those that a compaction drops: equal in stores of equal
 * histories, however far each has come with deleting.
 *
 * @param revision 0 is the current one.
 * @throws {KvError} InvalidArgument, Compacted, FutureRev.
 */
export function* hashKv(state: KvState, revision: number): Program<HashKvResponse> {
  refuseNoInt64(revision, "revision", "hashKv");
  const { compactRevision, currentRevision } = state;
  if (revision > 0 && revision < compactRevision) throw compacted(revision, compactRevision);
  if (revision > currentRevision) {
    throw new KvError(
      "FutureRev",
      "hashKv",
      `Cannot hash up to revision ${revision}: the store's revision is ${currentRevision}`,
    );
  }
  const main = revision > 0 ? revision : currentRevision;
  const kept = new KeptRevisions();
  state.index.keep(main, kept);
  let hash = crc32c(0, new TextEncoder().encode("key"));
  const isHashed = (key: Uint8Array): boolean => {
    const keyMain = readMain(key);
    if (keyMain === compactRevision && key.length === TOMBSTONE_BYTES) return false;
    return keyMain > compactRevision || kept.size === 0 || kept.has(keyMain, readSub(key));
  };
  // deno-lint-ignore require-yield -- the visitor's form; it needs no step of its own
  const visit = function* (entries: readonly Entry[]): Program<void> {
    for (const { key, value } of entries) {
      if (isHashed(key)) hash = crc32c(crc32c(hash, key), value);
    }
  };
  const to = endOfRevision(main);
  yield* scanAll({ family: KEY_FAMILY, from: new Uint8Array(0), to, limit: CHUNK }, visit);
  return { header: state.header(), hash, compactRevision };
}
