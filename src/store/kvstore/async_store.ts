import type { AsyncStore, ScanRange, StoreDescription } from "../contract.ts";
import { StoreError } from "../error.ts";
import { KvAsyncCursor } from "./async_cursor.ts";
import { AsyncDriver } from "./async_driver.ts";
import { EtcdAsync } from "./async_etcd.ts";
import { KvBatch, type KvOperation } from "./batch.ts";
import { writeOperations } from "./contract_programs.ts";
import { describeKvStore } from "./description.ts";
import { KEY_FAMILY } from "./families.ts";
import { clockOf, type KvStoreOptions } from "./options.ts";
import { corruptRecord, refuseEmptyKey, refuseFamily } from "./refuse.ts";
import { restore } from "./restore.ts";
import type { Slice } from "../slice.ts";
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
 * form. Writes are done one after the other; reads see the last one that was done.
 */
export class KvStoreAsync implements AsyncStore {
  readonly api = "async";
  /** etcd's own requests, on the same keys. */
  readonly etcd: EtcdAsync;
  readonly #engine: AsyncStore;
  readonly #state: KvState;
  readonly #driver: AsyncDriver;
  #closed = false;

  /** Use {@linkcode openKvStoreAsync}. */
  constructor(engine: AsyncStore, state: KvState, driver: AsyncDriver) {
    this.#engine = engine;
    this.#state = state;
    this.#driver = driver;
    this.etcd = new EtcdAsync(state, driver, () => this.#check("serve a request"));
  }

  /** The main revision of the last transaction that changed something. */
  get revision(): number {
    return this.#state.currentRevision;
  }

  describe(): StoreDescription {
    return describeKvStore(this.#engine.describe());
  }

  // The methods are async so that what is refused at once is a rejected promise too.

  async put(key: Slice, value: Slice, family = 0): Promise<void> {
    refuseFamily(family, "put");
    refuseEmptyKey(key, "put");
    await this.#write([{ key: key.view().slice(), value: value.view().slice() }], "put");
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
    await this.#driver.write(() => writeOperations(this.#state, operations, call));
  }

  cursor(range: ScanRange = {}): KvAsyncCursor {
    this.#check("scan");
    refuseFamily(range.family ?? 0, "scan");
    return new KvAsyncCursor(this.#state, this.#driver, range);
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
    this.#state.watches.close();
    await this.etcd.compacted();
    await this.#driver.idle();
    await this.#engine.close();
  }

  #check(call: string): void {
    if (!this.#closed) return;
    throw new StoreError(`Cannot ${call} in a KvStore that is closed`, call, "usage");
  }
}
