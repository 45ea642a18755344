/** Bringing what was loaded into files, as far as an engine has calls for it. */
import type { Store } from "../store/mod.ts";

/**
 * Flushes, and merges all files. What an engine has no call for is left out.
 *
 * @param doing Told what is under way, as the end of a sentence.
 */
export async function flushAndCompact(
  store: Store,
  doing?: (what: string) => void,
): Promise<void> {
  if (!store.lacks?.("flush")) {
    doing?.("the flush after the load");
    await store.flush();
  }
  if (!store.lacks?.("compact")) {
    doing?.("the compaction after the load");
    await store.compact();
  }
}
