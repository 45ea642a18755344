/**
 * Requests and responses of etcd's KV, Lease, Watch and Maintenance services, named and shaped as
 * in `rpc.proto`. A field of a request that is left out has the value that protobuf gives it: 0,
 * false, empty. Revisions, versions and counts are numbers (whole, up to 2^53 − 1), lease ids
 * bigints (int64), keys and values bytes.
 */
import type { KeyValue } from "./key_value.ts";

/** What stands in front of every response. */
export interface ResponseHeader {
  /** The store's revision when the request was applied. */
  readonly revision: number;
}

/** Which keys a request means. */
export interface KeyRange {
  /** The key, or the first of several. */
  readonly key: Uint8Array;
  /** Absent or empty: the key alone; a single zero byte: from the key on; else: up to here, excluded. */
  readonly rangeEnd?: Uint8Array;
}

/** Sets a key. */
export interface PutRequest {
  readonly key: Uint8Array;
  readonly value?: Uint8Array;
  /** The lease to attach the key to; 0 is none. */
  readonly lease?: bigint;
  /** Answer with what the key was before. */
  readonly prevKv?: boolean;
  /** Keep the value that the key has. */
  readonly ignoreValue?: boolean;
  /** Keep the lease that the key has. */
  readonly ignoreLease?: boolean;
}

/** Answer to a {@linkcode PutRequest}. */
export interface PutResponse {
  readonly header: ResponseHeader;
  readonly prevKv?: KeyValue;
}

/** How a range is ordered. */
type SortOrder = "NONE" | "ASCEND" | "DESCEND";
/** By what a range is ordered. */
export type SortTarget = "KEY" | "VERSION" | "CREATE" | "MOD" | "VALUE";

/** Reads keys. */
export interface RangeRequest extends KeyRange {
  /** Keys at most; 0 is no limit. */
  readonly limit?: number;
  /** The revision to read at; 0 or less is the current one. */
  readonly revision?: number;
  readonly sortOrder?: SortOrder;
  readonly sortTarget?: SortTarget;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
  readonly minModRevision?: number;
  readonly maxModRevision?: number;
  readonly minCreateRevision?: number;
  readonly maxCreateRevision?: number;
}

/** Answer to a {@linkcode RangeRequest}. */
export interface RangeResponse {
  readonly header: ResponseHeader;
  readonly kvs: readonly KeyValue[];
  /** Whether the limit left some out. */
  readonly more: boolean;
  /** Keys in the range, the limit and the filters apart. */
  readonly count: number;
}

/** Removes keys. */
export interface DeleteRangeRequest extends KeyRange {
  /** Answer with what the keys were before. */
  readonly prevKv?: boolean;
}

/** Answer to a {@linkcode DeleteRangeRequest}. */
export interface DeleteRangeResponse {
  readonly header: ResponseHeader;
  /** Keys that were removed. */
  readonly deleted: number;
  readonly prevKvs: readonly KeyValue[];
}

/** How a field of a key is compared. */
type CompareResult = "EQUAL" | "GREATER" | "LESS" | "NOT_EQUAL";

/** A condition of a transaction: on a key, or on every key of a range. */
export type Compare =
  & KeyRange
  & { readonly result?: CompareResult }
  & (
    | { readonly target: "VERSION"; readonly version?: number }
    | { readonly target: "CREATE"; readonly createRevision?: number }
    | { readonly target: "MOD"; readonly modRevision?: number }
    | { readonly target: "VALUE"; readonly value?: Uint8Array }
    | { readonly target: "LEASE"; readonly lease?: bigint }
  );

/** One operation of a transaction. */
export type RequestOp =
  | { readonly requestRange: RangeRequest }
  | { readonly requestPut: PutRequest }
  | { readonly requestDeleteRange: DeleteRangeRequest }
  | { readonly requestTxn: TxnRequest };

/** Does one of two lists of operations, as conditions hold or not, all at one revision. */
export interface TxnRequest {
  readonly compare?: readonly Compare[];
  /** What to do where every condition holds. */
  readonly success?: readonly RequestOp[];
  /** What to do where one does not. */
  readonly failure?: readonly RequestOp[];
}

/** Answer to one operation of a transaction. */
export type ResponseOp =
  | { readonly responseRange: RangeResponse }
  | { readonly responsePut: PutResponse }
  | { readonly responseDeleteRange: DeleteRangeResponse }
  | { readonly responseTxn: TxnResponse };

/** Answer to a {@linkcode TxnRequest}. A nested one's header has revision 0, as etcd's has. */
export interface TxnResponse {
  readonly header: ResponseHeader;
  readonly succeeded: boolean;
  readonly responses: readonly ResponseOp[];
}

/** Drops what only older revisions need. */
export interface CompactionRequest {
  readonly revision: number;
}

/** Answer to a {@linkcode CompactionRequest}. */
export interface CompactionResponse {
  readonly header: ResponseHeader;
}

/** Makes a lease. */
export interface LeaseGrantRequest {
  /** Seconds to live. */
  readonly ttl: number;
  /** The id to give it; 0 or absent: one that the store chooses. */
  readonly id?: bigint;
}

/** Answer to a {@linkcode LeaseGrantRequest}. */
export interface LeaseGrantResponse {
  readonly header: ResponseHeader;
  readonly id: bigint;
  /** Seconds that the lease was granted. */
  readonly ttl: number;
}

/** Answer to a revocation. */
export interface LeaseRevokeResponse {
  readonly header: ResponseHeader;
}

/** Answer to a keep-alive; `ttl` is 0 where there is no such lease. */
export interface LeaseKeepAliveResponse {
  readonly header: ResponseHeader;
  readonly id: bigint;
  readonly ttl: number;
}

/** Asks how long a lease has to live. */
export interface LeaseTimeToLiveRequest {
  readonly id: bigint;
  /** Answer with the keys attached to it. */
  readonly keys?: boolean;
}

/** Answer to a {@linkcode LeaseTimeToLiveRequest}. */
export interface LeaseTimeToLiveResponse {
  readonly header: ResponseHeader;
  readonly id: bigint;
  /** Whole seconds left; −1 where there is no such lease. */
  readonly ttl: number;
  readonly grantedTtl: number;
  /** In key order; etcd's order is arbitrary. */
  readonly keys: readonly Uint8Array[];
}

/** Answer to a question for all leases. */
export interface LeaseLeasesResponse {
  readonly header: ResponseHeader;
  /** Ids, the lease that expires first in front. */
  readonly leases: readonly bigint[];
}

/** Answer to a question for the hash of a store's keys. */
export interface HashKvResponse {
  readonly header: ResponseHeader;
  /** CRC-32C; equal for equal histories, and equal to what etcd itself answers. */
  readonly hash: number;
  readonly compactRevision: number;
}

/** A change that a watch reports. */
export interface WatchEvent {
  readonly type: "PUT" | "DELETE";
  /** Of a delete: the key and the revision of the delete alone. */
  readonly kv: KeyValue;
  readonly prevKv?: KeyValue;
}

/** Watches keys. */
export interface WatchCreateRequest extends KeyRange {
  /** First revision to report; 0 or absent: whatever comes next. */
  readonly startRevision?: number;
  /** Kinds of events to leave out. */
  readonly filters?: readonly ("NOPUT" | "NODELETE")[];
  /** Report what each key was before. */
  readonly prevKv?: boolean;
  /** Report the store's revision now and then where nothing has changed. */
  readonly progressNotify?: boolean;
  /** Report what is large in parts. */
  readonly fragment?: boolean;
  /** The id to give it, that no other watch of the store has; 0 or absent: one that the store chooses. */
  readonly watchId?: bigint;
}

/**
 * What a watch reports at once: all of a revision, and of several where it had to catch up. Of a
 * watch that a compaction has ended, the header's revision is 0, as in etcd.
 */
export interface WatchResponse {
  readonly header: ResponseHeader;
  /** The watch's id; −1 where there is none, since it was refused. */
  readonly watchId: bigint;
  readonly events: readonly WatchEvent[];
  /** Whether the watch has ended. */
  readonly canceled: boolean;
  /** Why it has: the revisions that it still needed are compacted up to this one; else 0. */
  readonly compactRevision: number;
  /** Why it has, in etcd's words, where it was refused. Not given where a compaction is why. */
  readonly cancelReason?: string;
  /** Whether the rest of what is reported at once comes with the next response. */
  readonly fragment?: boolean;
}
