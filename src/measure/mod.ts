export { clockCost, crossingCost } from "./clock.ts";
export { measure, type MeasurePlan } from "./measure.ts";
export type { Warmup } from "./sampler.ts";
export { measureInTurns, type Turn, type TurnAsked, type Turns } from "./turns.ts";
