/**
 * What stores are called that are measured several times with other options: the kind of store, then
 * what is another in this one, as `raw@7.10.2` or `kvstore@wal=off`.
 */

/** The store that others are held against: RocksDB with nothing in between. */
export const BASE_STORE = "raw";

/** What stands between a kind of store and what is another in this one. */
const MARK = "@";

/** The option whose value says enough by itself. */
const RELEASE = "release";

/** Options in which a store is another than the rest of the bench says. */
export type VariantRecord = Record<string, string | number | boolean>;

/** What is another in a store in words that its name can have; empty where nothing is. */
export function settingsName(variant: VariantRecord): string {
  return Object.entries(variant)
    .map(([name, value]) => name === RELEASE ? String(value) : `${name}=${value}`).join(",");
}

/** The name of a store of some kind in which something is another. @param what That, in words. */
export function variantName(kind: string, what: string): string {
  return what === "" ? kind : `${kind}${MARK}${what}`;
}

/** The kind of store that a name is of: `raw` of `raw@7.10.2`, and of `raw`. */
export function kindOfStore(store: string): string {
  return store.split(MARK, 1)[0]!;
}

/** What is another in a store, as its name says it; `null` where it is as the bench says. */
export function variantOf(store: string): string | null {
  const place = store.indexOf(MARK);
  return place < 0 ? null : store.slice(place + MARK.length);
}
