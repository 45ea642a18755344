/**
 * Why an operation of a load was slow, in the order in which it is held for the cause of one that has
 * several. `hiccup`: a thread that only sleeps was held up for most of the same time, so that it was the
 * machine; `generator`: its client began late; `fsync`: its thread waited for something else than a
 * processor, and writes are synced; the others are what went on meanwhile. A late client is put down to
 * its own collection, and it and a hiccup to the hypervisor, where these were seen.
 */
export const SLOW_CAUSES = [
  "runQueue",
  "hiccup",
  "generator",
  "stall",
  "fsync",
  "collection",
  "memtable",
  "flush",
  "compaction",
  "steal",
  "unknown",
] as const;

/** A cause by its name. */
export type SlowCause = (typeof SLOW_CAUSES)[number];
