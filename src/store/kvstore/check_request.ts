/**
 * What is refused by a request's own form, before any key is looked at
 * (`server/etcdserver/api/v3rpc/key.go`).
 */
import {
  checkDeleteFields,
  checkPutFields,
  checkRangeFields,
  checkTxnFields,
} from "./check_fields.ts";
import { KvError } from "./errors.ts";
import { compareBytes } from "../bytes.ts";
import { keyOfText, keyText } from "./lessor.ts";
import type {
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "./messages.ts";
import { refuseEmptyKey, refuseTooLarge } from "./refuse.ts";
import { sizeOfDeleteRange, sizeOfPut, sizeOfTxn } from "./request_size.ts";

/** Compares, and operations of either branch, that a transaction has at most. */
const MAX_TXN_OPS = 128;

const SORT_ORDERS = ["NONE", "ASCEND", "DESCEND"];
const SORT_TARGETS = ["KEY", "VERSION", "CREATE", "MOD", "VALUE"];

/** @throws {KvError} InvalidArgument, EmptyKey, InvalidSortOption. */
export function checkRangeRequest(request: RangeRequest): void {
  checkRangeFields(request);
  checkRangeForm(request);
}

function checkRangeForm(request: RangeRequest): void {
  refuseEmptyKey(request.key, "range");
  const { sortOrder = "NONE", sortTarget = "KEY" } = request;
  if (SORT_ORDERS.includes(sortOrder) && SORT_TARGETS.includes(sortTarget)) return;
  const [orders, targets] = [SORT_ORDERS.join(", "), SORT_TARGETS.join(", ")];
  throw new KvError(
    "InvalidSortOption",
    "range",
    `Cannot range in the order ${sortOrder} of ${sortTarget}: orders are ${orders}, targets ` +
      targets,
  );
}

/** @throws {KvError} InvalidArgument, EmptyKey, ValueProvided, LeaseProvided, RequestTooLarge. */
export function checkPutRequest(request: PutRequest): void {
  checkPutFields(request);
  checkPutForm(request);
  refuseTooLarge(sizeOfPut(request), "put");
}

function checkPutForm(request: PutRequest): void {
  refuseEmptyKey(request.key, "put");
  if (request.ignoreValue && (request.value?.length ?? 0) > 0) {
    throw new KvError(
      "ValueProvided",
      "put",
      "Cannot put with ignoreValue: a value is given all the same; leave one of them out",
    );
  }
  if (request.ignoreLease && (request.lease ?? 0n) !== 0n) {
    throw new KvError(
      "LeaseProvided",
      "put",
      "Cannot put with ignoreLease: a lease is given all the same; leave one of them out",
    );
  }
}

/** @throws {KvError} InvalidArgument, EmptyKey, RequestTooLarge. */
export function checkDeleteRequest(request: DeleteRangeRequest): void {
  checkDeleteFields(request);
  refuseEmptyKey(request.key, "deleteRange");
  refuseTooLarge(sizeOfDeleteRange(request), "deleteRange");
}

/**
 * The order of what is looked at is etcd 3.6's, and so is which of several errors is thrown.
 *
 * @throws {KvError} InvalidArgument, TooManyOps, EmptyKey, KeyNotFound for an operation that is none,
 * DuplicateKey, RequestTooLarge, and what its operations throw.
 */
export function checkTxnRequest(request: TxnRequest): void {
  checkTxnFields(request);
  checkTxnForm(request, MAX_TXN_OPS);
  collectWrites(request.success ?? []);
  collectWrites(request.failure ?? []);
  if (!isReadOnly(request)) refuseTooLarge(sizeOfTxn(request), "txn");
}

/** Whether a transaction has only ranges, on its first level as etcd looks at it. */
function isReadOnly({ success = [], failure = [] }: TxnRequest): boolean {
  return [...success, ...failure].every((op) => "requestRange" in op);
}

/** @param operationsLeft Operations allowed; a nested transaction has what its parent left over. */
function checkTxnForm(request: TxnRequest, operationsLeft: number): void {
  const { compare = [], success = [], failure = [] } = request;
  const operations = Math.max(compare.length, success.length, failure.length);
  if (operations > operationsLeft) {
    throw new KvError(
      "TooManyOps",
      "txn",
      `Cannot do a transaction of ${operations} operations: ${operationsLeft} of ${MAX_TXN_OPS} are left; split it`,
    );
  }
  for (const { key } of compare) refuseEmptyKey(key, "compare");
  for (const op of [...success, ...failure]) checkOp(op, operationsLeft - operations);
}

/** An operation without a member is one that etcd's clients can send by mistake, and so is refused. */
function checkOp(op: RequestOp | undefined, operationsLeft: number): void {
  if (op && "requestRange" in op && op.requestRange) checkRangeForm(op.requestRange);
  else if (op && "requestPut" in op && op.requestPut) checkPutForm(op.requestPut);
  else if (op && "requestTxn" in op && op.requestTxn) checkTxnForm(op.requestTxn, operationsLeft);
  else if (op && "requestDeleteRange" in op && op.requestDeleteRange) {
    refuseEmptyKey(op.requestDeleteRange.key, "deleteRange");
  } else {
    throw new KvError(
      "KeyNotFound",
      "txn",
      "Cannot do a transaction with an operation that is none: give it a requestRange, requestPut, " +
        "requestDeleteRange or requestTxn",
    );
  }
}

/** What a list of operations writes, nested ones included. */
interface Writes {
  /** Keys that are put, as texts. */
  readonly puts: Set<string>;
  readonly deletes: DeleteRangeRequest[];
}

/**
 * Whether a delete covers a key, as etcd's check sees it: of a delete from a key on (its end a
 * single zero byte) it takes the end for what it says, so that such a delete covers nothing.
 */
function covers({ key, rangeEnd }: DeleteRangeRequest, put: Uint8Array): boolean {
  if (rangeEnd === undefined || rangeEnd.length === 0) return compareBytes(put, key) === 0;
  return compareBytes(put, key) >= 0 && compareBytes(put, rangeEnd) < 0;
}

/**
 * Collects what operations write, and refuses two puts of a key, or a put that a delete covers. The
 * branches of a nested transaction may share keys, since only one of them is done; a put of one
 * nested transaction and a delete of a later one go undetected, as in etcd.
 *
 * @throws {KvError} DuplicateKey.
 */
function collectWrites(operations: readonly RequestOp[]): Writes {
  const puts = new Set<string>();
  const deletes = operations.flatMap((op) =>
    "requestDeleteRange" in op ? [op.requestDeleteRange] : []
  );
  const add = (text: string, allowed?: Set<string>): void => {
    const key = keyOfText(text);
    const isTwice = puts.has(text) && !allowed?.has(text);
    if (isTwice || deletes.some((one) => covers(one, key))) {
      throw new KvError(
        "DuplicateKey",
        "txn",
        `Cannot write the key ${key.toHex()} twice in a transaction: merge its writes into one`,
      );
    }
    puts.add(text);
  };
  for (const op of operations) {
    if (!("requestTxn" in op)) continue;
    const success = collectWrites(op.requestTxn.success ?? []);
    const failure = collectWrites(op.requestTxn.failure ?? []);
    for (const text of success.puts) add(text);
    for (const text of failure.puts) add(text, success.puts);
    deletes.push(...success.deletes, ...failure.deletes);
  }
  for (const op of operations) if ("requestPut" in op) add(keyText(op.requestPut.key));
  return { puts, deletes };
}
