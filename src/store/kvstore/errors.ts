import { StoreError } from "../error.ts";

/**
 * etcd's errors (`api/v3rpc/rpctypes/error.go`): the gRPC status code's name and number, and the
 * text that etcd's clients know it by. InvalidArgument is gRPC's own, of a request that none of etcd's
 * messages can carry: a gateway refuses it so, each in words of its own.
 */
export const KV_ERRORS = {
  InvalidArgument: ["INVALID_ARGUMENT", 3, "invalid argument"],
  EmptyKey: ["INVALID_ARGUMENT", 3, "etcdserver: key is not provided"],
  KeyNotFound: ["INVALID_ARGUMENT", 3, "etcdserver: key not found"],
  ValueProvided: ["INVALID_ARGUMENT", 3, "etcdserver: value is provided"],
  LeaseProvided: ["INVALID_ARGUMENT", 3, "etcdserver: lease is provided"],
  TooManyOps: ["INVALID_ARGUMENT", 3, "etcdserver: too many operations in txn request"],
  DuplicateKey: ["INVALID_ARGUMENT", 3, "etcdserver: duplicate key given in txn request"],
  InvalidSortOption: ["INVALID_ARGUMENT", 3, "etcdserver: invalid sort option"],
  RequestTooLarge: ["INVALID_ARGUMENT", 3, "etcdserver: request is too large"],
  Compacted: ["OUT_OF_RANGE", 11, "etcdserver: mvcc: required revision has been compacted"],
  FutureRev: ["OUT_OF_RANGE", 11, "etcdserver: mvcc: required revision is a future revision"],
  LeaseNotFound: ["NOT_FOUND", 5, "etcdserver: requested lease not found"],
  LeaseExists: ["FAILED_PRECONDITION", 9, "etcdserver: lease already exists"],
  LeaseTTLTooLarge: ["OUT_OF_RANGE", 11, "etcdserver: too large lease TTL"],
  Corrupt: ["DATA_LOSS", 15, "etcdserver: corrupt cluster"],
} as const satisfies Record<string, readonly [status: string, code: number, text: string]>;

/** The name of one of etcd's errors. */
export type KvErrorName = keyof typeof KV_ERRORS;

/** A request that etcd would refuse, or a database that it would not serve from. */
export class KvError extends StoreError {
  override name = "KvError";
  /** etcd's name of the error. */
  readonly reason: KvErrorName;
  /** The gRPC status, e.g. `OUT_OF_RANGE`. */
  readonly status: string;
  /** The gRPC status code's number. */
  readonly code: number;
  /** The text that etcd itself would answer. */
  readonly etcdText: string;

  /** @param message What could not be done, why, and how to mend it. */
  constructor(reason: KvErrorName, call: string, message: string) {
    const [status, code, text] = KV_ERRORS[reason];
    super(message, call, reason === "Corrupt" ? "engine" : "usage");
    this.reason = reason;
    this.status = status;
    this.code = code;
    this.etcdText = text;
  }
}
