/** `bench --until-sure`: what is looked for, and where there is nothing to be sure of. */
import { estimateResult, isAsked, questionsForRuns } from "../../../analysis/mod.ts";
import type { BenchRequest, Look } from "../../../run/mod.ts";
import { planBenchmarks, suiteRecord } from "../../../suite/mod.ts";
import { DEFAULT_AT_MOST_MS } from "../../options/until_sure.ts";
import { UsageError } from "../../usage_error.ts";
import type { BenchFlags } from "./command.ts";
import { refuseAny } from "./refuse.ts";

/** Looks which targets and claims of a bench are open that more runs may decide. */
export const lookAtQuestions: Look = ([lane]) => questionsForRuns(estimateResult(lane!.result));

/** A bench that needs no time limit. */
const NOT_UNTIL_SURE = "a bench that ends with its plan; add --until-sure";

/**
 * Says where a bench is asked to go on until it is sure, and cannot.
 *
 * @throws {UsageError} Where it is a comparison, or a time is given in vain.
 */
export function requireUntilSure(flags: BenchFlags): void {
  if (flags.untilSure !== true) return refuseAny(flags, ["atMost"], NOT_UNTIL_SURE);
  if (flags.interleave === undefined && flags.against === undefined) return;
  throw new UsageError(
    "Cannot take --until-sure for a comparison: it measures its planned runs alone; give --runs",
  );
}

/**
 * A bench that goes on until every target and claim is decided.
 *
 * @throws {UsageError} Where it has none.
 */
export function untilSure(request: BenchRequest, { untilSure, atMost }: BenchFlags): BenchRequest {
  if (untilSure !== true) return request;
  const { suite } = request;
  const questions = suiteRecord(suite);
  const asked = planBenchmarks(suite, request).some((benchmark) => isAsked(benchmark, questions));
  if (!asked) {
    throw new UsageError(
      `Cannot take --until-sure for ${suite.name}: no target and no claim is about what would be ` +
        "measured; leave it out",
    );
  }
  return {
    ...request,
    untilSure: { atMostMs: atMost ?? DEFAULT_AT_MOST_MS, look: lookAtQuestions },
  };
}
