/** What the meta family holds: etcd's two markers of a compaction, and the form of the database. */
import { META_FAMILY } from "./families.ts";
import { readMain, REVISION_BYTES, writeRevision } from "./revision.ts";
import { Slice } from "../slice.ts";
import type { Write } from "./steps.ts";

const encoder = new TextEncoder();

/** Names of the records. The markers' are etcd's. */
export const META = {
  scheduledCompact: "scheduledCompactRev",
  finishedCompact: "finishedCompactRev",
  format: "tidemarkKvStoreFormat",
} as const;

/** The form that this version writes, and the only one so far. */
export const FORMAT = "1";

/** The write that sets a marker to a main revision. */
export function markerWrite(name: string, main: number): Write {
  const value = new Slice(REVISION_BYTES + 1);
  writeRevision(value, main, 0, false);
  return { family: META_FAMILY, key: encoder.encode(name), value: value.view().slice() };
}

/** The write that marks a database as a KvStore's. */
export function formatWrite(): Write {
  return { family: META_FAMILY, key: encoder.encode(META.format), value: encoder.encode(FORMAT) };
}

/** The main revision of a marker; −1 where it is none. */
export function markerOf(value: Uint8Array | undefined): number {
  return value?.length === REVISION_BYTES ? readMain(value) : -1;
}
