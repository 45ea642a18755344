/** The record of a night that has no result: what was to be measured, and why nothing was. */
import { createHash } from "node:crypto";
import { NIGHT_VERSION, type NightRecord } from "../result/mod.ts";

/** A night without a result. */
interface MissingNight {
  night: string;
  node: string;
  /** Id that the result would have had. */
  result: string;
  startedAt: string;
  suite: string;
  profile: string;
  /** Why there is no result, as a clause without a period. */
  reason: string;
}

/** Makes the record; the same night makes the same record again. */
export function missingNight(missing: MissingNight): NightRecord {
  const { reason, ...what } = missing;
  return {
    schema: "tidemark.night",
    version: NIGHT_VERSION,
    ...what,
    digest: createHash("sha256").update(JSON.stringify(missing)).digest("hex"),
    endedAt: null,
    complete: false,
    commit: null,
    machine: {},
    stores: [],
    benchmarks: [],
    missing: reason,
  };
}
