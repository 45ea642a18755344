export { SuiteError } from "./error.ts";
export { calibrationOf, planBenchmarks } from "./plan.ts";
export { DEFAULT_PROFILE, DUET_PROFILES, PROFILES } from "./profile.ts";
export {
  benchmarkRecord,
  type BenchmarkSpec,
  defineSuite,
  parseFigures,
  type Suite,
  suiteRecord,
} from "./suite.ts";
