/** `bench --until-sure`: what is looked for, and where there is nothing to be sure of. */
import { type CompareOptions, isAsked } from "../../../analysis/mod.ts";
import type { BenchRequest } from "../../../run/mod.ts";
import { plannedLooks } from "../../../stats/mod.ts";
import { planBenchmarks, suiteRecord } from "../../../suite/mod.ts";
import { DEFAULT_AT_MOST_MS } from "../../options/until_sure.ts";
import { lookWith } from "../../look.ts";
import { UsageError } from "../../usage_error.ts";
import type { BenchFlags } from "./command.ts";
import { refuseAny } from "./refuse.ts";

/** A bench that needs no time limit. */
const NOT_UNTIL_SURE = "a bench that ends with its plan; add --until-sure";

/**
 * Says where a bench is asked to go on until it is sure, and cannot.
 *
 * @param inTurns Whether two sides take turns.
 * @throws {UsageError} Where it is held against what was measured before, or a time is given in vain.
 */
export function requireUntilSure(flags: BenchFlags, inTurns: boolean): void {
  if (flags.untilSure !== true) return refuseAny(flags, ["atMost"], NOT_UNTIL_SURE);
  if (inTurns || flags.against === undefined) return;
  throw new UsageError(
    `Cannot take --until-sure against ${flags.against}, which was measured before and gets no more ` +
      "runs: name an old side that can still be run, or give --runs",
  );
}

/**
 * A bench that goes on until every target and claim is decided; of two sides, until every row is.
 *
 * @param comparing How the two sides are compared.
 * @throws {UsageError} Where there is none.
 */
export function untilSure(
  request: BenchRequest,
  { untilSure, atMost, interleave }: Pick<BenchFlags, "untilSure" | "atMost" | "interleave">,
  comparing: CompareOptions,
): BenchRequest {
  if (untilSure !== true) return request;
  const goingOn = { atMostMs: atMost ?? DEFAULT_AT_MOST_MS, look: lookWith(comparing) };
  if (interleave !== undefined) {
    // Of fewer pairs than that no test would be exact.
    const [runs] = plannedLooks(request.profile.runs) as [number];
    return { ...request, profile: { ...request.profile, runs }, untilSure: goingOn };
  }
  const { suite } = request;
  const questions = suiteRecord(suite);
  const asked = planBenchmarks(suite, request).some((benchmark) => isAsked(benchmark, questions));
  if (!asked) {
    throw new UsageError(
      `Cannot take --until-sure for ${suite.name}: no target and no claim is about what would be ` +
        "measured; leave it out",
    );
  }
  return { ...request, untilSure: goingOn };
}
