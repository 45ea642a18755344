/**
 * Opening (`restore` in `server/storage/mvcc/kvstore.go`): the index, the revisions and the leases
 * are made again from what is on disk, and a compaction that was under way is finished.
 */
import { compactIndex, finishCompaction } from "./compaction.ts";
import { KvError } from "./errors.ts";
import { KEY_FAMILY, LEASE_FAMILY, META_FAMILY } from "./families.ts";
import { decodeLease } from "./lease_record.ts";
import { FORMAT, formatWrite, markerOf, META } from "./meta.ts";
import { isRevisionKey, readMain, readSub, TOMBSTONE_BYTES } from "./revision.ts";
import { FLAGS } from "./revision_chains.ts";
import type { KvState } from "./state.ts";
import { type Entry, type Program, scan, scanAll, write } from "./steps.ts";

/** Entries read at a time. */
const CHUNK = 4096;

const START = new Uint8Array(0);
const decoder = new TextDecoder();

/**
 * Fills a new state from disk, and marks an empty database as a KvStore's.
 *
 * @throws {KvError} Corrupt, where the database is something else's or has records that are none.
 */
export function* restore(state: KvState): Program<void> {
  const meta = yield* readMeta();
  state.compactRevision = markerOf(meta.get(META.finishedCompact));
  const scheduled = markerOf(meta.get(META.scheduledCompact));
  const leases = yield* restoreIndex(state);
  state.currentRevision = Math.max(state.currentRevision, state.compactRevision, scheduled);
  yield* restoreLeases(state);
  for (const { key, lease } of leases.values()) {
    if (state.lessor.find(lease) !== undefined) state.lessor.attach(key, lease);
  }
  if (scheduled > state.compactRevision) {
    yield* finishCompaction(scheduled, compactIndex(state, scheduled));
  }
}

function corrupt(what: string): KvError {
  return new KvError(
    "Corrupt",
    "open",
    `Cannot open the database as a KvStore: ${what}; give it a directory of its own, or restore a copy`,
  );
}

/** The records of the meta family by name. An empty database is given its mark. */
function* readMeta(): Program<Map<string, Uint8Array>> {
  const meta = new Map<string, Uint8Array>();
  for (const { key, value } of yield* scan({ family: META_FAMILY, from: START, limit: CHUNK })) {
    meta.set(decoder.decode(key), value);
  }
  const format = meta.get(META.format);
  if (format !== undefined) {
    if (decoder.decode(format) === FORMAT) return meta;
    throw corrupt(`its form is ${decoder.decode(format)}, and this version knows only ${FORMAT}`);
  }
  for (const family of [0, KEY_FAMILY, META_FAMILY, LEASE_FAMILY]) {
    const entries = yield* scan({ family, from: START, limit: 1 });
    if (entries.length > 0) throw corrupt("it holds the data of something else");
  }
  yield* write([formatWrite()]);
  return meta;
}

/** A key whose newest record names a lease. */
interface Attachment {
  readonly key: Uint8Array;
  readonly lease: bigint;
}

/** Puts every revision into the index; returns what is attached to leases, by the keys' ids. */
function* restoreIndex(state: KvState): Program<Map<number, Attachment>> {
  const leases = new Map<number, Attachment>();
  // deno-lint-ignore require-yield -- the visitor's form; it needs no step of its own
  const visit = function* (entries: readonly Entry[]): Program<void> {
    for (const entry of entries) {
      const before = state.currentRevision;
      const { id, main } = restoreRevision(state, entry, leases);
      if (last >= 0 && main !== before) state.index.chains.markLast(last);
      last = state.index.head(id);
    }
  };
  /** The node of the record before. */
  let last = -1;
  yield* scanAll({ family: KEY_FAMILY, from: START, limit: CHUNK }, visit);
  if (last >= 0) state.index.chains.markLast(last);
  return leases;
}

/** Puts a revision into the index; returns it and its key's id. */
function restoreRevision(
  state: KvState,
  { key: revisionKey, value: record }: Entry,
  leases: Map<number, Attachment>,
): { id: number; main: number } {
  const { index, reader } = state;
  if (!isRevisionKey(revisionKey, revisionKey.length)) {
    throw corrupt(`its key ${revisionKey.toHex()} is no revision's`);
  }
  const main = readMain(revisionKey);
  const sub = readSub(revisionKey);
  if (!reader.parse(record, record.length)) {
    throw corrupt(`the record of revision ${main}.${sub} is damaged`);
  }
  const key = record.subarray(reader.keyOffset, reader.keyOffset + reader.keyLength);
  const id = index.find(key, key.length);
  state.currentRevision = main;
  if (revisionKey.length === TOMBSTONE_BYTES) {
    leases.delete(id);
    return { id: index.restoreTombstone(id, key, key.length, main, sub), main };
  }
  const { createRevision, modRevision, version, lease } = reader;
  if (modRevision !== main || createRevision < 1 || createRevision > main || version < 1) {
    throw corrupt(`the record of revision ${main}.${sub} is another revision's`);
  }
  const flags = lease === 0n ? 0 : FLAGS.leased;
  const known = index.put(id, key, key.length, main, sub, createRevision, version, flags);
  if (lease !== 0n) leases.set(known, { key: key.slice(), lease });
  else leases.delete(known);
  return { id: known, main };
}

function* restoreLeases(state: KvState): Program<void> {
  // deno-lint-ignore require-yield -- the visitor's form; it needs no step of its own
  const visit = function* (entries: readonly Entry[]): Program<void> {
    for (const { key, value } of entries) {
      const lease = decodeLease(value);
      if (lease === undefined) throw corrupt(`the record of the lease ${key.toHex()} is damaged`);
      state.lessor.restore(lease.id, Number(lease.ttl));
    }
  };
  yield* scanAll({ family: LEASE_FAMILY, from: START, limit: CHUNK }, visit);
}
