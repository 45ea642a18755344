/** The suite of the end-to-end tests with more runs of one benchmark. */
import { defineSuite } from "../../../mod.ts";
import tiny from "./tiny_suite.ts";

/** Runs of its latency: one more than the default profile has. */
export const MORE_RUNS = 9;

export default defineSuite({
  ...tiny,
  name: "uneven",
  benchmarks: tiny.benchmarks.map((own) =>
    own.kind === "latency" ? { ...own, runs: MORE_RUNS } : own
  ),
});
