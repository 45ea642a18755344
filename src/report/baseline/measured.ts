/** Measured values in tables: with their interval, or alone where it has no width. */
import { metricRangeText, type ShownRange } from "../../analysis/mod.ts";
import type { MetricName } from "../../result/mod.ts";
import { type Quantity, quantity } from "../document.ts";

/** A rate under a header that has its unit, or a time. */
export function measured(metric: MetricName, range: ShownRange): Quantity {
  return quantity(metricRangeText(metric, range, { underUnit: true }));
}
