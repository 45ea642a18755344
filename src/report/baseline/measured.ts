/** Measured values in tables: with their interval, or alone where it has no width. */
import { numberRangeText, timeRangeText } from "../../format/mod.ts";
import { metricRangeText, type ShownRange } from "../../analysis/mod.ts";
import { type Quantity, quantity } from "../document.ts";

/** A rate under a header that has its unit. */
export function measuredRate(range: ShownRange): Quantity {
  if (range.apart !== undefined) return quantity(metricRangeText("throughput", range));
  return quantity(numberRangeText(range));
}

/** A time. */
export function measuredTime(range: ShownRange): Quantity {
  if (range.apart !== undefined) return quantity(metricRangeText("mean", range));
  return quantity(timeRangeText(range));
}
