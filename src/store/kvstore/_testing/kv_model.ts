/**
 * The judge of the KvStore in tests: the same requests on plain data, in the simplest form that is
 * obviously right. It keeps the whole key space as it was after every revision.
 */
import type { KvErrorName } from "../errors.ts";
import type { KeyValue } from "../key_value.ts";
import type * as m from "../messages.ts";

/** The model refuses a request, as the store has to. */
export class Refusal extends Error {
  /** The error's name. */
  readonly reason: KvErrorName;
  /** Whether it came when a part of a transaction was done; a real etcd panics then. */
  readonly midway: boolean;

  constructor(reason: KvErrorName, midway = false) {
    super(reason);
    this.reason = reason;
    this.midway = midway;
  }
}

/** The keys there are, by their bytes in hexadecimal. */
type Snapshot = ReadonlyMap<string, KeyValue>;

interface ModelLease {
  ttl: number;
  expiry: number;
}

interface ModelWatch {
  readonly request: m.WatchCreateRequest;
  next: number;
  synced: boolean;
  canceled: boolean;
}

/** What a watch reports when it is asked for all there is. */
interface Reported {
  readonly events: m.WatchEvent[];
  /** Whether it ended. */
  readonly canceled: boolean;
  /** The compaction that ended it; 0 where none did. */
  readonly compactRevision: number;
}

const EMPTY = new Uint8Array(0);

/** The last event of each key; of a key's changes in one transaction a compaction keeps that one. */
function lastOfEachKey(events: readonly m.WatchEvent[]): m.WatchEvent[] {
  const last = new Map(events.map((event, i) => [event.kv.key.toHex(), i]));
  return events.filter((event, i) => last.get(event.kv.key.toHex()) === i);
}

/** The state of a transaction under way. */
interface Draft {
  keys: Map<string, KeyValue>;
  changed: boolean;
  events: m.WatchEvent[];
}

/** etcd's requests on plain data. Time passes where {@linkcode KvModel.now} is set. */
export class KvModel {
  /** The keys after each revision; compacted ones too, since the events' former values need them. */
  readonly #snapshots: Snapshot[] = [new Map(), new Map()];
  readonly #events: m.WatchEvent[][] = [[], []];
  readonly #leases = new Map<bigint, ModelLease>();
  readonly #watches: ModelWatch[] = [];
  #compacted = -1;
  /** The clock, ms. */
  now = 0;

  /** The current revision. */
  get revision(): number {
    return this.#snapshots.length - 1;
  }

  /** The revision up to which it is compacted; −1 at first. */
  get compactRevision(): number {
    return this.#compacted;
  }

  #header(): m.ResponseHeader {
    return { revision: this.revision };
  }

  #draft(): Draft {
    return { keys: new Map(this.#snapshots.at(-1)!), changed: false, events: [] };
  }

  #commit(draft: Draft): void {
    if (!draft.changed) return;
    this.#snapshots.push(draft.keys);
    this.#events.push(draft.events);
  }

  /** The revision that a read in a draft sees. */
  #revisionIn(draft: Draft | undefined): number {
    return this.revision + (draft?.changed ? 1 : 0);
  }

  put(request: m.PutRequest): m.PutResponse {
    this.#checkPutForm(request);
    this.#checkLease(request);
    this.#checkKept(request);
    const draft = this.#draft();
    const response = this.#putIn(draft, request);
    this.#commit(draft);
    return response;
  }

  range(request: m.RangeRequest): m.RangeResponse {
    this.#checkRangeForm(request);
    return this.#rangeIn(undefined, request);
  }

  deleteRange(request: m.DeleteRangeRequest): m.DeleteRangeResponse {
    if (request.key.length === 0) throw new Refusal("EmptyKey");
    const draft = this.#draft();
    const response = this.#deleteIn(draft, request);
    this.#commit(draft);
    return response;
  }

  txn(request: m.TxnRequest): m.TxnResponse {
    this.#checkTxnForm(request, 128);
    this.#checkDuplicates(request.success ?? []);
    this.#checkDuplicates(request.failure ?? []);
    const plan = this.#plan(request);
    this.#checkOps(plan);
    const draft = this.#draft();
    const responses = this.#execute(draft, plan);
    const header = { revision: this.#revisionIn(draft) };
    this.#commit(draft);
    return { header, succeeded: plan.succeeded, responses };
  }

  compact({ revision }: m.CompactionRequest): m.CompactionResponse {
    if (revision <= this.#compacted) throw new Refusal("Compacted");
    if (revision > this.revision) throw new Refusal("FutureRev");
    this.#compacted = revision;
    return { header: this.#header() };
  }

  leaseGrant({ id = 0n, ttl }: m.LeaseGrantRequest): m.LeaseGrantResponse {
    if (ttl > 9_000_000_000) throw new Refusal("LeaseTTLTooLarge");
    if (this.#leases.has(id)) throw new Refusal("LeaseExists");
    const granted = Math.max(2, ttl);
    this.#leases.set(id, { ttl: granted, expiry: this.now + granted * 1000 });
    return { header: this.#header(), id, ttl: granted };
  }

  leaseRevoke(id: bigint): m.LeaseRevokeResponse {
    if (!this.#leases.has(id)) throw new Refusal("LeaseNotFound");
    const draft = this.#draft();
    for (const kv of this.#keysOf(id)) this.#deleteIn(draft, { key: kv.key });
    this.#leases.delete(id);
    this.#commit(draft);
    return { header: this.#header() };
  }

  leaseKeepAlive(id: bigint): m.LeaseKeepAliveResponse {
    const lease = this.#leases.get(id);
    if (lease === undefined || lease.expiry <= this.now) {
      return { header: this.#header(), id, ttl: 0 };
    }
    lease.expiry = this.now + lease.ttl * 1000;
    return { header: this.#header(), id, ttl: lease.ttl };
  }

  leaseTimeToLive({ id, keys = false }: m.LeaseTimeToLiveRequest): m.LeaseTimeToLiveResponse {
    const header = this.#header();
    const lease = this.#leases.get(id);
    if (lease === undefined) return { header, id, ttl: -1, grantedTtl: 0, keys: [] };
    return {
      header,
      id,
      ttl: Math.trunc((lease.expiry - this.now) / 1000) + 0,
      grantedTtl: lease.ttl,
      keys: keys ? this.#keysOf(id).map((kv) => kv.key) : [],
    };
  }

  leaseLeases(): m.LeaseLeasesResponse {
    const leases = [...this.#leases]
      .sort(([a, x], [b, y]) => x.expiry - y.expiry || (a < b ? -1 : 1))
      .map(([id]) => id);
    return { header: this.#header(), leases };
  }

  expireLeases(): bigint[] {
    const expired = this.leaseLeases().leases
      .filter((id) => this.#leases.get(id)!.expiry <= this.now);
    for (const id of expired) this.leaseRevoke(id);
    return expired;
  }

  /** What opening a store again changes: leases live on for the whole of their time, watches end. */
  restart(): void {
    for (const lease of this.#leases.values()) lease.expiry = this.now + lease.ttl * 1000;
    this.#watches.length = 0;
  }

  /** Starts a watch; {@linkcode KvModel.reported} takes its number. */
  watch(request: m.WatchCreateRequest): number {
    const start = request.startRevision ?? 0;
    const synced = start === 0 || start > this.revision;
    const next = start === 0 ? this.revision + 1 : start;
    this.#watches.push({ request, next, synced, canceled: false });
    return this.#watches.length - 1;
  }

  /** All that a watch has to report since it was asked last. */
  reported(number: number): Reported {
    const watch = this.#watches[number]!;
    if (watch.canceled) return { events: [], canceled: false, compactRevision: 0 };
    const { key, rangeEnd = EMPTY, filters = [], prevKv = false } = watch.request;
    const end = rangeEnd.toHex();
    const isEmpty = end !== "" && end !== "00" && key.toHex() >= end;
    const isLate = !watch.synced && watch.next < this.#compacted;
    if (isEmpty || isLate) {
      watch.canceled = true;
      return { events: [], canceled: true, compactRevision: isEmpty ? 0 : this.#compacted };
    }
    const events: m.WatchEvent[] = [];
    for (; watch.next <= this.revision; watch.next++) {
      const before = this.#snapshots[watch.next - 1]!;
      const all = this.#events[watch.next]!;
      // A watch that catches up reads what a compaction left of its own revision.
      const thinned = !watch.synced && watch.next === this.#compacted;
      for (const event of thinned ? lastOfEachKey(all) : all) {
        if (!within({ key, rangeEnd }, event.kv.key)) continue;
        if (filters.includes(event.type === "PUT" ? "NOPUT" : "NODELETE")) continue;
        const former = watch.next - 1 >= this.#compacted
          ? before.get(event.kv.key.toHex())
          : undefined;
        const isCreate = event.type === "PUT" && event.kv.createRevision === watch.next;
        events.push({
          ...event,
          ...(prevKv && former !== undefined && !isCreate && { prevKv: former }),
        });
      }
    }
    watch.synced = true;
    return { events, canceled: false, compactRevision: 0 };
  }

  #keysOf(lease: bigint): KeyValue[] {
    return select(this.#snapshots.at(-1)!, { key: new Uint8Array(1), rangeEnd: new Uint8Array(1) })
      .filter((kv) => kv.lease === lease);
  }

  #checkPutForm(r: m.PutRequest): void {
    if (r.key.length === 0) throw new Refusal("EmptyKey");
    if (r.ignoreValue && (r.value?.length ?? 0) > 0) throw new Refusal("ValueProvided");
    if (r.ignoreLease && r.lease) throw new Refusal("LeaseProvided");
  }

  #checkRangeForm(r: m.RangeRequest): void {
    if (r.key.length === 0) throw new Refusal("EmptyKey");
  }

  #checkTxnForm(r: m.TxnRequest, left: number): void {
    const { compare = [], success = [], failure = [] } = r;
    const most = Math.max(compare.length, success.length, failure.length);
    if (most > left) throw new Refusal("TooManyOps");
    for (const { key } of compare) if (key.length === 0) throw new Refusal("EmptyKey");
    for (const op of [...success, ...failure]) {
      if ("requestRange" in op) this.#checkRangeForm(op.requestRange);
      else if ("requestPut" in op) this.#checkPutForm(op.requestPut);
      else if ("requestTxn" in op) this.#checkTxnForm(op.requestTxn, left - most);
      else if (op.requestDeleteRange.key.length === 0) throw new Refusal("EmptyKey");
    }
  }

  /** Keys put by a list of operations; refuses one that is written twice. */
  #checkDuplicates(ops: readonly m.RequestOp[]): { puts: string[]; deletes: m.KeyRange[] } {
    const deletes: m.KeyRange[] = ops.flatMap((op) =>
      "requestDeleteRange" in op ? [op.requestDeleteRange] : []
    );
    const puts: string[] = [];
    const add = (hex: string, allowed: string[]) => {
      const key = Uint8Array.fromHex(hex);
      // The check of etcd takes the end "\0" for an end, which nothing is below.
      const isDeleted = deletes.some((one) => within(one, key) && one.rangeEnd?.toHex() !== "00");
      if (isDeleted || puts.includes(hex) && !allowed.includes(hex)) {
        throw new Refusal("DuplicateKey");
      }
      puts.push(hex);
    };
    for (const op of ops) {
      if (!("requestTxn" in op)) continue;
      const success = this.#checkDuplicates(op.requestTxn.success ?? []);
      const failure = this.#checkDuplicates(op.requestTxn.failure ?? []);
      for (const hex of new Set(success.puts)) add(hex, []);
      for (const hex of new Set(failure.puts)) add(hex, success.puts);
      deletes.push(...success.deletes, ...failure.deletes);
    }
    for (const op of ops) if ("requestPut" in op) add(op.requestPut.key.toHex(), []);
    return { puts, deletes };
  }

  #plan(r: m.TxnRequest): Plan {
    const succeeded = (r.compare ?? []).every((compare) => this.#holds(compare));
    const ops = (succeeded ? r.success : r.failure) ?? [];
    return {
      succeeded,
      ops: ops.map((op) => "requestTxn" in op ? this.#plan(op.requestTxn) : op),
    };
  }

  #holds(compare: m.Compare): boolean {
    const kvs = select(this.#snapshots.at(-1)!, compare);
    if (kvs.length === 0 && compare.target === "VALUE") return false;
    const absent = { createRevision: 0, modRevision: 0, version: 0, lease: 0n, value: EMPTY };
    return (kvs.length === 0 ? [absent] : kvs).every((kv) => {
      const [a, b] = compare.target === "VALUE"
        ? [kv.value.toHex(), (compare.value ?? EMPTY).toHex()]
        : compare.target === "VERSION"
        ? [kv.version, compare.version ?? 0]
        : compare.target === "CREATE"
        ? [kv.createRevision, compare.createRevision ?? 0]
        : compare.target === "MOD"
        ? [kv.modRevision, compare.modRevision ?? 0]
        : [kv.lease, compare.lease ?? 0n];
      return {
        EQUAL: a === b,
        NOT_EQUAL: a !== b,
        GREATER: a > b,
        LESS: a < b,
      }[compare.result ?? "EQUAL"];
    });
  }

  #checkOps(plan: Plan): void {
    for (const op of plan.ops) {
      if ("ops" in op) this.#checkOps(op);
      else if ("requestPut" in op) {
        // In a transaction the other way round than by itself, as in etcd.
        this.#checkKept(op.requestPut);
        this.#checkLease(op.requestPut);
      } else if ("requestRange" in op) {
        const { revision = 0 } = op.requestRange;
        if (revision > this.revision) throw new Refusal("FutureRev");
        if (revision !== 0 && revision < this.#compacted) throw new Refusal("Compacted");
      }
    }
  }

  #checkLease({ lease }: m.PutRequest): void {
    if (lease && !this.#leases.has(lease)) throw new Refusal("LeaseNotFound");
  }

  #checkKept(r: m.PutRequest): void {
    const isThere = this.#snapshots.at(-1)!.has(r.key.toHex());
    if ((r.ignoreValue || r.ignoreLease) && !isThere) throw new Refusal("KeyNotFound");
  }

  #execute(draft: Draft, plan: Plan): m.ResponseOp[] {
    return plan.ops.map((op) => {
      if ("ops" in op) {
        const responses = this.#execute(draft, op);
        return { responseTxn: { header: { revision: 0 }, succeeded: op.succeeded, responses } };
      }
      if ("requestRange" in op) return { responseRange: this.#rangeIn(draft, op.requestRange) };
      if ("requestPut" in op) return { responsePut: this.#putIn(draft, op.requestPut) };
      return { responseDeleteRange: this.#deleteIn(draft, op.requestDeleteRange) };
    });
  }

  #putIn(draft: Draft, r: m.PutRequest): m.PutResponse {
    const hex = r.key.toHex();
    const before = draft.keys.get(hex);
    if ((r.ignoreValue || r.ignoreLease) && before === undefined) {
      throw new Refusal("KeyNotFound", true);
    }
    const revision = this.revision + 1;
    const kv: KeyValue = {
      key: r.key,
      createRevision: before?.createRevision ?? revision,
      modRevision: revision,
      version: (before?.version ?? 0) + 1,
      value: r.ignoreValue ? before!.value : r.value ?? EMPTY,
      lease: r.ignoreLease ? before!.lease : r.lease ?? 0n,
    };
    draft.keys.set(hex, kv);
    draft.changed = true;
    draft.events.push({ type: "PUT", kv });
    const header = { revision };
    return r.prevKv && before !== undefined ? { header, prevKv: before } : { header };
  }

  #deleteIn(draft: Draft, r: m.DeleteRangeRequest): m.DeleteRangeResponse {
    const gone = select(draft.keys, r);
    for (const { key } of gone) {
      draft.keys.delete(key.toHex());
      draft.changed = true;
      const modRevision = this.revision + 1;
      const kv = { key, createRevision: 0, modRevision, version: 0, value: EMPTY, lease: 0n };
      draft.events.push({ type: "DELETE", kv });
    }
    const header = { revision: this.#revisionIn(draft) };
    return { header, deleted: gone.length, prevKvs: r.prevKv ? gone : [] };
  }

  #rangeIn(draft: Draft | undefined, r: m.RangeRequest): m.RangeResponse {
    const current = this.#revisionIn(draft);
    const revision = r.revision ?? 0;
    if (revision > current) throw new Refusal("FutureRev");
    if (revision > 0 && revision < this.#compacted) throw new Refusal("Compacted");
    const isOld = revision > 0 && revision <= this.revision;
    const keys = isOld ? this.#snapshots[revision]! : draft?.keys ?? this.#snapshots.at(-1)!;
    const all = select(keys, r);
    const header = { revision: current };
    if (r.countOnly) return { header, kvs: [], more: false, count: all.length };
    let kvs = all.filter((kv) =>
      (!r.minModRevision || kv.modRevision >= r.minModRevision) &&
      (!r.maxModRevision || kv.modRevision <= r.maxModRevision) &&
      (!r.minCreateRevision || kv.createRevision >= r.minCreateRevision) &&
      (!r.maxCreateRevision || kv.createRevision <= r.maxCreateRevision)
    );
    const limit = r.limit && r.limit > 0 ? r.limit : Infinity;
    const isFiltered = r.minModRevision || r.maxModRevision || r.minCreateRevision ||
      r.maxCreateRevision;
    // etcd cuts before it sorts where no order is named.
    if ((r.sortOrder ?? "NONE") === "NONE" && !isFiltered) kvs = kvs.slice(0, limit + 1);
    const field = {
      KEY: (kv: KeyValue) => kv.key.toHex(),
      VALUE: (kv: KeyValue) => kv.value.toHex(),
      VERSION: (kv: KeyValue) => kv.version,
      CREATE: (kv: KeyValue) => kv.createRevision,
      MOD: (kv: KeyValue) => kv.modRevision,
    }[r.sortTarget ?? "KEY"];
    const sign = r.sortOrder === "DESCEND" ? -1 : 1;
    kvs.sort((x, y) => {
      const [a, b] = [field(x), field(y)];
      return a < b ? -sign : a > b ? sign : 0;
    });
    const more = kvs.length > limit;
    kvs = kvs.slice(0, limit);
    if (r.keysOnly) kvs = kvs.map((kv) => ({ ...kv, value: EMPTY }));
    return { header, kvs, more, count: all.length };
  }
}

interface Plan {
  readonly succeeded: boolean;
  readonly ops: readonly (Exclude<m.RequestOp, { requestTxn: m.TxnRequest }> | Plan)[];
}

/** Whether a range means a key. */
function within({ key, rangeEnd = EMPTY }: m.KeyRange, one: Uint8Array): boolean {
  const hex = one.toHex();
  if (rangeEnd.length === 0) return hex === key.toHex();
  return hex >= key.toHex() && (rangeEnd.toHex() === "00" || hex < rangeEnd.toHex());
}

/** The keys of a range, in order. */
function select(keys: Snapshot, range: m.KeyRange): KeyValue[] {
  return [...keys].filter(([, kv]) => within(range, kv.key))
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([, kv]) => kv);
}
