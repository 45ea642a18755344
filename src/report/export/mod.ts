/** Exports: results in the forms of other tools. */
export { type CriterionTreeOptions, toCriterionTree, type TreeFile } from "./criterion_tree.ts";
export { toMetricsCsv, toSamplesCsv } from "./csv.ts";
export { toGoBenchmark } from "./go_benchmark.ts";
