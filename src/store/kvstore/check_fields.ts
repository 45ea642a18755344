/**
 * What is refused because protobuf has no place for it: etcd's own server never sees such a request,
 * since its client, or its JSON gateway, cannot write it down.
 */
import { KvError } from "./errors.ts";
import type {
  Compare,
  KeyRange,
  LeaseGrantRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
  WatchCreateRequest,
} from "./messages.ts";

const COMPARE_RESULTS = ["EQUAL", "GREATER", "LESS", "NOT_EQUAL"];
const COMPARE_TARGETS = ["VERSION", "CREATE", "MOD", "VALUE", "LEASE"];
const WATCH_FILTERS = ["NOPUT", "NODELETE"];

/** The first whole number that an int64 does not hold. */
const INT64_END = 2 ** 63;

function refuseValue(call: string, field: string, value: unknown, wanted: string): never {
  const given = typeof value === "bigint" ? `${value}n` : String(value);
  throw new KvError(
    "InvalidArgument",
    call,
    `Cannot ${call} with the ${field} ${given}: give ${wanted}`,
  );
}

/** Refuses a number that an int64 does not hold. @throws {KvError} InvalidArgument. */
export function refuseNoInt64(value: number | undefined, field: string, call: string): void {
  if (value === undefined || Number.isSafeInteger(value)) return;
  if (Number.isInteger(value) && value >= -INT64_END && value < INT64_END) return;
  refuseValue(call, field, value, "a whole number of 64 bits");
}

/** Refuses an id that an int64 does not hold. @throws {KvError} InvalidArgument. */
export function refuseNoId(id: bigint | undefined, field: string, call: string): void {
  if (id === undefined || (typeof id === "bigint" && BigInt.asIntN(64, id) === id)) return;
  refuseValue(call, field, id, "a bigint from −2^63 to 2^63 − 1");
}

function refuseNoName(
  value: string | undefined,
  names: readonly string[],
  field: string,
  call: string,
): void {
  if (value === undefined || names.includes(value)) return;
  refuseValue(call, field, value, `one of ${names.join(", ")}`);
}

function refuseNoBytes(value: Uint8Array | undefined, field: string, call: string): void {
  if (value === undefined || value instanceof Uint8Array) return;
  refuseValue(call, field, value, "a Uint8Array");
}

function checkKeys({ key, rangeEnd }: KeyRange, call: string): void {
  refuseNoBytes(key, "key", call);
  refuseNoBytes(rangeEnd, "end", call);
}

/** @throws {KvError} InvalidArgument. */
export function checkPutFields({ key, value, lease }: PutRequest): void {
  refuseNoBytes(key, "key", "put");
  refuseNoBytes(value, "value", "put");
  refuseNoId(lease, "lease", "put");
}

/** @throws {KvError} InvalidArgument. */
export function checkRangeFields(request: RangeRequest): void {
  checkKeys(request, "range");
  refuseNoInt64(request.revision, "revision", "range");
  refuseNoInt64(request.limit, "limit", "range");
  refuseNoInt64(request.minModRevision, "minModRevision", "range");
  refuseNoInt64(request.maxModRevision, "maxModRevision", "range");
  refuseNoInt64(request.minCreateRevision, "minCreateRevision", "range");
  refuseNoInt64(request.maxCreateRevision, "maxCreateRevision", "range");
}

/** @throws {KvError} InvalidArgument. */
export function checkDeleteFields(request: KeyRange): void {
  checkKeys(request, "deleteRange");
}

/** Nested transactions included. @throws {KvError} InvalidArgument. */
export function checkTxnFields({ compare = [], success = [], failure = [] }: TxnRequest): void {
  for (const one of compare) checkCompareFields(one);
  for (const op of success) checkOpFields(op);
  for (const op of failure) checkOpFields(op);
}

function checkCompareFields(compare: Compare): void {
  checkKeys(compare, "compare");
  refuseNoName(compare.result, COMPARE_RESULTS, "result", "compare");
  refuseNoName(compare.target, COMPARE_TARGETS, "target", "compare");
  if (compare.target === "VERSION") refuseNoInt64(compare.version, "version", "compare");
  else if (compare.target === "CREATE") {
    refuseNoInt64(compare.createRevision, "createRevision", "compare");
  } else if (compare.target === "MOD") {
    refuseNoInt64(compare.modRevision, "modRevision", "compare");
  } else if (compare.target === "VALUE") refuseNoBytes(compare.value, "value", "compare");
  else if (compare.target === "LEASE") refuseNoId(compare.lease, "lease", "compare");
}

/**
 * An operation without a member passes here, as it does in protobuf, and is refused by its form; of
 * two members protobuf's `oneof` has room for one.
 */
function checkOpFields(op: RequestOp | undefined): void {
  if (!op) return;
  const members = Object.keys(op);
  if (members.length > 1) {
    refuseValue("txn", "operation", members.join(" and "), "each of them an operation of its own");
  }
  if ("requestRange" in op) checkMember(op.requestRange, checkRangeFields);
  else if ("requestPut" in op) checkMember(op.requestPut, checkPutFields);
  else if ("requestTxn" in op) checkMember(op.requestTxn, checkTxnFields);
  else if ("requestDeleteRange" in op) checkMember(op.requestDeleteRange, checkDeleteFields);
}

function checkMember<T>(request: T | undefined | null, check: (request: T) => void): void {
  if (request !== undefined && request !== null) check(request);
}

/** @throws {KvError} InvalidArgument. */
export function checkLeaseGrantFields({ id, ttl }: LeaseGrantRequest): void {
  refuseNoId(id, "id", "leaseGrant");
  refuseNoInt64(ttl, "ttl", "leaseGrant");
}

/** @throws {KvError} InvalidArgument. */
export function checkWatchFields(request: WatchCreateRequest): void {
  checkKeys(request, "watch");
  refuseNoInt64(request.startRevision, "startRevision", "watch");
  refuseNoId(request.watchId, "watchId", "watch");
  for (const filter of request.filters ?? []) {
    refuseNoName(filter, WATCH_FILTERS, "filter", "watch");
  }
}
