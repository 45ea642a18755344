/** Reading (`server/etcdserver/txn/range.go`, `rangeKeys` in `server/storage/mvcc/kvstore_txn.go`). */
import { checkRangeRequest } from "./check_request.ts";
import { KvError } from "./errors.ts";
import { compareBytes } from "../bytes.ts";
import { visitRange } from "./key_range.ts";
import type { KeyValue } from "./key_value.ts";
import type { KeyRange, RangeRequest, RangeResponse, SortTarget } from "./messages.ts";
import { corruptRecord } from "./refuse.ts";
import type { Revision } from "./revision.ts";
import type { KvState } from "./state.ts";
import { type Program, read } from "./steps.ts";
import type { ReadView } from "./write_transaction.ts";

const NOTHING = new Uint8Array(0);

/**
 * Answers a range, at the current revision or at an older one.
 *
 * @throws {KvError} InvalidArgument, EmptyKey, InvalidSortOption, Compacted, FutureRev.
 */
export function* range(state: KvState, request: RangeRequest): Program<RangeResponse> {
  checkRangeRequest(request);
  while (true) {
    const revision = state.currentRevision;
    try {
      return yield* rangeIn(state, { revision, pending: () => undefined }, request);
    } catch (error) {
      // While the records were read, keys were written again and compacted: whoever asked for no
      // revision of his own is answered as of now.
      const isOvertaken = error instanceof KvError && error.reason === "Compacted" &&
        (request.revision ?? 0) <= 0 && revision < state.compactRevision;
      if (!isOvertaken) throw error;
    }
  }
}

/** Answers a range that was checked, as it is seen from a view. */
export function* rangeIn(
  state: KvState,
  view: ReadView,
  request: RangeRequest,
): Program<RangeResponse> {
  const { limit = 0 } = request;
  const asked = request.revision ?? 0;
  if (asked > view.revision) throw futureRevision(asked, view.revision);
  const main = asked > 0 ? asked : view.revision;
  if (main < state.compactRevision) throw compacted(main, state.compactRevision);
  const header = { revision: view.revision };
  if (request.countOnly) {
    return { header, kvs: [], more: false, count: countKeys(state, request, main) };
  }
  // One more than asked for tells whether there are more. Where the answer is sorted or filtered,
  // all are needed; an order by another target than the key that is not named is one that etcd
  // sorts only after it has cut, and so it is here.
  const isCut = limit > 0 && (request.sortOrder ?? "NONE") === "NONE" && !hasFilters(request);
  const { revisions, count } = revisionsIn(state, request, main, isCut ? limit + 1 : Infinity);
  const kvs = sorted(
    filtered(yield* readKeyValues(state, view, revisions, main), request),
    request,
  );
  const more = limit > 0 && kvs.length > limit;
  const answered = more ? kvs.slice(0, limit) : kvs;
  return {
    header,
    kvs: request.keysOnly ? answered.map((kv) => ({ ...kv, value: NOTHING })) : answered,
    more,
    count,
  };
}

/** The states of the keys that a request means, in key order. */
export function* readRange(
  state: KvState,
  view: ReadView,
  keys: KeyRange,
): Program<readonly KeyValue[]> {
  const { revisions } = revisionsIn(state, keys, view.revision, Infinity);
  return yield* readKeyValues(state, view, revisions, view.revision);
}

/** A range at a revision that is not there yet. */
export function futureRevision(asked: number, current: number): KvError {
  return new KvError(
    "FutureRev",
    "range",
    `Cannot range at revision ${asked}: the store's revision is ${current}`,
  );
}

/** A range at a revision that is not there any more. */
export function compacted(asked: number, compactRevision: number): KvError {
  return new KvError(
    "Compacted",
    "range",
    `Cannot range at revision ${asked}: the store is compacted up to ${compactRevision}`,
  );
}

function countKeys({ index }: KvState, keys: KeyRange, main: number): number {
  let count = 0;
  visitRange(index, keys.key, keys.rangeEnd, main, () => {
    count++;
    return true;
  });
  return count;
}

/** The revisions of the keys' states at a main revision: the first few, and how many there are. */
function revisionsIn({ index }: KvState, keys: KeyRange, main: number, limit: number) {
  const revisions: Revision[] = [];
  let count = 0;
  visitRange(index, keys.key, keys.rangeEnd, main, (_, node) => {
    if (count++ < limit) {
      revisions.push({ main: index.chains.main(node), sub: index.chains.sub(node) });
    }
    return true;
  });
  return { revisions, count };
}

/**
 * Reads the puts at revisions.
 *
 * @param main The main revision that they were looked up at.
 * @throws {KvError} Compacted, where a compaction was faster; Corrupt.
 */
function* readKeyValues(
  state: KvState,
  view: ReadView,
  revisions: readonly Revision[],
  main: number,
): Program<KeyValue[]> {
  const stored = revisions.filter((revision) => view.pending(revision) === undefined);
  const records = yield* read(stored);
  let next = 0;
  return revisions.map((revision) => {
    const pending = view.pending(revision);
    if (pending !== undefined) return pending;
    const record = records[next++];
    if (record === undefined && main < state.compactRevision) {
      throw compacted(main, state.compactRevision);
    }
    if (record === undefined || !state.reader.parse(record, record.length)) {
      throw corruptRecord(revision.main, revision.sub, "range");
    }
    return state.reader.copy(record);
  });
}

function hasFilters(r: RangeRequest): boolean {
  return [r.minModRevision, r.maxModRevision, r.minCreateRevision, r.maxCreateRevision]
    .some((bound) => (bound ?? 0) !== 0);
}

function filtered(kvs: readonly KeyValue[], request: RangeRequest): readonly KeyValue[] {
  if (!hasFilters(request)) return kvs;
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  return kvs.filter((kv) =>
    (!maxModRevision || kv.modRevision <= maxModRevision) &&
    (!minModRevision || kv.modRevision >= minModRevision) &&
    (!maxCreateRevision || kv.createRevision <= maxCreateRevision) &&
    (!minCreateRevision || kv.createRevision >= minCreateRevision)
  );
}

const ORDERS: Record<SortTarget, (a: KeyValue, b: KeyValue) => number> = {
  KEY: (a, b) => compareBytes(a.key, b.key),
  VERSION: (a, b) => a.version - b.version,
  CREATE: (a, b) => a.createRevision - b.createRevision,
  MOD: (a, b) => a.modRevision - b.modRevision,
  VALUE: (a, b) => compareBytes(a.value, b.value),
};

/** Equal ones stay in key order; in etcd their order is not defined where there are more than 12. */
function sorted(kvs: readonly KeyValue[], request: RangeRequest): readonly KeyValue[] {
  const { sortOrder = "NONE", sortTarget = "KEY" } = request;
  if (sortTarget === "KEY" && sortOrder !== "DESCEND") return kvs;
  const order = ORDERS[sortTarget];
  return kvs.toSorted(sortOrder === "DESCEND" ? (a, b) => order(b, a) : order);
}
