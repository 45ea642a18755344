/**
 * What stores are called that are measured several times with other options: the kind of store, then
 * what is another in this one, as `raw@7.10.2` or `kvstore@wal=off`.
 */

/** What stands between a kind of store and what is another in this one. */
const MARK = "@";

/** The option whose value says enough by itself. */
const RELEASE = "release";

/** Options in which a store is another than the rest of the bench says. */
export type VariantRecord = Record<string, string | number | boolean>;

/** A store's name with these options instead of the bench's; the kind alone where there are none. */
export function variantName(kind: string, variant: VariantRecord): string {
  const settings = Object.entries(variant)
    .map(([name, value]) => name === RELEASE ? String(value) : `${name}=${value}`);
  return settings.length === 0 ? kind : `${kind}${MARK}${settings.join(",")}`;
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
