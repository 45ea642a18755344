/** What a file in `suites/` needs to define a suite. */
export {
  type BenchmarkSource,
  type BenchmarkSpec,
  defineSuite,
  type LoadBenchmarkSource,
  type LoadSource,
  parseFigures,
  type Suite,
  type SuiteSource,
  type TargetSource,
} from "./suite/mod.ts";
export type { ClaimRecord, EvidenceRecord, FigureRecord, TargetRecord } from "./result/mod.ts";
