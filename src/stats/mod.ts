/** Estimators, intervals, outliers and tests. Pure: typed arrays in, estimates out, no I/O. */
export { type Autocorrelation, autocorrelation } from "./autocorrelation.ts";
export {
  type Biweight,
  biweight,
  biweightDegrees,
  biweightLocationSorted,
  biweightScaleSorted,
} from "./biweight.ts";
export {
  type BinnedDistribution,
  type BootstrapInterval,
  type CriterionEstimates,
  criterionEstimates,
  type CriterionOptions,
  DEFAULT_RESAMPLES,
  ratioOverSamples,
  type SampleRatioOptions,
} from "./bootstrap.ts";
export {
  binomialCdf,
  binomialUpperTail,
  incompleteBeta,
  logGamma,
  normalCdf,
  normalDensity,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from "./distributions.ts";
export { type Estimate, type EstimateMethod, invert } from "./estimate.ts";
export {
  geometricMean,
  mean,
  median,
  medianAbsDev,
  quantileSorted,
  sampleStdDev,
  sampleVariance,
  slopeThroughOrigin,
  sortedCopy,
} from "./estimators.ts";
export { falseDiscoveryAdjusted } from "./false_discovery.ts";
export { hierarchicalBootstrap, type HierarchicalOptions } from "./hierarchical_bootstrap.ts";
export { medcouple } from "./medcouple.ts";
export { type Mode, type Modes, type ModesOptions, splitModes } from "./modes.ts";
export {
  highestSupportedQuantile,
  orderStatisticEstimate,
  type OrderStatisticRanks,
  orderStatisticRanks,
  type RankedObservations,
  supportsQuantile,
} from "./order_statistic.ts";
export {
  adjustedOutliers,
  type Fences,
  type OutlierLabel,
  type Outliers,
  tukeyOutliers,
} from "./outliers.ts";
export { detectableChange, type PowerOptions, runsToDetect, spreadLimit } from "./power.ts";
export { derive, Random } from "./random.ts";
export {
  intervalOverRuns,
  LEAST_BLOCKS,
  LEAST_RUNS,
  ratioOverRuns,
  type RunsTest,
  type RunsTestOptions,
  testOverBlocks,
  testOverRuns,
} from "./runs.ts";
export {
  type Drift,
  type Rounds,
  type Steadiness,
  steadiness,
  type SteadinessOptions,
  type WarmUp,
} from "./steadiness.ts";
export { monotonicTrend, type Trend } from "./trend.ts";
