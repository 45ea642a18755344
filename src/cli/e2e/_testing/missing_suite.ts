/** A suite whose target no machine meets. */
import { defineSuite } from "../../../mod.ts";
import tiny from "./tiny_suite.ts";

export default defineSuite({
  ...tiny,
  name: "missing",
  benchmarks: tiny.benchmarks.filter(({ name }) => name === "write/20"),
  targets: [{ benchmark: "write/20", metric: "throughput", bound: "atLeast", value: 1e15 }],
});
