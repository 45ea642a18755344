import type { AsyncStore, GroupCommits, ScanRange, StoreDescription } from "../contract.ts";
import { StoreError } from "../error.ts";
import { KvAsyncCursor } from "./async_cursor.ts";
import { AsyncDriver } from "./async_driver.ts";
import { KvApi } from "./api.ts";
import { EtcdAsync } from "./async_etcd.ts";
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

/** {@linkcode openKvStore} over an asynchronous engine. */
export async function openKvStoreAsync(
  engine: AsyncStore,
  options: KvStoreOptions = {},
): Promise<KvStoreAsync> {
  const state = new KvState(clockOf(options));
  const driver = new AsyncDriver(engine);
  try {
    await driver.write(() => restore(state));
  } catch (error) {
    await engine.close();
    throw error;
  }
  return new KvStoreAsync(engine, state, driver);
}

/**
 * etcd's multi-version store over an asynchronous engine; {@linkcode KvStoreSync} in the other
 * form. Writes are done one after the other, those that wait for the engine at the same time with
 * one batch; reads see the last one that was done.
 */
export class KvStoreAsync implements AsyncStore {
  readonly api = "async";
  /** etcd's own requests, on the same keys. */
  readonly etcd: EtcdAsync;
  readonly etcdApi: KvApi;
  readonly #engine: AsyncStore;
  readonly #state: KvState;
  readonly #driver: AsyncDriver;
  readonly #cursors = new Set<KvAsyncCursor>();
  /** For puts, which have their turns one after the other. */
  readonly #revisionKey = new Slice(TOMBSTONE_BYTES);
  #key = new Uint8Array(256);
  #closed = false;

  /** Use {@linkcode openKvStoreAsync}. */
  constructor(engine: AsyncStore, state: KvState, driver: AsyncDriver) {
    this.#engine = engine;
    this.#state = state;
    this.#driver = driver;
    this.etcd = new EtcdAsync(state, driver, () => this.#check("serve a request"));
    this.etcdApi = new KvApi(this.etcd, () => this.revision);
  }

  /** The main revision of the last transaction that changed something. */
  get revision(): number {
    return this.#state.currentRevision;
  }

  get groupCommits(): Readonly<GroupCommits> {
    return { ...this.#driver.commits };
  }

  describe(): StoreDescription {
    return describeKvStore(this.#engine.describe());
  }

  // The methods are async so that what is refused at once is a rejected promise too.

  async put(key: Slice, value: Slice, family = 0): Promise<void> {
    this.#check("put");
    refuseFamily(family, "put");
    refuseEmptyKey(key, "put");
    refuseTooLarge(key.length + value.length, "put");
    const { watches, lessor } = this.#state;
    // Leases and watches need the change itself; the general way makes it.
    if (this.#driver.isFree && !watches.active && !lessor.attached) {
      await this.#driver.begin(this.#putNow(key, value));
    } else {
      await this.#write([{ key: key.view().slice(), value: value.view().slice() }], "put");
    }
  }

  /** A put as its own turn: what it was given is taken in before it first waits. */
  async #putNow(key: Slice, value: Slice): Promise<void> {
    const state = this.#state;
    const { index, writer } = state;
    const main = state.currentRevision + 1;
    const length = key.length;
    if (length > this.#key.length) this.#key = new Uint8Array(2 * length);
    const keyBytes = this.#key;
    for (let i = 0; i < length; i++) keyBytes[i] = key.bytes[i]!;
    const id = index.find(keyBytes, length);
    const node = id < 0 ? 0 : index.newest(id);
    const created = node === 0 ? main : index.chains.created(node);
    const version = node === 0 ? 1 : index.chains.version(node) + 1;
    const record = writer.writePut(
      keyBytes,
      length,
      created,
      main,
      version,
      value.bytes,
      value.length,
      0n,
    );
    writeRevision(this.#revisionKey, main, 0, false);
    await this.#engine.put(this.#revisionKey, record, KEY_FAMILY);
    index.put(id, keyBytes, length, main, 0, created, version, FLAGS.last);
    state.currentRevision = main;
    // A watch may have come while this waited; the record is still as it was written.
    if (state.watches.active && state.reader.parse(record.bytes, record.length)) {
      state.watches.notify(main, [{ kv: state.reader.copy(record.bytes), tombstone: false }]);
    }
  }

  async get(key: Slice, into: Slice, family = 0): Promise<number> {
    this.#check("get");
    refuseFamily(family, "get");
    const { index, reader } = this.#state;
    const keyBytes = key.view().slice();
    let looked = 0;
    while (true) {
      const id = index.find(keyBytes, keyBytes.length);
      const node = id < 0 ? 0 : index.nodeAt(id, this.#state.currentRevision);
      if (node === 0) return -1;
      const main = index.chains.main(node);
      const sub = index.chains.sub(node);
      const valueLength = await this.#driver.record(main, sub, (bytes, length) => {
        if (length < 0 || !reader.parse(bytes, length)) return -1;
        if (reader.valueLength <= into.bytes.length) reader.copyValue(bytes, into);
        return reader.valueLength;
      });
      if (valueLength >= 0) return valueLength;
      // A compaction may have been faster, if the key was written again meanwhile.
      if (looked === main) throw corruptRecord(main, sub, "get");
      looked = main;
    }
  }

  async delete(key: Slice, family = 0): Promise<void> {
    refuseFamily(family, "delete");
    refuseEmptyKey(key, "delete");
    await this.#write([{ key: key.view().slice() }], "delete");
  }

  batch(): KvBatch {
    return new KvBatch();
  }

  /** Writes a batch as one transaction. */
  async write(batch: KvBatch): Promise<void> {
    await this.#write([...batch.operations], "write");
  }

  async #write(operations: readonly KvOperation[], call: string): Promise<void> {
    this.#check(call);
    await this.#driver.transact(() => writeOperations(this.#state, operations, call));
  }

  cursor(range: ScanRange = {}): KvAsyncCursor {
    this.#check("scan");
    refuseFamily(range.family ?? 0, "scan");
    const cursor = new KvAsyncCursor(
      this.#state,
      this.#engine,
      this.#driver,
      range,
      (closed) => this.#cursors.delete(closed),
    );
    this.#cursors.add(cursor);
    return cursor;
  }

  async flush(): Promise<void> {
    await this.#engine.flush();
  }

  /** As {@linkcode KvStoreSync.compact}: the engine's files, not etcd's revisions. */
  async compact(range: Pick<ScanRange, "from" | "to" | "family"> = {}): Promise<void> {
    refuseFamily(range.family ?? 0, "compact");
    await this.#engine.compact({ family: KEY_FAMILY });
  }

  property(name: string, family: number = KEY_FAMILY): string | undefined {
    return this.#engine.property(name, family);
  }

  /** Waits for what is under way, and closes the engine. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.etcdApi.close();
    this.#state.watches.close();
    for (const cursor of [...this.#cursors]) await cursor.close();
    await this.etcd.compacted();
    await this.#driver.idle();
    await this.#engine.close();
  }

  #check(call: string): void {
    if (!this.#closed) return;
    throw new StoreError(`Cannot ${call} in a KvStore that is closed`, call, "usage");
  }
}
