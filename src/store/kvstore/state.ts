import { KeyIndex } from "./key_index.ts";
import { KeyValueReader, KeyValueWriter } from "./key_value.ts";
import type { ResponseHeader } from "./messages.ts";
import { Lessor } from "./lessor.ts";
import { FIRST_REVISION } from "./revision.ts";
import { WatchHub } from "./watch_hub.ts";

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

  /** @param now The clock of the leases, ms. */
  constructor(now: () => number) {
    this.lessor = new Lessor(now);
  }

  /** The header of a response at this moment. */
  header(): ResponseHeader {
    return { revision: this.currentRevision };
  }
}
