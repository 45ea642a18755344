import type { AsyncCursor, ScanRange } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { AsyncDriver } from "./async_driver.ts";
import { KeyValueReader } from "./key_value.ts";
import { KeyWalk } from "./key_walk.ts";
import { corruptRecord, refuseCompactedWalk } from "./refuse.ts";
import { Slice } from "../slice.ts";
import type { KvState } from "./state.ts";
import { withRoom } from "./sync_driver.ts";

/** A walk over the keys in order, at the revision that was current when it began. */
export class KvAsyncCursor implements AsyncCursor {
  readonly #state: KvState;
  readonly #driver: AsyncDriver;
  readonly #main: number;
  readonly #walk: KeyWalk;
  readonly #reader = new KeyValueReader();
  #record = new Slice(4096);
  #inside = false;
  #closed = false;

  constructor(state: KvState, driver: AsyncDriver, range: ScanRange) {
    this.#state = state;
    this.#driver = driver;
    this.#main = state.currentRevision;
    this.#walk = new KeyWalk(state, this.#main, range);
  }

  async next(): Promise<boolean> {
    this.#inside = false;
    if (this.#closed) return false;
    refuseCompactedWalk(this.#main, this.#state.compactRevision);
    if (!this.#walk.next()) return false;
    const { main, sub } = this.#walk;
    const length = await this.#driver.record(main, sub, (bytes, length) => {
      if (length < 0) return length;
      this.#record = withRoom(this.#record, length);
      this.#record.fill(bytes.subarray(0, length));
      return length;
    });
    if (length < 0) refuseCompactedWalk(this.#main, this.#state.compactRevision);
    if (length < 0 || !this.#reader.parse(this.#record.bytes, length)) {
      throw corruptRecord(main, sub, "scan");
    }
    this.#inside = !this.#closed;
    return this.#inside;
  }

  get keyLength(): number {
    return this.#inside ? this.#walk.keyLength : 0;
  }

  get valueLength(): number {
    return this.#inside ? this.#reader.valueLength : 0;
  }

  readKey(into: Slice): void {
    this.#current("read a key");
    into.fill(this.#walk.key.subarray(0, this.#walk.keyLength));
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

  close(): Promise<void> {
    this.#closed = true;
    this.#inside = false;
    this.#walk.close();
    return Promise.resolve();
  }
}
