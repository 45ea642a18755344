/** A suite that fills a device of a few MB in one sample. */
import { defineSuite } from "../../../mod.ts";

export default defineSuite({
  name: "large",
  title: "Large",
  summary: "Writes values of 64 KiB.",
  stores: ["raw"],
  benchmarks: [{
    name: "write/100",
    kind: "throughput",
    operation: "put",
    samples: 2,
    elements: 100,
    keys: 100,
    valueBytes: 65_536,
  }],
  targets: [],
  claims: [],
  figures: [],
  nextSteps: [],
});
