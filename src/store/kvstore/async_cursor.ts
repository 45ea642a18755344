import type { AsyncCursor, AsyncStore, ScanRange } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { AsyncDriver } from "./async_driver.ts";
import { KEY_FAMILY } from "./families.ts";
import { KeyValueReader } from "./key_value.ts";
import { KeyWalk } from "./key_walk.ts";
import { corruptRecord, refuseCompactedWalk } from "./refuse.ts";
import { TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { RevisionRun } from "./revision_run.ts";
import { Slice } from "../slice.ts";
import type { KvState } from "./state.ts";
import { withRoom } from "./sync_driver.ts";

/** A walk over the keys in order, at the revision that was current when it began. */
export class KvAsyncCursor implements AsyncCursor {
  readonly #state: KvState;
  readonly #driver: AsyncDriver;
  readonly #main: number;
  readonly #walk: KeyWalk;
  readonly #onClose: (cursor: KvAsyncCursor) => void;
  readonly #engine: AsyncStore;
  readonly #reader = new KeyValueReader();
  readonly #revisionKey = new Slice(TOMBSTONE_BYTES);
  readonly #run = new RevisionRun();
  /** The engine's cursor over the records, where they are read in a row. */
  #row: AsyncCursor | undefined;
  #record = new Slice(4096);
  #inside = false;
  #closed = false;

  constructor(
    state: KvState,
    engine: AsyncStore,
    driver: AsyncDriver,
    range: ScanRange,
    onClose: (cursor: KvAsyncCursor) => void,
  ) {
    this.#state = state;
    this.#engine = engine;
    this.#driver = driver;
    this.#onClose = onClose;
    this.#main = state.currentRevision;
    this.#walk = new KeyWalk(state, this.#main, range);
  }

  async next(): Promise<boolean> {
    this.#inside = false;
    if (this.#closed) return false;
    refuseCompactedWalk(this.#main, this.#state.compactRevision);
    if (!this.#walk.next()) return false;
    const { main, sub } = this.#walk;
    const length = await this.#goInRow(main, sub)
      ? this.#record.length
      : await this.#lookUp(main, sub);
    if (length < 0) refuseCompactedWalk(this.#main, this.#state.compactRevision);
    if (
      length < 0 || !this.#reader.parse(this.#record.bytes, length) ||
      this.#reader.modRevision !== main
    ) {
      throw corruptRecord(main, sub, "scan");
    }
    this.#inside = !this.#closed;
    return this.#inside;
  }

  #lookUp(main: number, sub: number): Promise<number> {
    return this.#driver.record(main, sub, (bytes, length) => {
      if (length < 0) return length;
      this.#record = withRoom(this.#record, length);
      this.#record.fill(bytes.subarray(0, length));
      return length;
    });
  }

  /** Reads a record by going on with the engine's cursor; false where it is not near. */
  async #goInRow(main: number, sub: number): Promise<boolean> {
    const run = this.#run;
    if (!run.wants(main)) {
      await this.#endRow();
      return false;
    }
    if (this.#row === undefined) {
      writeRevision(this.#revisionKey, main, sub, false);
      this.#row = this.#engine.cursor({ family: KEY_FAMILY, from: this.#revisionKey });
      run.begin();
    }
    const row = this.#row;
    while (run.isBefore(main, sub) && await row.next()) {
      row.readKey(this.#revisionKey);
      run.moveToKey(this.#revisionKey.bytes);
    }
    if (!run.isAt(main, sub)) {
      await this.#endRow();
      return false;
    }
    this.#record = withRoom(this.#record, row.valueLength);
    row.readValue(this.#record);
    return true;
  }

  async #endRow(): Promise<void> {
    const row = this.#row;
    this.#row = undefined;
    await row?.close();
  }

  get keyLength(): number {
    return this.#inside ? this.#walk.keyLength : 0;
  }

  get valueLength(): number {
    return this.#inside ? this.#reader.valueLength : 0;
  }

  readKey(into: Slice): void {
    this.#current("read a key");
    this.#walk.readKey(into);
  }

  readValue(into: Slice): void {
    this.#current("read a value");
    this.#reader.copyValue(this.#record.bytes, into);
  }

  #current(what: string): void {
    if (!this.#inside) {
      throw new StoreError(`Cannot ${what}: the cursor is at no entry`, "scan", "usage");
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#inside = false;
    this.#walk.close();
    await this.#endRow();
    this.#onClose(this);
  }
}
