/** What a result means: estimates, verdicts, findings, comparisons. Pure; no layout. */
export { analyse } from "./analyse.ts";
export { compareResults, type LabelledResult } from "./compare/compare.ts";
export * from "./compare/model.ts";
export { BETTER, DEFAULT_THRESHOLDS, LEVEL, SPREAD_CONFIDENCE } from "./compare/verdict.ts";
export { type HistoryOptions, judgeHistory } from "./history/judge.ts";
export * from "./history/model.ts";
export * from "./model.ts";
export {
  type BenchmarkSeries,
  benchmarkSeries,
  type Box,
  type LatencySeries,
  type QuantileCurve,
  type QuantilePoint,
  type RunSeries,
} from "./series.ts";
export {
  comparisonRecord,
  HEADLINES,
  judgeNoise,
  judgeSlowDown,
  type Noise,
  parseSessions,
  type Sessions,
  SESSIONS_VERSION,
  type SlowDown,
} from "./quality/sessions.ts";
export type {
  AnomalyRow,
  FalseNightRow,
  FalseShiftRow,
  HistoryQuality,
  ShiftRow,
} from "./quality/histories.ts";
export { type Quality, simulateQuality } from "./quality/quality.ts";
export { EFFECTS } from "./quality/verdicts.ts";
export {
  formatBound,
  formatMetricPoint,
  formatMetricRange,
  METRIC_WORDS,
  OPERATION_WORDS,
  operationWord,
} from "./words.ts";
