/** Estimators, intervals, outliers and tests. Pure: typed arrays in, estimates out, no I/O. */
export {
  biweight,
  biweightDegrees,
  biweightLocationSorted,
  biweightScaleSorted,
} from "./biweight.ts";
export {
  type Measure,
  nextStep,
  type SearchEnd,
  type SearchEvent,
  type SearchPlan,
  type Span,
} from "./bisection.ts";
export {
  type BinnedDistribution,
  type CriterionEstimates,
  criterionEstimates,
  totalsOverSamples,
} from "./bootstrap.ts";
export { normalCdf, normalQuantile, studentTQuantile } from "./distributions.ts";
export { type Estimate, invert, isTooWide, LEAST_SAMPLES } from "./estimate.ts";
export {
  geometricMean,
  mean,
  median,
  quantileSorted,
  sampleStdDev,
  slopeThroughOrigin,
  sortedCopy,
} from "./estimators.ts";
export { falseDiscoveryAdjusted } from "./false_discovery.ts";
export { type Knee, type KneeOptions, KneeSearch } from "./knee.ts";
export {
  type JudgedStep,
  judgeStep,
  LEAST_STEP_WINDOWS,
  type LoadStep,
  type StepVerdict,
  type StepWindow,
} from "./load_step.ts";
export { confidenceAtLook, runsAtNextLook } from "./looks.ts";
export { type OddsBlock, type OddsRatio, oddsRatioOverBlocks } from "./odds.ts";
export {
  orderStatisticEstimate,
  orderStatisticRanks,
  supportsQuantile,
} from "./order_statistic.ts";
export { tukeyOutliers } from "./outliers.ts";
export { detectableChange, type PowerOptions, runsToDetect, spreadLimit } from "./power.ts";
export { derive, Random } from "./random.ts";
export {
  insideRuns,
  intervalOverRuns,
  LEAST_BLOCKS,
  LEAST_RUNS,
  quantileOverRuns,
  ratioOfEstimates,
  ratioOverRuns,
  type RunsTest,
  type SharedSpread,
  sharedSpread,
  testOverBlocks,
  testOverRuns,
  withinReach,
} from "./runs.ts";
export { LEAST_SWAPPED_PAIRS, testOverPairs } from "./pairs.ts";
export { type LooksTest, type NumberedRatio, plannedLooks, testOverLooks } from "./paired_looks.ts";
export { runPatterns, shareMissed } from "./run_patterns.ts";
export { sessionPatterns } from "./session_patterns.ts";
export { type ShiftPairs, shiftPlace, type ShiftPlaceOptions } from "./shift_place.ts";
export {
  type Change,
  changeOfMeans,
  LEAST_SLOPE_VALUES,
  type Slope,
  slopeOverTime,
} from "./slope.ts";
export { steadiness } from "./steadiness.ts";
export { monotonicTrend } from "./trend.ts";
