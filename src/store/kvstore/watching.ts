/** What a watch has to report (`server/storage/mvcc/watchable_store.go`, `v3rpc/watch.go`). */
import { endOfRevision } from "./compaction.ts";
import { KvError } from "./errors.ts";
import { KEY_FAMILY } from "./families.ts";
import { type KeyValue, KeyValueReader } from "./key_value.ts";
import type { WatchEvent, WatchResponse } from "./messages.ts";
import { readRange } from "./range.ts";
import { corruptRecord } from "./refuse.ts";
import { readMain, readSub, TOMBSTONE_BYTES } from "./revision.ts";
import type { KvState } from "./state.ts";
import { type Entry, type Program, scan } from "./steps.ts";
import { fragmentsOf } from "./watch_fragments.ts";
import type { Change, WatchPosition } from "./watch_hub.ts";

/** Revisions that one response reports at most when a watch catches up, as in etcd. */
const MAX_REVISIONS = 1000;

/** Records read at a time. */
const CHUNK = 1024;

/**
 * The next response of a watch; `undefined` where there is nothing to report now, and for ever once
 * the watch was cancelled.
 */
export function* pollWatch(
  state: KvState,
  position: WatchPosition,
): Program<WatchResponse | undefined> {
  if (position.refusal !== undefined && !position.canceled) {
    state.watches.remove(position);
    const response = cancelled(position, state.currentRevision, 0);
    return { ...response, cancelReason: position.refusal };
  }
  const part = position.fragments.shift();
  if (part !== undefined) return part;
  const batch = position.buffer.shift();
  if (batch !== undefined) return yield* respond(state, position, batch.revision, batch.changes);
  if (position.canceled || position.synced) return undefined;
  const from = position.nextRevision;
  const current = state.currentRevision;
  const caughtUp = from < state.compactRevision ? undefined : yield* catchUp(position, current);
  // A compaction may have come between, and have taken what was still to be read.
  if (caughtUp === undefined || from < state.compactRevision) {
    state.watches.remove(position);
    return cancelled(position, 0, state.compactRevision);
  }
  position.nextRevision = caughtUp.nextRevision;
  position.synced = caughtUp.nextRevision > state.currentRevision;
  if (caughtUp.changes.length === 0) return undefined;
  return yield* respond(state, position, current, caughtUp.changes);
}

/** The last response of a watch. */
function cancelled(
  { id }: WatchPosition,
  revision: number,
  compactRevision: number,
): WatchResponse {
  return { header: { revision }, watchId: id, events: [], canceled: true, compactRevision };
}

/** What a watch missed, up to a revision, as far as one response takes it. */
function* catchUp(
  position: WatchPosition,
  current: number,
): Program<{ changes: Change[]; nextRevision: number }> {
  const changes: Change[] = [];
  let revisions = 0;
  let last = 0;
  const to = endOfRevision(current);
  let from = endOfRevision(position.nextRevision - 1);
  while (true) {
    const entries = yield* scan({ family: KEY_FAMILY, from, to, limit: CHUNK });
    for (const entry of entries) {
      const change = changeOf(entry);
      if (!position.wants(change)) continue;
      const revision = change.kv.modRevision;
      if (revision !== last && ++revisions > MAX_REVISIONS) {
        return { changes, nextRevision: revision };
      }
      last = revision;
      changes.push(change);
    }
    if (entries.length < CHUNK) return { changes, nextRevision: current + 1 };
    const key = entries[entries.length - 1]!.key;
    from = new Uint8Array(key.length + 1);
    from.set(key);
  }
}

function changeOf({ key, value }: Entry): Change {
  const main = readMain(key);
  const reader = new KeyValueReader();
  if (!reader.parse(value, value.length)) throw corruptRecord(main, readSub(key), "watch");
  const kv = reader.copy(value);
  const tombstone = key.length === TOMBSTONE_BYTES;
  return { kv: tombstone ? { ...kv, modRevision: main } : kv, tombstone };
}

function* respond(
  state: KvState,
  position: WatchPosition,
  revision: number,
  changes: readonly Change[],
): Program<WatchResponse> {
  const events: WatchEvent[] = [];
  for (const { kv, tombstone } of changes) {
    const type = tombstone ? "DELETE" : "PUT";
    const prevKv = position.request.prevKv ? yield* before(state, kv, tombstone) : undefined;
    events.push(prevKv === undefined ? { type, kv } : { type, kv, prevKv });
  }
  // It may have been cancelled while what was before was read.
  if (events.length > 0) position.isQuiet = false;
  const response = {
    header: { revision },
    watchId: position.id,
    events,
    canceled: false,
    compactRevision: 0,
  };
  if (!position.request.fragment) return response;
  const [first, ...rest] = fragmentsOf(response);
  if (!position.canceled) position.fragments.push(...rest);
  return first!;
}

/** What a key was before a change; nothing where it was not there, or where that is compacted. */
function* before(
  state: KvState,
  { key, createRevision, modRevision }: KeyValue,
  tombstone: boolean,
): Program<KeyValue | undefined> {
  const revision = modRevision - 1;
  const isCreate = !tombstone && createRevision === modRevision;
  if (isCreate || revision < state.compactRevision) return undefined;
  try {
    return (yield* readRange(state, { revision, pending: () => undefined }, { key }))[0];
  } catch (error) {
    if (error instanceof KvError && error.reason === "Compacted") return undefined;
    throw error;
  }
}
