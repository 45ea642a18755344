/** Which of a call's store options go to which of its stores. */
import { joinWords } from "../format/mod.ts";
import type { VariantRecord } from "../result/mod.ts";
import { optionNamesOf, parseSweep, type StoreSettings, storesOfOption } from "../store/mod.ts";

/** The options of a call, store by store. */
export interface OptionsByStore {
  /** Those with one value that all stores are opened with. */
  common: StoreSettings;
  /** Those with one value that a store is opened with beside them. */
  own: ReadonlyMap<string, VariantRecord>;
  /** The combinations of those with several values, for a store that takes any of these. */
  swept: ReadonlyMap<string, { name: string; options: VariantRecord }[]>;
  /** The stores that have options which others do not get. */
  owners: readonly string[];
  /** What goes to some of the stores alone, in sentences. */
  said: string[];
}

/**
 * The options of a call, store by store.
 *
 * @param settings As in `--set`.
 * @param stores Each once.
 * @param alike Whether every store is to have all of them.
 * @throws {StoreError} As {@linkcode parseSweep}.
 */
export function optionsByStore(
  settings: readonly string[],
  stores: readonly string[],
  alike: boolean,
): OptionsByStore {
  const names = optionNamesOf(stores);
  const storesOf = (option: string) => alike ? stores : storesOfOption(option, stores);
  const isCommon = (option: string) => storesOf(option).length === stores.length;
  const { options, variants: [variant] } = parseSweep(settings, names);
  const apart = Object.keys({ ...options, ...variant?.options }).filter((name) => !isCommon(name));
  const ofStore = (store: string) => (option: string) => storesOf(option).includes(store);
  return {
    common: parseSweep(settings, names, isCommon).options,
    own: new Map(stores.map((store) => {
      const isOwn = (option: string) => !isCommon(option) && ofStore(store)(option);
      return [store, { ...parseSweep(settings, names, isOwn).options }];
    })),
    swept: new Map(
      stores.map((store) => [store, parseSweep(settings, names, ofStore(store)).variants]),
    ),
    owners: [...new Set(apart.flatMap(storesOf))],
    said: [...Map.groupBy(apart, (option) => joinWords(storesOf(option)))].map(
      ([owners, several]) => goAlone(several, owners, storesOf(several[0]!).length),
    ),
  };
}

/** @param owners The stores that have them, in words. @param count How many these are. */
function goAlone(options: readonly string[], owners: string, count: number): string {
  const [are, go] = options.length === 1 ? ["is an option", "goes"] : ["are options", "go"];
  const them = count === 1 ? "it" : "them";
  return `${joinWords(options)} ${are} of ${owners} and ${go} to ${them} alone.`;
}
