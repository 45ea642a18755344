export { type Clock, type ClockCost, clockCost, monotonicClock } from "./clock.ts";
export { type EncodedLatency, measure, type MeasurePlan, type MeasureSink } from "./measure.ts";
export type { Sample, Warmup } from "./sampler.ts";
