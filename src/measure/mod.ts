export { clockCost, crossingCost } from "./clock.ts";
export { type EncodedLatency } from "./latency.ts";
export type { LoadPlan } from "./load/load.ts";
export type { LoadBegins, LoadOutcome, LoadWindow } from "./load/outcome.ts";
export { measure, type MeasurePlan } from "./measure.ts";
export type { Sample, Warmup } from "./sampler.ts";
export type { ServersOutcome } from "./servers.ts";
export { measureInTurns, type Turn, type TurnAsked, type Turns } from "./turns.ts";
