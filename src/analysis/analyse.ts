/** A result, analysed. */
import type { Result } from "../result/mod.ts";
import { analyseBenchmark } from "./benchmark.ts";
import { collectCaveats } from "./caveats.ts";
import { controlRows, withoutControl } from "./control.ts";
import { judgeClaims } from "./claims.ts";
import { decompose } from "./decomposition.ts";
import { compareSystems } from "./systems.ts";
import type { FindingContext } from "./findings/context.ts";
import { findAll } from "./findings/mod.ts";
import { harnessShares } from "./harness.ts";
import type { AnalyseOptions, Analysis } from "./model.ts";
import { ratiosToBase } from "./ratios.ts";
import { CALIBRATION_STORES, describeStores } from "./stores.ts";
import { isInterrupted, judgeTargets } from "./targets.ts";

/**
 * Makes an analysis of a result: estimates, verdicts, ratios, comparisons, findings, caveats.
 *
 * It is pure, and seeded by the result's own seed, so the same result and options give the same
 * analysis. Data that do not suffice for a number give its absence with a reason, not an error.
 *
 * @param given A result, complete or not.
 * @returns Plain data that can be written as JSON.
 * @throws {RangeError} Where the confidence is not between 0 and 1, or there are fewer than 2 resamples.
 */
export function analyse(given: Result, options: AnalyseOptions = {}): Analysis {
  const { resamples = 10_000, confidence = 0.95, criterion = true } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot analyse: the confidence is ${confidence}, and must lie between 0 and 1, e.g. 0.95`,
    );
  }
  if (!(Number.isSafeInteger(resamples) && resamples >= 2)) {
    throw new RangeError(
      `Cannot analyse: the number of resamples is ${resamples}, and must be a whole number from 2`,
    );
  }
  const result = withoutControl(given);
  // A seed from elsewhere may be larger than the generator takes; it then still decides everything.
  const bootstrap = { resamples, confidence, seed: result.seed % Number.MAX_SAFE_INTEGER };
  const all = result.benchmarks.map((record) =>
    analyseBenchmark(record, result, bootstrap, criterion)
  );
  const measured = all.filter(({ record }) => !CALIBRATION_STORES.includes(record.store));
  const calibration = all.filter(({ record }) => CALIBRATION_STORES.includes(record.store));
  const benchmarks = measured.map(({ analysis }) => analysis);
  const stores = describeStores(measured);
  const interrupted = isInterrupted(result, all.map(({ analysis }) => analysis));
  const targets = judgeTargets(
    result.suite.targets,
    stores.map(({ store }) => store),
    benchmarks,
    interrupted,
  );
  const context: FindingContext = {
    result,
    stores,
    measured,
    targets,
    ratios: ratiosToBase(result, measured, confidence),
    harness: harnessShares(measured, calibration),
    decompositions: decompose(measured),
    options: bootstrap,
  };
  return {
    result: result.id,
    confidence,
    resamples,
    ...(criterion ? {} : { withoutCriterion: true as const }),
    stores,
    benchmarks,
    calibration: calibration.map(({ analysis }) => analysis),
    harness: [...context.harness],
    ...(context.decompositions.length > 0 && { decompositions: [...context.decompositions] }),
    targets,
    ratios: [...context.ratios],
    comparison: compareSystems(result, stores, measured),
    claims: judgeClaims(result, stores, benchmarks, interrupted),
    findings: findAll(context),
    caveats: collectCaveats(context),
    ...(given.control !== undefined && { controls: controlRows(given, confidence) }),
  };
}
