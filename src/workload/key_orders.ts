import { type KeyOrder, RandomKeys, SequentialKeys } from "./keys.ts";

/** What differs from one order of keys to another. */
interface KeyOrderRow {
  /**
   * Makes the order.
   *
   * @param into Where keys are written, `KEY_BYTES` long.
   * @param count How many keys there are.
   */
  make(into: Uint8Array, count: number): KeyOrder;
  /** What it takes away from the meaning of numbers, as a sentence; `null` where nothing. */
  readonly caveat: string | null;
}

/** The orders in which keys can be taken, by their names in suites, results and reports. */
export const KEY_ORDERS = {
  sequential: {
    make: (into, count) => new SequentialKeys(into, count),
    caveat: "Keys come in sequential order, the best case for an ordered store: random or skewed " +
      "access costs more.",
  },
  random: {
    make: (into, count) => new RandomKeys(into, count),
    caveat: null,
  },
} as const satisfies Record<string, KeyOrderRow>;

/** An order of keys by its name. */
export type KeyOrderName = keyof typeof KEY_ORDERS;

/** The orders' names. */
export const KEY_ORDER_NAMES = Object.keys(KEY_ORDERS) as KeyOrderName[];
