/** What lies between two nights. */
import type { NightPoint } from "../../result/mod.ts";
import type { Between } from "./model.ts";

const PARTS = ["commit", "library", "conditions"] as const;

/** Commit, library and conditions of two nights, where they differ; what was not recorded differs from all. */
export function whatLiesBetween(before: NightPoint, after: NightPoint): Between[] {
  return PARTS.flatMap((what) =>
    before[what] === after[what] ? [] : [{ what, from: before[what], to: after[what] }]
  );
}
