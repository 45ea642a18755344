/**
 * Sizes in protobuf (`rpc.proto`, `kv.proto`): of requests, by which etcd refuses those that are too
 * large, and of what a watch reports, by which it is sent in parts. etcd counts some 17 bytes more for
 * the envelope in which its log holds a request, and some 25 for what else its headers have.
 */
import type { KeyValue } from "./key_value.ts";
import type {
  Compare,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
  WatchEvent,
  WatchResponse,
} from "./messages.ts";

function varintSize(value: number | bigint): number {
  let rest = BigInt.asUintN(64, BigInt(value));
  let size = 1;
  for (; rest > 127n; rest >>= 7n) size++;
  return size;
}

/** A whole number, an enumeration or a flag: nothing where it is 0. */
function scalar(value: number | bigint | boolean | undefined, tag = 1): number {
  if (!value) return 0;
  return tag + (value === true ? 1 : varintSize(value));
}

/** Bytes of a field of so many bytes. */
export function lengthDelimited(size: number, tag = 1): number {
  return tag + varintSize(size) + size;
}

function bytes(value: Uint8Array | undefined, tag = 1): number {
  return value === undefined || value.length === 0 ? 0 : lengthDelimited(value.length, tag);
}

/** Bytes of a put. */
export function sizeOfPut(r: PutRequest): number {
  return bytes(r.key) + bytes(r.value) + scalar(r.lease) + scalar(r.prevKv) +
    scalar(r.ignoreValue) + scalar(r.ignoreLease);
}

/** Bytes of a deleteRange. */
export function sizeOfDeleteRange(r: DeleteRangeRequest): number {
  return bytes(r.key) + bytes(r.rangeEnd) + scalar(r.prevKv);
}

function sizeOfRange(r: RangeRequest): number {
  return bytes(r.key) + bytes(r.rangeEnd) + scalar(r.limit) + scalar(r.revision) +
    scalar((r.sortOrder ?? "NONE") !== "NONE") + scalar((r.sortTarget ?? "KEY") !== "KEY") +
    scalar(r.keysOnly) + scalar(r.countOnly) + scalar(r.minModRevision) +
    scalar(r.maxModRevision) + scalar(r.minCreateRevision) + scalar(r.maxCreateRevision);
}

function sizeOfCompare(c: Compare): number {
  const operand = c.target === "VALUE" ? bytes(c.value) : scalar(
    c.target === "VERSION"
      ? c.version
      : c.target === "CREATE"
      ? c.createRevision
      : c.target === "MOD"
      ? c.modRevision
      : c.lease,
  );
  return scalar((c.result ?? "EQUAL") !== "EQUAL") + scalar(c.target !== "VERSION") +
    bytes(c.key) + operand + bytes(c.rangeEnd, 2);
}

function sizeOfOp(op: RequestOp): number {
  if ("requestRange" in op) return lengthDelimited(sizeOfRange(op.requestRange));
  if ("requestPut" in op) return lengthDelimited(sizeOfPut(op.requestPut));
  if ("requestTxn" in op) return lengthDelimited(sizeOfTxn(op.requestTxn));
  return lengthDelimited(sizeOfDeleteRange(op.requestDeleteRange));
}

/** Bytes of a transaction. */
export function sizeOfTxn(r: TxnRequest): number {
  let size = 0;
  for (const compare of r.compare ?? []) size += lengthDelimited(sizeOfCompare(compare));
  for (const op of r.success ?? []) size += lengthDelimited(sizeOfOp(op));
  for (const op of r.failure ?? []) size += lengthDelimited(sizeOfOp(op));
  return size;
}

function sizeOfKeyValue(kv: KeyValue): number {
  return bytes(kv.key) + scalar(kv.createRevision) + scalar(kv.modRevision) + scalar(kv.version) +
    bytes(kv.value) + scalar(kv.lease);
}

/** Bytes of an event of a watch. */
export function sizeOfEvent({ type, kv, prevKv }: WatchEvent): number {
  return scalar(type === "DELETE") + lengthDelimited(sizeOfKeyValue(kv)) +
    (prevKv === undefined ? 0 : lengthDelimited(sizeOfKeyValue(prevKv)));
}

/** Bytes of a response of a watch without its events. */
export function sizeOfWatchHeader({ header, watchId }: WatchResponse): number {
  return lengthDelimited(scalar(header.revision)) + scalar(watchId) + scalar(true);
}
