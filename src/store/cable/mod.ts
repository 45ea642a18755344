/**
 * Machines of a network on one machine: namespaces with an emulated cable in between, which takes its
 * time and may lose frames.
 */
export { type Cable, CableError, cablePrograms, layCable, missingCable } from "./cable.ts";
export type { CableSpec } from "./delay_line.ts";
export { BENCHMARK_NETWORK, MOST_MACHINES } from "./subnet.ts";
