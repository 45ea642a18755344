/** What a result means: estimates, verdicts, findings, comparisons. Pure; no layout. */
export { analyse } from "./analyse.ts";
export { analyseResult, estimateResult } from "./analyse_result.ts";
export { compareResults, type LabelledResult } from "./compare/compare.ts";
export { timeRatios } from "./compare/duets.ts";
export { type GoingOn, goOn } from "./compare/go_on.ts";
export * from "./compare/model.ts";
export { controlInWords, type ControlRow, withoutControl } from "./control.ts";
export { analyseSlow } from "./load.ts";
export { type MainCause, mainCause } from "./main_cause.ts";
export { MOST_MISSING } from "./decomposition.ts";
export { layeredOperations } from "./layers.ts";
export { SAME_RESULT } from "./compare/warnings.ts";
export { DEFAULT_THRESHOLDS, SIGNIFICANCE, SPREAD_CONFIDENCE } from "./compare/verdict.ts";
export { toldShifts } from "./history/control.ts";
export { estimatorOf } from "./history/estimators.ts";
export { judgeHistory } from "./history/judge.ts";
export { newsSince } from "./history/measured_nights.ts";
export * from "./history/model.ts";
export { nightDifferences, otherEstimators } from "./history/night_differences.ts";
export { LEAST_NIGHTS } from "./history/tonight.ts";
export { nightRecord } from "./history/night_record.ts";
export * from "./model.ts";
export { plannedRunsInWords } from "./planned_runs.ts";
export { mixInWords, orderInWords, paceInWords, sizeInWords } from "./load_words.ts";
export { compareNodes, type NodesComparison, type NodesRow, type NodeValue } from "./nodes.ts";
export { AnalysisShape } from "./schema.ts";
export { isAsked, looksAt, type OpenQuestions, questionsForRuns } from "./looks.ts";
export { openQuestions, openRows, unmeasuredBenchmarks } from "./open_questions.ts";
export { surely } from "./ratios.ts";
export { type Sweep, sweepsOf, type SweptNumber } from "./sweeps.ts";
export { benchmarkOf, metricOf } from "./estimate_of.ts";
export { timePerOperation } from "./run_use.ts";
export { releaseInWords, storeTitle } from "./release.ts";
export {
  type BenchmarkSeries,
  benchmarkSeries,
  type QuantileCurve,
  type RunSeries,
} from "./series.ts";
export {
  type IdenticalVerdict,
  judgeIdentical,
  judgeSlowDown,
  judgeSlowDownInAll,
  LEFT_EARLY,
  MOST_BUSY,
  MOST_QUIET,
  parseSessions,
  SESSION_PARTS,
  type SessionPart,
  type SessionRecord,
  sessionRecord,
  type Sessions,
  type SlowDownVerdict,
} from "./quality/sessions.ts";
export type { BisectionQuality } from "./quality/bisections.ts";
export type { LooksQuality } from "./quality/looks.ts";
export type { SequentialQuality } from "./quality/sequential.ts";
export type { HistoryQuality } from "./quality/histories.ts";
export {
  parseQuality,
  type Quality,
  QUALITY_PARTS,
  type QualityPart,
  type QualityParts,
  qualityText,
  simulatePart,
} from "./quality/quality.ts";
export { EFFECTS } from "./quality/verdicts.ts";
export {
  formatBound,
  formatMetricPoint,
  formatMetricRange,
  formatMetricValue,
  formatRatio,
  METRIC_WORDS,
  metricRangeText,
  metricWords,
  operationWord,
  PART_WORDS,
  ratioText,
  shortRatio,
  SLOW_CAUSE_WORDS,
  verdictWords,
  withoutInterval,
} from "./words.ts";
// What a report needs of the workload it says in its own words.
export {
  LOAD_OPERATIONS as OPERATIONS_OF_LOADS,
  OPERATIONS,
  type OperationWord,
} from "../workload/mod.ts";
export { withOptionsOf } from "./ladder/explain.ts";
export { isLadder, judgeLadder } from "./ladder/ladder.ts";
export * from "./ladder/model.ts";
export { optionsOfOlder } from "./ladder/options.ts";
export { seriesInWords } from "./ladder/remarks.ts";
