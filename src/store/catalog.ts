/** The stores by name: a line for each. The modules behind them are loaded when they are opened. */
import { kindOfStore } from "../result/variant.ts";
import { StoreError } from "./error.ts";
import { ETCD } from "./etcd/kind.ts";
import { NULL_ETCD } from "./etcd/null/kind.ts";
import type { StoreKind } from "./kind.ts";
import { KVSTORE } from "./kvstore/kind.ts";
import { LEVEL } from "./level/kind.ts";
import { NULL, NULL_ASYNC } from "./null/kind.ts";
import { PLUGIN } from "./plugin/kind.ts";
import { RAW } from "./raw/kind.ts";
import { TIKV } from "./tikv/kind.ts";
import { NULL_TIKV } from "./tikv/null/kind.ts";

/** The stores that can be measured by their names. */
export const STORES: readonly StoreKind[] = [RAW, KVSTORE, LEVEL];

/** The stores that are servers, with a network in between. */
export const SERVERS: readonly StoreKind[] = [ETCD, TIKV];

/** The stores that do nothing; they calibrate the loops and are no benchmark's subject. */
const CALIBRATION: readonly StoreKind[] = [NULL, NULL_ASYNC, NULL_ETCD, NULL_TIKV];

/** The calibrating stores by their names. */
export const CALIBRATION_NAMES: ReadonlySet<string> = new Set(CALIBRATION.map(({ name }) => name));

/** The store that has no name by itself: what it is, is in the library that is named. */
const UNNAMED: readonly StoreKind[] = [PLUGIN];

/** The calibrating store of a form. */
export function calibrationStore(api: "sync" | "async"): string {
  return CALIBRATION.find((kind) => kind.api({}) === api)!.name;
}

/**
 * The store of a name, a calibrating one too; `undefined` where there is none. What is another in
 * this one than in others of its kind may stand in the name, and is in its options.
 */
export function findStoreKind(name: string): StoreKind | undefined {
  return [...STORES, ...SERVERS, ...UNNAMED, ...CALIBRATION].find((kind) =>
    kind.name === kindOfStore(name)
  );
}

/**
 * The store of a name, a calibrating one too.
 *
 * @throws {StoreError} Where there is none.
 */
export function storeKind(name: string): StoreKind {
  const kind = findStoreKind(name);
  if (kind === undefined) {
    const names = [...STORES, ...SERVERS].map((store) => store.name).join(", ");
    throw new StoreError(
      `Cannot use the store ${JSON.stringify(name)}: there is ${names}`,
      "open",
      "usage",
    );
  }
  return kind;
}
