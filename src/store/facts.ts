import type { FactsRecord, RunRecord } from "../result/mod.ts";
import type { Store } from "./contract.ts";
import type { StoreKind } from "./kind.ts";

/** What an engine said of itself. */
interface EngineState {
  /** By meaning. */
  facts: FactsRecord;
  /** Under the engine's own names: what was no whole number, so that it could not be a fact. */
  properties: RunRecord["properties"];
}

/**
 * Asks an open store for what its kind records. What the engine does not know is left out.
 *
 * @param properties The engine's names, and the fact that each one tells.
 */
export function readFacts(
  store: Pick<Store, "property">,
  properties: StoreKind["properties"],
): EngineState {
  const state: EngineState = { facts: {}, properties: {} };
  for (const [name, fact] of Object.entries(properties)) {
    const value = store.property(name);
    if (value === undefined) continue;
    if (/^\d+$/.test(value)) state.facts[fact] = Number(value);
    else state.properties[name] = value;
  }
  return state;
}
