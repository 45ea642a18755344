import type { ScanRange, SyncCursor, SyncStore } from "../contract.ts";
import { StoreError } from "../error.ts";
import { KEY_FAMILY } from "./families.ts";
import { KeyValueReader, valueLengthIn } from "./key_value.ts";
import { KeyWalk } from "./key_walk.ts";
import { corruptRecord, refuseCompactedWalk } from "./refuse.ts";
import { TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { RevisionRun } from "./revision_run.ts";
import { Slice } from "../slice.ts";
import type { KvState } from "./state.ts";
import { withRoom } from "./sync_driver.ts";

/** Stands for a buffer until one is needed: a walk that looks at no value makes none. */
const UNUSED = new Slice(0);

/**
 * A walk over the keys in order, at the revision that was current when it began. Where keys were
 * written in their order, their records lie side by side: a cursor of the engine goes along, and a
 * value stays in the engine's memory until it is asked for. Elsewhere each record is looked up by its
 * revision.
 */
export class KvSyncCursor implements SyncCursor {
  readonly #state: KvState;
  readonly #engine: SyncStore;
  readonly #main: number;
  readonly #walk: KeyWalk;
  readonly #onClose: (cursor: KvSyncCursor) => void;
  readonly #reader = new KeyValueReader();
  readonly #revisionKey = new Slice(TOMBSTONE_BYTES);
  #record = UNUSED;
  #valueLength = 0;
  /** Whether the current record was read; one in a row is read only when its value is asked for. */
  #isRead = false;
  #inside = false;
  #closed = false;
  readonly #run = new RevisionRun();
  /** The engine's cursor over the records, where they are read in a row. */
  #row: SyncCursor | undefined;

  constructor(
    state: KvState,
    engine: SyncStore,
    range: ScanRange,
    onClose: (cursor: KvSyncCursor) => void,
  ) {
    this.#state = state;
    this.#engine = engine;
    this.#main = state.currentRevision;
    this.#walk = new KeyWalk(state, this.#main, range);
    this.#onClose = onClose;
  }

  next(): boolean {
    this.#inside = false;
    if (this.#closed) return false;
    const walk = this.#walk;
    if (this.#main < this.#state.compactRevision) {
      refuseCompactedWalk(this.#main, this.#state.compactRevision);
    }
    if (!walk.next()) return false;
    this.#inside = true;
    const row = this.#row;
    // Mostly the engine's next record is the one that is wanted: a row is at the previous key's.
    if (row !== undefined && walk.follows && row.next()) {
      this.#run.follow(walk.main, walk.sub);
      this.#takeInRow(row.valueLength, walk.overhead);
    } else {
      this.#goTo(walk.main, walk.sub);
    }
    return true;
  }

  /** Takes in the record that the row is at, as far as the index knows what it holds. */
  #takeInRow(recordLength: number, overhead: number): void {
    this.#isRead = false;
    this.#valueLength = overhead < 0 ? -1 : valueLengthIn(recordLength - overhead);
    // What the index cannot tell, the record does.
    if (this.#valueLength < 0) this.#readInRow();
  }

  /** Goes to a record that is not the engine's next one, or need not be. */
  #goTo(main: number, sub: number): void {
    if (this.#goInRow(main, sub)) this.#takeInRow(this.#row!.valueLength, this.#walk.overhead);
    else this.#parse(this.#lookUp(main, sub));
  }

  /** Takes in the record that was read. */
  #parse(length: number): void {
    const { main, sub } = this.#walk;
    if (length < 0 || !this.#reader.parse(this.#record.bytes, length)) {
      throw corruptRecord(main, sub, "scan");
    }
    this.#valueLength = this.#reader.valueLength;
    this.#isRead = true;
  }

  #readInRow(): void {
    const row = this.#row!;
    this.#record = withRoom(this.#record, row.valueLength);
    row.readValue(this.#record);
    this.#parse(this.#record.length);
    const { main, sub } = this.#walk;
    if (this.#reader.modRevision !== main) throw corruptRecord(main, sub, "scan");
  }

  #lookUp(main: number, sub: number): number {
    if (this.#record === UNUSED) this.#record = new Slice(4096);
    writeRevision(this.#revisionKey, main, sub, false);
    const length = this.#engine.get(this.#revisionKey, this.#record, KEY_FAMILY);
    if (length <= this.#record.bytes.length) return length;
    this.#record = withRoom(this.#record, length);
    return this.#engine.get(this.#revisionKey, this.#record, KEY_FAMILY);
  }

  /** Goes on to a record with the engine's cursor; false where it is not near. */
  #goInRow(main: number, sub: number): boolean {
    const run = this.#run;
    if (!run.wants(main)) {
      this.#endRow();
      return false;
    }
    if (this.#row === undefined) {
      writeRevision(this.#revisionKey, main, sub, false);
      this.#row = this.#engine.cursor({ family: KEY_FAMILY, from: this.#revisionKey });
      run.begin();
    }
    const row = this.#row;
    while (run.isBefore(main, sub) && row.next()) {
      row.readKey(this.#revisionKey);
      run.moveToKey(this.#revisionKey.bytes);
    }
    if (run.isAt(main, sub)) return true;
    this.#endRow();
    return false;
  }

  #endRow(): void {
    this.#row?.close();
    this.#row = undefined;
  }

  get keyLength(): number {
    return this.#inside ? this.#walk.keyLength : 0;
  }

  get valueLength(): number {
    return this.#inside ? this.#valueLength : 0;
  }

  readKey(into: Slice): void {
    this.#current("read a key");
    this.#walk.readKey(into);
  }

  readValue(into: Slice): void {
    this.#current("read a value");
    if (!this.#isRead) this.#readInRow();
    this.#reader.copyValue(this.#record.bytes, into);
  }

  #current(what: string): void {
    if (!this.#inside) {
      throw new StoreError(`Cannot ${what}: the cursor is at no entry`, "scan", "usage");
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inside = false;
    this.#walk.close();
    this.#endRow();
    this.#onClose(this);
  }
}
