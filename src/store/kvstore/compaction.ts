/**
 * Compaction (`server/storage/mvcc/kvstore_compaction.go`). It is scheduled with one write, after
 * which no older revision can be read; the records are then deleted in batches; a last write says
 * that it is finished. A store that finds a scheduled compaction unfinished at open resumes it.
 */
import { refuseNoInt64 } from "./check_fields.ts";
import { KvError } from "./errors.ts";
import { KEY_FAMILY } from "./families.ts";
import { KeptRevisions } from "./kept_revisions.ts";
import { markerWrite, META } from "./meta.ts";
import { readMain, readSub, TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { Slice } from "../slice.ts";
import type { KvState } from "./state.ts";
import { type Program, scan, type Write, write } from "./steps.ts";

/** Records that one batch looks at, as in etcd. */
const COMPACTION_BATCH = 1000;

/** The revision key with which the records above a main revision begin. */
export function endOfRevision(main: number): Uint8Array {
  const key = new Slice(TOMBSTONE_BYTES);
  writeRevision(key, main + 1, 0, false);
  return key.view().slice();
}

/**
 * Schedules a compaction: persists it, and takes the older revisions out of the index.
 *
 * @returns The revisions up to it that stay.
 * @throws {KvError} InvalidArgument, Compacted, FutureRev.
 */
export function* scheduleCompaction(state: KvState, revision: number): Program<KeptRevisions> {
  refuseNoInt64(revision, "revision", "compact");
  if (revision <= state.compactRevision) {
    throw new KvError(
      "Compacted",
      "compact",
      `Cannot compact to revision ${revision}: the store is compacted up to ${state.compactRevision}`,
    );
  }
  if (revision > state.currentRevision) {
    throw new KvError(
      "FutureRev",
      "compact",
      `Cannot compact to revision ${revision}: the store's revision is ${state.currentRevision}`,
    );
  }
  yield* write([markerWrite(META.scheduledCompact, revision)]);
  return compactIndex(state, revision);
}

/** Takes what a compaction drops out of the index. */
export function compactIndex(state: KvState, revision: number): KeptRevisions {
  const kept = new KeptRevisions();
  state.compactRevision = revision;
  state.index.compact(revision, kept);
  return kept;
}

/**
 * Deletes one batch of what a compaction drops.
 *
 * @param from Where the batch begins; absent: at the first record.
 * @returns Where the next one does, or `undefined` after the last: then the compaction is finished.
 */
export function* compactBatch(
  revision: number,
  kept: KeptRevisions,
  from: Uint8Array = new Uint8Array(0),
): Program<Uint8Array | undefined> {
  const entries = yield* scan({
    family: KEY_FAMILY,
    from,
    to: endOfRevision(revision),
    limit: COMPACTION_BATCH,
    keysOnly: true,
  });
  const writes: Write[] = [];
  for (const { key } of entries) {
    if (!kept.has(readMain(key), readSub(key))) writes.push({ family: KEY_FAMILY, key });
  }
  const last = entries.length < COMPACTION_BATCH;
  if (last) writes.push(markerWrite(META.finishedCompact, revision));
  if (writes.length > 0) yield* write(writes);
  if (last) return undefined;
  const end = entries[entries.length - 1]!.key;
  const next = new Uint8Array(end.length + 1);
  next.set(end);
  return next;
}

/** Deletes all that a compaction drops. */
export function* finishCompaction(revision: number, kept: KeptRevisions): Program<void> {
  let from = yield* compactBatch(revision, kept);
  while (from !== undefined) from = yield* compactBatch(revision, kept, from);
}
