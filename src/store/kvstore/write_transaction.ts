import { KEY_FAMILY, LEASE_FAMILY } from "./families.ts";
import type { KeyValue } from "./key_value.ts";
import { leaseKey } from "./lease_record.ts";
import { type Revision, TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { FLAGS } from "./revision_chains.ts";
import { Slice } from "../slice.ts";
import type { KvState } from "./state.ts";
import { type Program, type Write, write } from "./steps.ts";
import type { Change } from "./watch_hub.ts";

/** What a read sees of a store. */
export interface ReadView {
  /** The main revision that is the current one to it. */
  readonly revision: number;
  /** A put that is not on disk yet. */
  pending(revision: Revision): KeyValue | undefined;
}

const NOTHING = new Uint8Array(0);

/**
 * A write transaction: its changes share one new main revision, and are numbered by their sub
 * revision. They are in the index at once, where only reads at the new revision see them, and on
 * disk with one batch at the end. If that fails, or a program gives up before, they are taken back.
 * The next transaction may begin while that batch is being written: it builds on this one, and so
 * is to be taken back before it.
 */
export class WriteTransaction implements ReadView {
  readonly #state: KvState;
  readonly #writes: Write[] = [];
  readonly #changes: Change[] = [];
  readonly #ids: number[] = [];
  readonly #revisionKey = new Slice(TOMBSTONE_BYTES);
  readonly #revokedLeases: bigint[] = [];
  /** The main revision of its changes. */
  readonly main: number;

  /** One at a time: the next begins when this one is being written or was taken back. */
  constructor(state: KvState) {
    this.#state = state;
    this.main = state.lastRevision + 1;
  }

  /** The revision at which it reads: its own, once it has changed something. */
  get revision(): number {
    return this.#changes.length > 0 ? this.main : this.main - 1;
  }

  /** What it has put, or one that is being written. */
  pending(revision: Revision): KeyValue | undefined {
    return revision.main === this.main
      ? this.#changes[revision.sub]?.kv
      : this.#state.unwrittenPut(revision);
  }

  /** Sets a key; key and value must stay as they are until the transaction has ended. */
  put(key: Uint8Array, value: Uint8Array, lease: bigint): void {
    const { index, writer } = this.#state;
    const { chains } = index;
    const sub = this.#changes.length;
    const id = index.find(key, key.length);
    const node = id < 0 ? 0 : index.newest(id);
    const createRevision = node === 0 ? this.main : chains.created(node);
    const version = node === 0 ? 1 : chains.version(node) + 1;
    const record = writer.writePut(
      key,
      key.length,
      createRevision,
      this.main,
      version,
      value,
      value.length,
      lease,
    );
    this.#write(sub, false, record.view().slice());
    const flags = lease === 0n ? 0 : FLAGS.leased;
    this.#ids.push(
      index.put(id, key, key.length, this.main, sub, createRevision, version, flags),
    );
    this.#changes.push({
      kv: { key, createRevision, modRevision: this.main, version, value, lease },
      tombstone: false,
    });
  }

  /** Removes a key that is there. */
  delete(id: number): void {
    const { index, writer } = this.#state;
    const sub = this.#changes.length;
    const key = index.keys.view(id).slice();
    this.#write(sub, true, writer.writeTombstone(key, key.length).view().slice());
    index.tombstone(id, this.main, sub);
    this.#ids.push(id);
    this.#changes.push({
      kv: {
        key,
        createRevision: 0,
        modRevision: this.main,
        version: 0,
        value: NOTHING,
        lease: 0n,
      },
      tombstone: true,
    });
  }

  /** Removes a lease's record, in the same batch. */
  revoke(lease: bigint): void {
    this.#writes.push({ family: LEASE_FAMILY, key: leaseKey(lease) });
    this.#revokedLeases.push(lease);
  }

  #write(sub: number, tombstone: boolean, value: Uint8Array): void {
    writeRevision(this.#revisionKey, this.main, sub, tombstone);
    this.#writes.push({ family: KEY_FAMILY, key: this.#revisionKey.view().slice(), value });
  }

  /** Writes the changes in one batch; then they are the store's current state. */
  *commit(): Program<void> {
    if (this.#writes.length === 0) return;
    const { lessor, watches, unwritten } = this.#state;
    if (this.#changes.length > 0) unwritten.set(this.main, this.#changes);
    yield* write(this.#writes);
    unwritten.delete(this.main);
    for (const { kv } of this.#changes) {
      if (kv.lease !== 0n || lessor.attached) lessor.attach(kv.key, kv.lease);
    }
    for (const lease of this.#revokedLeases) lessor.remove(lease);
    if (this.#changes.length === 0) return;
    this.#state.index.markLast(this.#ids.at(-1)!);
    this.#state.currentRevision = this.main;
    if (watches.active) watches.notify(this.main, this.#changes.map(copyOf));
  }

  /** Takes the changes back. */
  rollback(): void {
    for (let id = this.#ids.pop(); id !== undefined; id = this.#ids.pop()) {
      this.#state.index.undo(id);
    }
    this.#state.unwritten.delete(this.main);
    this.#changes.length = 0;
  }
}

/** A change of its own, since the caller may fill the bytes of a request anew. */
function copyOf({ kv, tombstone }: Change): Change {
  return { kv: { ...kv, key: kv.key.slice(), value: kv.value.slice() }, tombstone };
}

/** Runs a program in a write transaction: committed where it ends, taken back where it throws. */
export function* inTransaction<T>(
  state: KvState,
  program: (transaction: WriteTransaction) => Program<T>,
): Program<T> {
  const transaction = new WriteTransaction(state);
  try {
    const result = yield* program(transaction);
    yield* transaction.commit();
    return result;
  } catch (error) {
    transaction.rollback();
    throw error;
  }
}
