/** What a file in `suites/` needs to define a suite. */
export { type BenchmarkSpec, defineSuite, parseFigures, type Suite } from "./suite/mod.ts";
export type { ClaimRecord, EvidenceRecord, FigureRecord, TargetRecord } from "./result/mod.ts";
