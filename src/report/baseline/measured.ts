/** Measured values in tables: with their interval, or alone where it has no width. */
import { numberRangeText, type Range, type RangeText, timeRangeText } from "../../format/mod.ts";
import { metricRangeText, type ShownRange } from "../../analysis/mod.ts";
import { type Quantity, quantity } from "../document.ts";

/** A rate under a header that has its unit. */
export function measuredRate(range: ShownRange): Quantity {
  if (range.apart !== undefined) return quantity(metricRangeText("throughput", range));
  return quantity(withWidth(range, numberRangeText(range)));
}

/** A time. */
export function measuredTime(range: ShownRange): Quantity {
  if (range.apart !== undefined) return quantity(metricRangeText("mean", range));
  return quantity(withWidth(range, timeRangeText(range)));
}

function withWidth({ low, high }: Range, { text, ...interval }: RangeText): RangeText {
  return low === high ? { text } : { text, ...interval };
}
