/** Options that a bench would be given in vain. */
import { UsageError } from "../../usage_error.ts";
import type { BenchFlags } from "./command.ts";

/** What only a bench of one side can have. */
export const ALONE = ["save"] as const;
/** What is said by a comparison alone. */
export const COMPARING = ["junit", "summary", "threshold"] as const;
/** A bench that has no use for them. */
export const NOT_COMPARED = "a bench that is not compared; add --against or --interleave";

/** What two sides that take turns can have. */
export const COUNTING = ["count"] as const;
/** A bench that has no use for them. */
export const NOT_IN_TURNS =
  "a bench of which no two sides take turns; add --interleave, or --against an old side that can still be run";

/** What a ladder, whose releases are compared with one another, has no use for. */
export const NOT_OF_LADDERS = [
  "interleave",
  "sampling",
  "against",
  "junit",
  "summary",
  "threshold",
  "control",
  "untilSure",
  "count",
] as const;

/** What a search, whose steps are benches of one load each, has no use for. */
export const NOT_OF_SEARCHES = [...NOT_OF_LADDERS, "save", "runs", "data", "json"] as const;

/** @throws {UsageError} Where one of some options is given, which such a bench has no use for. */
export function refuseAny(
  flags: BenchFlags,
  options: readonly (keyof BenchFlags)[],
  what: string,
): void {
  const given = options.find((option) => flags[option] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`Cannot take --${flag} for ${what}`);
}
