import { KeyIndex } from "./key_index.ts";
import { type KeyValue, KeyValueReader, KeyValueWriter } from "./key_value.ts";
import type { ResponseHeader } from "./messages.ts";
import { Lessor } from "./lessor.ts";
import { FIRST_REVISION, type Revision } from "./revision.ts";
import type { WalkBatch } from "./walk_batch.ts";
import { type Change, WatchHub } from "./watch_hub.ts";

/** What a KvStore keeps in memory; all of it can be made again from what is on disk. */
export class KvState {
  readonly index = new KeyIndex();
  readonly lessor: Lessor;
  readonly watches = new WatchHub();
  /** For records, one after the other. */
  readonly writer = new KeyValueWriter();
  /** For records, one after the other. */
  readonly reader = new KeyValueReader();
  /** The main revision of the last transaction that changed something. */
  currentRevision = FIRST_REVISION;
  /** The main revision of the last compaction; −1 where there was none. */
  compactRevision = -1;
  /**
   * The changes of the transactions that are in the index and on their way to disk, by their main
   * revisions, which follow {@linkcode KvState.currentRevision} one by one.
   */
  readonly unwritten = new Map<number, readonly Change[]>();
  /** What walks that have ended leave to the next ones. */
  readonly spareBatches: WalkBatch[] = [];

  /** @param now The clock of the leases, ms. */
  constructor(now: () => number) {
    this.lessor = new Lessor(now);
  }

  /** The main revision of the last transaction in the index: what the next one builds on. */
  get lastRevision(): number {
    return this.currentRevision + this.unwritten.size;
  }

  /** A put of a transaction that is on its way to disk, and cannot be read from there yet. */
  unwrittenPut({ main, sub }: Revision): KeyValue | undefined {
    return this.unwritten.get(main)?.[sub]?.kv;
  }

  /** The header of a response at this moment. */
  header(): ResponseHeader {
    return { revision: this.currentRevision };
  }
}
