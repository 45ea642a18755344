/** etcd's messages (version 3 of its interface), as far as the store has use for them. */
import { type ProtoReader, ProtoWriter } from "../grpc/mod.ts";
import type { Write } from "../kept_batch.ts";
import type { KeyVersion } from "../etcd_api.ts";
import type { Entry } from "../page_cursor.ts";

/** The calls by their names. */
export const METHOD = {
  range: "/etcdserverpb.KV/Range",
  put: "/etcdserverpb.KV/Put",
  delete: "/etcdserverpb.KV/DeleteRange",
  txn: "/etcdserverpb.KV/Txn",
  compact: "/etcdserverpb.KV/Compact",
  watch: "/etcdserverpb.Watch/Watch",
  leaseGrant: "/etcdserverpb.Lease/LeaseGrant",
  leaseRevoke: "/etcdserverpb.Lease/LeaseRevoke",
  status: "/etcdserverpb.Maintenance/Status",
  members: "/etcdserverpb.Cluster/MemberList",
  authenticate: "/etcdserverpb.Auth/Authenticate",
} as const;

/** The key, and the end of a range, that mean everything before and after. */
export const FIRST_KEY = Uint8Array.of(0);
/** The end of a range that has none. */
export const NO_END = Uint8Array.of(0);

/** What every answer says of the server. */
export interface AnswerHeader {
  cluster: bigint;
  member: bigint;
  revision: number;
}

/** Reads an answer's header. */
export function readHeader(header: ProtoReader): AnswerHeader {
  const read = { cluster: 0n, member: 0n, revision: 0 };
  for (let field = header.next(); field !== 0; field = header.next()) {
    if (field === 1) read.cluster = header.id();
    else if (field === 2) read.member = header.id();
    else if (field === 3) read.revision = header.number();
    else header.skip();
  }
  return read;
}

/** The revision of an answer that says nothing else of interest; its other fields are skipped. */
export function readRevision(answer: ProtoReader): number {
  let revision = 0;
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) revision = revisionIn(answer.message());
    else answer.skip();
  }
  return revision;
}

/** The revision in a header. */
export function revisionIn(header: ProtoReader): number {
  let revision = 0;
  for (let field = header.next(); field !== 0; field = header.next()) {
    if (field === 3) revision = header.number();
    else header.skip();
  }
  return revision;
}

/** What a range is asked for by. */
export interface RangeQuery {
  key: Uint8Array;
  end: Uint8Array;
  limit: number;
  /** 0: the newest. */
  revision: number;
  reverse: boolean;
  serializable: boolean;
}

/** Writes the request of a range. */
export function writeRange(message: ProtoWriter, query: RangeQuery): ProtoWriter {
  message.clear().bytes(1, query.key).bytes(2, query.end).number(3, query.limit)
    .number(4, query.revision);
  // Descending, by key.
  if (query.reverse) message.number(5, 2).number(6, 0);
  return message.flag(7, query.serializable);
}

const EMPTY = new Uint8Array(0);

/** Reads the entries of a range, copied, and whether there are more. */
export function readRange(answer: ProtoReader): {
  entries: Entry[];
  more: boolean;
  revision: number;
} {
  const read = { entries: [] as Entry[], more: false, revision: 0 };
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) read.revision = revisionIn(answer.message());
    else if (field === 2) read.entries.push(readEntry(answer.message()));
    else if (field === 3) read.more = answer.number() !== 0;
    else answer.skip();
  }
  return read;
}

function readEntry(message: ProtoReader): Entry & { modRevision: number } {
  const entry = { key: EMPTY, value: EMPTY, modRevision: 0 };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) entry.key = message.bytes().slice();
    else if (field === 3) entry.modRevision = message.number();
    else if (field === 5) entry.value = message.bytes().slice();
    else message.skip();
  }
  return entry;
}

/**
 * The value of the one key that a range was asked for, not copied; `undefined` where it is absent.
 *
 * @param onRevision Told the server's revision.
 */
export function readValue(
  answer: ProtoReader,
  onRevision: (revision: number) => void,
): Uint8Array | undefined {
  let value: Uint8Array | undefined;
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) onRevision(revisionIn(answer.message()));
    else if (field === 2) value = valueIn(answer.message());
    else answer.skip();
  }
  return value;
}

function valueIn(entry: ProtoReader): Uint8Array {
  let value: Uint8Array = EMPTY;
  for (let field = entry.next(); field !== 0; field = entry.next()) {
    if (field === 5) value = entry.bytes();
    else entry.skip();
  }
  return value;
}

/** Writes the request of a transaction without conditions. */
export function writeTxn(message: ProtoWriter, writes: Iterable<Write>): ProtoWriter {
  message.clear();
  const [inner, operation] = [new ProtoWriter(), new ProtoWriter()];
  for (const { key, value } of writes) {
    inner.clear().bytes(1, key);
    if (value !== null) inner.bytes(2, value);
    operation.clear().message(value === null ? 3 : 2, inner);
    message.message(2, operation);
  }
  return message;
}

/** What a server says of itself. */
export interface Status extends AnswerHeader {
  version: string;
  dbBytes: number;
  /** The member that leads; 0 where none does. */
  leader: bigint;
}

/** Reads the answer of a status. */
export function readStatus(answer: ProtoReader): Status {
  const read: Status = {
    cluster: 0n,
    member: 0n,
    revision: 0,
    version: "",
    dbBytes: 0,
    leader: 0n,
  };
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) Object.assign(read, readHeader(answer.message()));
    else if (field === 2) read.version = answer.text();
    else if (field === 3) read.dbBytes = answer.number();
    else if (field === 4) read.leader = answer.id();
    else answer.skip();
  }
  return read;
}

/** Reads the token of an answer to a name and a password. */
export function readToken(answer: ProtoReader): string {
  let token = "";
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 2) token = answer.text();
    else answer.skip();
  }
  return token;
}

/** Reads the id of a lease that was granted, and for how long it was. */
export function readLease(answer: ProtoReader): { id: bigint; seconds: number } {
  const lease = { id: 0n, seconds: 0 };
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 2) lease.id = answer.id();
    else if (field === 3) lease.seconds = answer.number();
    else answer.skip();
  }
  return lease;
}

/** Reads the one key that a range was asked for as far as its version goes, and the server's revision. */
export function readVersion(
  answer: ProtoReader,
): { found: KeyVersion | undefined; revision: number } {
  const read = { found: undefined as KeyVersion | undefined, revision: 0 };
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) read.revision = revisionIn(answer.message());
    else if (field === 2) read.found = versionIn(answer.message());
    else answer.skip();
  }
  return read;
}

function versionIn(entry: ProtoReader): KeyVersion {
  const version = { modRevision: 0, bytes: 0 };
  for (let field = entry.next(); field !== 0; field = entry.next()) {
    if (field === 3) version.modRevision = entry.number();
    else if (field === 5) version.bytes = entry.bytes().length;
    else entry.skip();
  }
  return version;
}

/** Writes a transaction that puts a key if it was written last at a revision, and else reads it. */
export function writeSwap(
  key: Uint8Array,
  modRevision: number,
  value: Uint8Array,
): ProtoWriter {
  // Equal, which is 0 and so not written, to the revision of the last change.
  const compare = new ProtoWriter().number(2, 2).bytes(3, key).number(6, modRevision);
  const put = new ProtoWriter().message(2, new ProtoWriter().bytes(1, key).bytes(2, value));
  const range = new ProtoWriter().message(1, new ProtoWriter().bytes(1, key));
  return new ProtoWriter().message(1, compare).message(2, put).message(3, range);
}

/** Reads the answer of such a transaction: what is there is found where it has not put. */
export function readSwap(
  answer: ProtoReader,
): { succeeded: boolean; found: KeyVersion | undefined; revision: number } {
  const read = { succeeded: false, found: undefined as KeyVersion | undefined, revision: 0 };
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) read.revision = revisionIn(answer.message());
    else if (field === 2) read.succeeded = answer.number() !== 0;
    else if (field === 3) read.found = versionOfRange(answer.message()) ?? read.found;
    else answer.skip();
  }
  return read;
}

function versionOfRange(response: ProtoReader): KeyVersion | undefined {
  let found: KeyVersion | undefined;
  for (let field = response.next(); field !== 0; field = response.next()) {
    if (field === 1) found = readVersion(response.message()).found;
    else response.skip();
  }
  return found;
}

/** A change that a watch saw. */
export interface Change {
  kind: "put" | "delete";
  key: Uint8Array;
  value: Uint8Array;
  /** Its revision. */
  modRevision: number;
}

/** Reads what a watch says. */
export function readWatch(answer: ProtoReader): {
  created: boolean;
  /** Why it ended, where it did. */
  cancelled: string | undefined;
  changes: Change[];
} {
  const read = {
    created: false,
    cancelled: undefined as string | undefined,
    changes: [] as Change[],
  };
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 3) read.created = answer.number() !== 0;
    else if (field === 4 && answer.number() !== 0) read.cancelled ??= "";
    else if (field === 6) read.cancelled = answer.text();
    else if (field === 11) read.changes.push(readChange(answer.message()));
    else if (field !== 4) answer.skip();
  }
  return read;
}

function readChange(event: ProtoReader): Change {
  const change: Change = { kind: "put", key: EMPTY, value: EMPTY, modRevision: 0 };
  for (let field = event.next(); field !== 0; field = event.next()) {
    if (field === 1) change.kind = event.number() === 1 ? "delete" : "put";
    else if (field === 2) Object.assign(change, readEntry(event.message()));
    else event.skip();
  }
  return change;
}
