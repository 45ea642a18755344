/** `--control`: the pinned reference that stores are measured in turns with. */
import type { Control } from "../run/mod.ts";
import { findStoreKind, parseStoreOptions, storeKind, type StoreSettings } from "../store/mod.ts";
import { STORE_NAMES } from "./plugins.ts";
import { oneOf } from "./options/values.ts";
import { UsageError } from "./usage_error.ts";

/** Where `--control` names a store. */
const STORE_SETTING = "store=";

/**
 * What a control is.
 *
 * @param settings `store=NAME`, and store options as in `--set`.
 * @param base The options of what is measured, and its stores.
 * @throws {UsageError} Where a setting cannot be.
 * @throws {StoreError} Where a store cannot be opened with its options.
 */
export function controlOf(
  settings: readonly string[],
  base: { stores: readonly string[]; storeOptions: StoreSettings },
): Control {
  const named = settings.filter((text) => text.startsWith(STORE_SETTING))
    .map((text) => text.slice(STORE_SETTING.length));
  if (named.length > 1) {
    throw new UsageError(`Cannot take ${named.join(" and ")} for --control: name one store`);
  }
  const [store] = named.map(oneOf("store", STORE_NAMES));
  const given = parseStoreOptions(settings.filter((text) => !text.startsWith(STORE_SETTING)));
  const options = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Control["options"];
  const plugin = base.stores.find((name) => findStoreKind(name)?.libraryIsNamed === true);
  if (store === undefined && plugin !== undefined) {
    throw new UsageError(
      `Cannot hold ${plugin} against itself as it was: name the control's store, e.g. ` +
        "--control store=raw,release=9.10.0",
    );
  }
  for (const name of store === undefined ? base.stores : [store]) {
    storeKind(name).require({ ...base.storeOptions, ...given });
  }
  return {
    ...(store !== undefined && { store }),
    options,
    differs: { ...(store !== undefined && { store }), ...options },
  };
}
