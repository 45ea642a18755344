/** Random histories for tests: what may be asked of a KvStore, over few keys, so that much meets. */
import fc from "fast-check";
import type * as m from "../messages.ts";

/** One step of a history. Revisions are relative to the current one, so that they mean something. */
export type Action =
  | { readonly type: "put"; readonly request: m.PutRequest }
  | { readonly type: "range"; readonly request: m.RangeRequest }
  | { readonly type: "deleteRange"; readonly request: m.DeleteRangeRequest }
  | { readonly type: "txn"; readonly request: m.TxnRequest }
  | { readonly type: "compact"; readonly request: m.CompactionRequest }
  | { readonly type: "leaseGrant"; readonly request: m.LeaseGrantRequest }
  | { readonly type: "leaseRevoke"; readonly id: bigint }
  | { readonly type: "leaseKeepAlive"; readonly id: bigint }
  | { readonly type: "leaseTimeToLive"; readonly request: m.LeaseTimeToLiveRequest }
  | { readonly type: "leaseLeases" }
  | { readonly type: "watch"; readonly request: m.WatchCreateRequest }
  | { readonly type: "poll" }
  | { readonly type: "hashKv"; readonly revision: number }
  | { readonly type: "sleep"; readonly ms: number }
  | { readonly type: "restart" };

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

/** Keys that begin with each other, and the smallest and the largest of one byte. */
const KEYS = [text("\0"), text("a"), text("a\0"), text("aa"), text("b"), text("ba"), text("c")];
const ENDS = [...KEYS, text("d"), new Uint8Array([0xff]), new Uint8Array(0)];

const key = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...KEYS, new Uint8Array([0xff])) },
  { weight: 1, arbitrary: fc.constant(new Uint8Array(0)) },
);
const value = fc.constantFrom(...["", "1", "2", "10", "x".repeat(200)].map(text));
const lease = fc.constantFrom(0n, 0n, 0n, 1n, 2n, 3n);
const flag = fc.oneof(
  { weight: 5, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);
/** Stands for no revision, which is the current one. */
const NONE = Infinity;
/** Stands for the revision of the last compaction, where much is decided. */
const COMPACTED = -Infinity;
/** How far from the current revision; above 0 it is in the future. */
const back = fc.oneof(
  { weight: 12, arbitrary: fc.nat(12).map((n) => -n) },
  { weight: 3, arbitrary: fc.constantFrom(1, 2, -40, COMPACTED, COMPACTED) },
);
/** A bound of a filter; absolute ones are as good, since histories begin at revision 1. */
const bound = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(40) },
);

const plainRange = fc.record({
  key,
  rangeEnd: fc.constantFrom(...ENDS),
}, { noNullPrototype: true });

const put: fc.Arbitrary<m.PutRequest> = fc.record({
  key,
  value,
  lease,
  prevKv: flag,
  ignoreValue: flag,
  ignoreLease: flag,
}, { noNullPrototype: true }).map((r) => ({
  ...r,
  // Mostly what the flags allow; now and then what they do not.
  value: r.ignoreValue && r.value.length < 3 ? text("") : r.value,
  lease: r.ignoreLease && r.lease < 3n ? 0n : r.lease,
}));

const range: fc.Arbitrary<m.RangeRequest> = fc.record({
  key,
  rangeEnd: fc.constantFrom(...ENDS),
  limit: fc.constantFrom(0, 0, 0, 1, 2, 3),
  revision: fc.oneof(fc.constant(NONE), back),
  sortOrder: fc.constantFrom("NONE", "NONE", "ASCEND", "DESCEND"),
  sortTarget: fc.constantFrom("KEY", "KEY", "VERSION", "CREATE", "MOD", "VALUE"),
  keysOnly: flag,
  countOnly: flag,
  minModRevision: bound,
  maxModRevision: bound,
  minCreateRevision: bound,
  maxCreateRevision: bound,
}, { noNullPrototype: true }) as fc.Arbitrary<m.RangeRequest>;

const deleteRange: fc.Arbitrary<m.DeleteRangeRequest> = fc.record({
  key,
  rangeEnd: fc.oneof({ weight: 3, arbitrary: fc.constant(text("")) }, {
    weight: 1,
    arbitrary: fc.constantFrom(...ENDS),
  }),
  prevKv: flag,
}, { noNullPrototype: true });

const compare: fc.Arbitrary<m.Compare> = fc.tuple(
  plainRange,
  fc.constantFrom("EQUAL", "GREATER", "LESS", "NOT_EQUAL"),
  fc.oneof(
    fc.record({ target: fc.constant("VERSION"), version: fc.nat(3) }, { noNullPrototype: true }),
    fc.record(
      { target: fc.constant("CREATE"), createRevision: fc.nat(20) },
      { noNullPrototype: true },
    ),
    fc.record({ target: fc.constant("MOD"), modRevision: fc.nat(40) }, { noNullPrototype: true }),
    fc.record({ target: fc.constant("VALUE"), value }, { noNullPrototype: true }),
    fc.record({ target: fc.constant("LEASE"), lease }, { noNullPrototype: true }),
  ),
).map(([keys, result, target]) => ({ ...keys, result, ...target })) as fc.Arbitrary<m.Compare>;

function txn(depth: number): fc.Arbitrary<m.TxnRequest> {
  const leaves: fc.Arbitrary<m.RequestOp>[] = [
    put.map((requestPut) => ({ requestPut })),
    range.map((requestRange) => ({ requestRange })),
    deleteRange.map((requestDeleteRange) => ({ requestDeleteRange })),
  ];
  const op = depth === 0
    ? fc.oneof(...leaves)
    : fc.oneof(...leaves, txn(depth - 1).map((requestTxn) => ({ requestTxn })));
  return fc.record({
    compare: fc.array(compare, { maxLength: 2 }),
    success: fc.array(op, { maxLength: 4 }),
    failure: fc.array(op, { maxLength: 3 }),
  }, { noNullPrototype: true });
}

const leaseId = fc.constantFrom(1n, 2n, 3n);

const watch: fc.Arbitrary<m.WatchCreateRequest> = fc.record({
  key,
  rangeEnd: fc.constantFrom(...ENDS),
  startRevision: fc.oneof(fc.constant(NONE), back, fc.constant(COMPACTED)),
  filters: fc.constantFrom<m.WatchCreateRequest["filters"]>([], [], ["NOPUT"], ["NODELETE"]),
  prevKv: fc.boolean(),
}, { noNullPrototype: true }) as fc.Arbitrary<m.WatchCreateRequest>;

type Weights = Partial<Record<Action["type"], number>>;

const ARBITRARIES: { [T in Action["type"]]: fc.Arbitrary<Action> } = {
  put: put.map((request) => ({ type: "put", request })),
  range: range.map((request) => ({ type: "range", request })),
  deleteRange: deleteRange.map((request) => ({ type: "deleteRange", request })),
  txn: txn(2).map((request) => ({ type: "txn", request })),
  compact: back.map((revision) => ({ type: "compact", request: { revision } })),
  leaseGrant: fc.tuple(leaseId, fc.constantFrom(0, 5, 60, 9_000_000_001))
    .map(([id, ttl]) => ({ type: "leaseGrant", request: { id, ttl } })),
  leaseRevoke: leaseId.map((id) => ({ type: "leaseRevoke", id })),
  leaseKeepAlive: leaseId.map((id) => ({ type: "leaseKeepAlive", id })),
  leaseTimeToLive: fc.tuple(leaseId, fc.boolean())
    .map(([id, keys]) => ({ type: "leaseTimeToLive", request: { id, keys } })),
  leaseLeases: fc.constant({ type: "leaseLeases" }),
  watch: watch.map((request) => ({ type: "watch", request })),
  poll: fc.constant({ type: "poll" }),
  hashKv: back.map((revision) => ({ type: "hashKv", revision })),
  sleep: fc.constantFrom(500, 2000, 7000).map((ms) => ({ type: "sleep", ms })),
  restart: fc.constant({ type: "restart" }),
};

/** Actions, each kind as often as its weight says; kinds without one do not occur. */
export function actions(weights: Weights): fc.Arbitrary<Action> {
  return fc.oneof(
    ...Object.entries(weights).map(([type, weight]) => ({
      weight,
      arbitrary: ARBITRARIES[type as Action["type"]],
    })),
  );
}

/**
 * An action whose relative revisions are made those of a store.
 *
 * @param current The store's revision.
 * @param compacted The revision of its last compaction.
 */
export function atRevision(action: Action, current: number, compacted: number): Action {
  const fix = (revision: number) =>
    revision === NONE ? 0 : Math.max(0, revision === COMPACTED ? compacted : current + revision);
  const fixRange = (r: m.RangeRequest): m.RangeRequest => ({
    ...r,
    revision: fix(r.revision ?? 0),
  });
  const fixTxn = (r: m.TxnRequest): m.TxnRequest => ({
    ...r,
    success: (r.success ?? []).map(fixOp),
    failure: (r.failure ?? []).map(fixOp),
  });
  const fixOp = (op: m.RequestOp): m.RequestOp =>
    "requestRange" in op
      ? { requestRange: fixRange(op.requestRange) }
      : "requestTxn" in op
      ? { requestTxn: fixTxn(op.requestTxn) }
      : op;
  switch (action.type) {
    case "range":
      return { ...action, request: fixRange(action.request) };
    case "txn":
      return { ...action, request: fixTxn(action.request) };
    case "compact":
      return { ...action, request: { revision: fix(action.request.revision) } };
    case "watch":
      return {
        ...action,
        request: { ...action.request, startRevision: fix(action.request.startRevision ?? 0) },
      };
    case "hashKv":
      return { ...action, revision: fix(action.revision) };
    default:
      return action;
  }
}
