import { factsOfProperties } from "./facts_of_properties.ts";
import { SCHEMA_VERSION } from "./schema.ts";

/** A result of any version, before it is held against the schema. */
type VersionedResult = { version: number; [field: string]: unknown };

/** One step: takes a result of the version that it stands for to the next one. */
export type Upgrade = (result: VersionedResult) => VersionedResult;

/**
 * The steps from each older version to the next, by the version they start from. A change of the
 * schema that an older file would not pass adds its step here, and a golden file of the old version.
 */
const UPGRADES: ReadonlyMap<number, Upgrade> = new Map([
  [1, (result) => ({ ...result, runs: withFacts(result["runs"]) })],
]);

/** Before version 2 runs had what the engine said by the engine's own names only. They keep it. */
function withFacts(runs: unknown): unknown {
  if (!Array.isArray(runs)) return runs;
  return runs.map((run) => {
    const properties = typeof run === "object" && run !== null ? run.properties : undefined;
    if (typeof properties !== "object" || properties === null) return run;
    return { ...run, facts: factsOfProperties(properties) };
  });
}

/**
 * Takes a result through the chain of versions to the present one.
 *
 * @param result A result of an older version or the present one.
 * @param upgrades The steps, by the version they start from.
 * @param to The version to reach.
 * @throws {RangeError} Where a step is missing.
 */
export function upgrade(
  result: VersionedResult,
  upgrades: ReadonlyMap<number, Upgrade> = UPGRADES,
  to: number = SCHEMA_VERSION,
): VersionedResult {
  let upgraded = result;
  while (upgraded.version < to) {
    const from = upgraded.version;
    const step = upgrades.get(from);
    if (step === undefined) throw new RangeError(`Cannot upgrade a result of version ${from}`);
    upgraded = { ...step(upgraded), version: from + 1 };
  }
  return upgraded;
}
