import type { ScanRange, StoreDescription, SyncStore } from "../contract.ts";
import { StoreError } from "../error.ts";
import { KvBatch, type KvOperation } from "./batch.ts";
import { writeOperations } from "./contract_programs.ts";
import { describeKvStore } from "./description.ts";
import { KEY_FAMILY } from "./families.ts";
import { clockOf, type KvStoreOptions } from "./options.ts";
import { corruptRecord, refuseEmptyKey, refuseFamily, refuseTooLarge } from "./refuse.ts";
import { restore } from "./restore.ts";
import { TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { FLAGS } from "./revision_chains.ts";
import { Slice } from "../slice.ts";
import { KvState } from "./state.ts";
import { KvSyncCursor } from "./sync_cursor.ts";
import { SyncDriver, withRoom } from "./sync_driver.ts";
import { EtcdSync } from "./sync_etcd.ts";

/**
 * Opens a KvStore over an engine that has the families {@linkcode KVSTORE_FAMILIES}, and owns the
 * engine from then on: where it cannot be opened, the engine is closed.
 *
 * @throws {KvError} Corrupt, where the database is not a KvStore's, or is damaged.
 */
export function openKvStore(engine: SyncStore, options: KvStoreOptions = {}): KvStoreSync {
  const state = new KvState(clockOf(options));
  const driver = new SyncDriver(engine);
  try {
    driver.run(restore(state));
  } catch (error) {
    engine.close();
    throw error;
  }
  return new KvStoreSync(engine, state, driver);
}

/**
 * etcd's multi-version store over a synchronous engine. As a plain {@linkcode SyncStore} it works
 * at the current revision: a put is one new revision, a get reads the newest one.
 */
export class KvStoreSync implements SyncStore {
  readonly api = "sync";
  /** etcd's own requests, on the same keys. */
  readonly etcd: EtcdSync;
  /** The engine's own calls that do nothing, where it has any. */
  readonly cross?: (count: number) => void;
  readonly #engine: SyncStore;
  readonly #state: KvState;
  readonly #driver: SyncDriver;
  readonly #revisionKey = new Slice(TOMBSTONE_BYTES);
  readonly #cursors = new Set<KvSyncCursor>();
  #record = new Slice(4096);
  #closed = false;

  /** Use {@linkcode openKvStore}. */
  constructor(engine: SyncStore, state: KvState, driver: SyncDriver) {
    this.#engine = engine;
    if (engine.cross !== undefined) this.cross = (count) => engine.cross!(count);
    this.#state = state;
    this.#driver = driver;
    this.etcd = new EtcdSync(state, driver, () => {
      if (this.#closed) this.#refuseClosed("serve a request");
    });
  }

  /** The main revision of the last transaction that changed something. */
  get revision(): number {
    return this.#state.currentRevision;
  }

  describe(): StoreDescription {
    return describeKvStore(this.#engine.describe());
  }

  put(key: Slice, value: Slice, family = 0): void {
    const state = this.#state;
    if (this.#closed) this.#refuseClosed("put");
    if (family !== 0) refuseFamily(family, "put");
    if (key.length === 0) refuseEmptyKey(key, "put");
    refuseTooLarge(key.length + value.length, "put");
    // Leases and watches need the change itself; the general way makes it.
    if (state.watches.active || state.lessor.attached) {
      this.#write([{ key: key.view().slice(), value: value.view().slice() }], "put");
      return;
    }
    const { index, writer } = state;
    const main = state.currentRevision + 1;
    const id = index.find(key.bytes, key.length);
    const node = id < 0 ? 0 : index.newest(id);
    const created = node === 0 ? main : index.chains.created(node);
    const version = node === 0 ? 1 : index.chains.version(node) + 1;
    const record = writer.writePut(
      key.bytes,
      key.length,
      created,
      main,
      version,
      value.bytes,
      value.length,
      0n,
    );
    writeRevision(this.#revisionKey, main, 0, false);
    this.#engine.put(this.#revisionKey, record, KEY_FAMILY);
    index.put(id, key.bytes, key.length, main, 0, created, version, FLAGS.last);
    state.currentRevision = main;
  }

  get(key: Slice, into: Slice, family = 0): number {
    const { index, reader } = this.#state;
    if (this.#closed) this.#refuseClosed("get");
    if (family !== 0) refuseFamily(family, "get");
    const id = index.find(key.bytes, key.length);
    const node = id < 0 ? 0 : index.newest(id);
    if (node === 0) return -1;
    const { chains } = index;
    writeRevision(this.#revisionKey, chains.main(node), chains.sub(node), false);
    let length = this.#engine.get(this.#revisionKey, this.#record, KEY_FAMILY);
    if (length > this.#record.bytes.length) {
      this.#record = withRoom(this.#record, length);
      length = this.#engine.get(this.#revisionKey, this.#record, KEY_FAMILY);
    }
    const bytes = this.#record.bytes;
    if (length < 0 || !reader.parse(bytes, length)) {
      throw corruptRecord(chains.main(node), chains.sub(node), "get");
    }
    const valueLength = reader.valueLength;
    if (valueLength <= into.bytes.length) reader.copyValue(bytes, into);
    return valueLength;
  }

  delete(key: Slice, family = 0): void {
    refuseFamily(family, "delete");
    refuseEmptyKey(key, "delete");
    this.#write([{ key: key.view() }], "delete");
  }

  batch(): KvBatch {
    return new KvBatch();
  }

  /** Writes a batch as one transaction. */
  write(batch: KvBatch): void {
    this.#write(batch.operations, "write");
  }

  cursor(range: ScanRange = {}): KvSyncCursor {
    if (this.#closed) this.#refuseClosed("scan");
    refuseFamily(range.family ?? 0, "scan");
    const cursor = new KvSyncCursor(
      this.#state,
      this.#engine,
      range,
      (closed) => this.#cursors.delete(closed),
    );
    this.#cursors.add(cursor);
    return cursor;
  }

  flush(): void {
    this.#engine.flush();
  }

  /**
   * Merges the engine's files. Revisions are not dropped; that is etcd's compaction. All files are
   * merged whatever the range is, since they are in the order of revisions, not of keys.
   */
  compact(range: Pick<ScanRange, "from" | "to" | "family"> = {}): void {
    refuseFamily(range.family ?? 0, "compact");
    this.#engine.compact({ family: KEY_FAMILY });
  }

  property(name: string, family: number = KEY_FAMILY): string | undefined {
    return this.#engine.property(name, family);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const cursor of [...this.#cursors]) cursor.close();
    this.#engine.close();
  }

  #write(operations: readonly KvOperation[], call: string): void {
    if (this.#closed) this.#refuseClosed(call);
    this.#driver.run(writeOperations(this.#state, operations, call));
  }

  #refuseClosed(call: string): never {
    throw new StoreError(`Cannot ${call} in a KvStore that is closed`, call, "usage");
  }
}
