/** Writing (`server/etcdserver/txn/put.go`, `delete.go`, `txn.go`). */
import { checkDeleteRequest, checkPutRequest, checkTxnRequest } from "./check_request.ts";
import { KvError } from "./errors.ts";
import { compareBytes } from "../bytes.ts";
import { visitRange } from "./key_range.ts";
import type { KeyValue } from "./key_value.ts";
import type {
  Compare,
  DeleteRangeRequest,
  DeleteRangeResponse,
  PutRequest,
  PutResponse,
  RangeRequest,
  RequestOp,
  ResponseOp,
  TxnRequest,
  TxnResponse,
} from "./messages.ts";
import { compacted, futureRevision, rangeIn, readRange } from "./range.ts";
import type { KvState } from "./state.ts";
import type { Program } from "./steps.ts";
import { inTransaction, type ReadView, type WriteTransaction } from "./write_transaction.ts";

const NOTHING = new Uint8Array(0);

/**
 * Sets a key.
 *
 * @throws {KvError} InvalidArgument, EmptyKey, ValueProvided, LeaseProvided, RequestTooLarge, LeaseNotFound, and
 * KeyNotFound where a value or a lease is to be kept that is not there.
 */
export function* put(state: KvState, request: PutRequest): Program<PutResponse> {
  checkPutRequest(request);
  checkLease(state, request);
  checkKept(state, request);
  return yield* inTransaction(
    state,
    (transaction) => putIn(state, transaction, request),
  );
}

/**
 * Removes keys.
 *
 * @throws {KvError} InvalidArgument, EmptyKey, RequestTooLarge.
 */
export function* deleteRange(
  state: KvState,
  request: DeleteRangeRequest,
): Program<DeleteRangeResponse> {
  checkDeleteRequest(request);
  return yield* inTransaction(
    state,
    (transaction) => deleteRangeIn(state, transaction, request),
  );
}

/**
 * Does a transaction: all compares first, of nested transactions too; then everything that could
 * be refused is looked at; only then the operations of the branches taken are done, in order.
 *
 * @throws {KvError} What the form of a request is refused for, and what its operations throw.
 */
export function* txn(state: KvState, request: TxnRequest): Program<TxnResponse> {
  checkTxnRequest(request);
  const view: ReadView = {
    revision: state.lastRevision,
    pending: (revision) => state.unwrittenPut(revision),
  };
  const plan = yield* planTxn(state, view, request);
  checkPlan(state, plan);
  return yield* inTransaction(state, function* (transaction): Program<TxnResponse> {
    const responses = yield* execute(state, transaction, plan);
    return { header: { revision: transaction.revision }, succeeded: plan.succeeded, responses };
  });
}

/** The branch that a transaction takes, with the plans of the transactions in it. */
interface TxnPlan {
  readonly succeeded: boolean;
  readonly operations: readonly (Exclude<RequestOp, { requestTxn: TxnRequest }> | TxnPlan)[];
}

function* planTxn(state: KvState, view: ReadView, request: TxnRequest): Program<TxnPlan> {
  const succeeded = yield* compareAll(state, view, request.compare ?? []);
  const operations: TxnPlan["operations"][number][] = [];
  for (const op of (succeeded ? request.success : request.failure) ?? []) {
    operations.push("requestTxn" in op ? yield* planTxn(state, view, op.requestTxn) : op);
  }
  return { succeeded, operations };
}

function* compareAll(
  state: KvState,
  view: ReadView,
  compares: readonly Compare[],
): Program<boolean> {
  for (const compare of compares) {
    const kvs = yield* readRange(state, view, compare);
    // A key that is not there is compared as zeros, but has no value to compare.
    const holds = kvs.length > 0
      ? kvs.every((kv) => compareKey(compare, kv))
      : compare.target !== "VALUE" && compareKey(compare, ABSENT);
    if (!holds) return false;
  }
  return true;
}

const ABSENT: KeyValue = {
  key: NOTHING,
  createRevision: 0,
  modRevision: 0,
  version: 0,
  value: NOTHING,
  lease: 0n,
};

function compareKey(compare: Compare, kv: KeyValue): boolean {
  const order = compareField(compare, kv);
  switch (compare.result ?? "EQUAL") {
    case "EQUAL":
      return order === 0;
    case "NOT_EQUAL":
      return order !== 0;
    case "GREATER":
      return order > 0;
    case "LESS":
      return order < 0;
  }
}

function compareField(compare: Compare, kv: KeyValue): number {
  switch (compare.target) {
    case "VERSION":
      return kv.version - (compare.version ?? 0);
    case "CREATE":
      return kv.createRevision - (compare.createRevision ?? 0);
    case "MOD":
      return kv.modRevision - (compare.modRevision ?? 0);
    case "VALUE":
      return compareBytes(kv.value, compare.value ?? NOTHING);
    case "LEASE": {
      const lease = compare.lease ?? 0n;
      return kv.lease < lease ? -1 : kv.lease > lease ? 1 : 0;
    }
  }
}

/**
 * Looks at everything that could be refused, so that nothing is written where anything is. The
 * operations of the branches taken are looked at in their order, and of each what it is to keep before
 * its lease, as etcd 3.6 has it (`checkTxn`); a put by itself is looked at the other way round.
 */
function checkPlan(state: KvState, plan: TxnPlan): void {
  for (const op of plan.operations) {
    if ("succeeded" in op) checkPlan(state, op);
    else if ("requestPut" in op) {
      checkKept(state, op.requestPut);
      checkLease(state, op.requestPut);
    } else if ("requestRange" in op) checkRange(state, op.requestRange);
  }
}

function checkLease(state: KvState, { lease }: PutRequest): void {
  if (lease) state.lessor.get(lease, "put");
}

/** Looks for the key of which the value or the lease is to be kept. */
function checkKept(state: KvState, request: PutRequest): void {
  if (!request.ignoreValue && !request.ignoreLease) return;
  const id = state.index.find(request.key, request.key.length);
  if (id < 0 || state.index.newest(id) === 0) throw keyNotFound(request.key);
}

function keyNotFound(key: Uint8Array): KvError {
  return new KvError(
    "KeyNotFound",
    "put",
    `Cannot keep the value or the lease of the key ${key.toHex()}: it is not there; put it whole first`,
  );
}

function checkRange(state: KvState, { revision = 0 }: RangeRequest): void {
  if (revision === 0) return;
  if (revision > state.lastRevision) throw futureRevision(revision, state.lastRevision);
  if (revision < state.compactRevision) throw compacted(revision, state.compactRevision);
}

function* execute(
  state: KvState,
  transaction: WriteTransaction,
  plan: TxnPlan,
): Program<ResponseOp[]> {
  const responses: ResponseOp[] = [];
  for (const op of plan.operations) {
    if ("succeeded" in op) {
      const nested = yield* execute(state, transaction, op);
      const { succeeded } = op;
      responses.push({
        responseTxn: { header: { revision: 0 }, succeeded, responses: nested },
      });
    } else if ("requestRange" in op) {
      responses.push({ responseRange: yield* rangeIn(state, transaction, op.requestRange) });
    } else if ("requestPut" in op) {
      responses.push({ responsePut: yield* putIn(state, transaction, op.requestPut) });
    } else {
      const response = yield* deleteRangeIn(state, transaction, op.requestDeleteRange);
      responses.push({ responseDeleteRange: response });
    }
  }
  return responses;
}

function* putIn(
  state: KvState,
  transaction: WriteTransaction,
  request: PutRequest,
): Program<PutResponse> {
  const { key, ignoreValue, ignoreLease, prevKv } = request;
  const [before] = ignoreValue || ignoreLease || prevKv
    ? yield* readRange(state, transaction, { key })
    : [];
  if ((ignoreValue || ignoreLease) && before === undefined) throw keyNotFound(key);
  const value = ignoreValue ? before!.value : request.value ?? NOTHING;
  const lease = ignoreLease ? before!.lease : request.lease ?? 0n;
  transaction.put(key, value, lease);
  const header = { revision: transaction.main };
  return prevKv && before !== undefined ? { header, prevKv: before } : { header };
}

function* deleteRangeIn(
  state: KvState,
  transaction: WriteTransaction,
  request: DeleteRangeRequest,
): Program<DeleteRangeResponse> {
  const prevKvs = request.prevKv ? yield* readRange(state, transaction, request) : [];
  const ids: number[] = [];
  visitRange(state.index, request.key, request.rangeEnd, transaction.revision, (id) => {
    ids.push(id);
    return true;
  });
  for (const id of ids) transaction.delete(id);
  return { header: { revision: transaction.revision }, deleted: ids.length, prevKvs };
}
