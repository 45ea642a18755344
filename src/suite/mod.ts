export { SuiteError } from "./error.ts";
export { loadBenchmarkRecord, type LoadBenchmarkSource, type LoadBenchmarkSpec } from "./load.ts";
export {
  type ClientsSource,
  type KeyDistributionSource,
  type LoadSource,
  readLoad,
  type SizeSource,
} from "./load_source.ts";
export { type LoadChange, overrideLoad } from "./override_load.ts";
export { calibrationOf, planBenchmarks, type Variant, variantsOf } from "./plan.ts";
export { DEFAULT_PROFILE, DUET_PROFILES, PROFILES } from "./profile.ts";
export { MOST_RUNS } from "./runs.ts";
export {
  benchmarkRecord,
  type BenchmarkSpec,
  defineSuite,
  type LadderProfile,
  type LadderSpec,
  parseFigures,
  type StoreVariant,
  type Suite,
  suiteRecord,
} from "./suite.ts";
export type { BenchmarkSource, SuiteSource, TargetSource } from "./units.ts";
