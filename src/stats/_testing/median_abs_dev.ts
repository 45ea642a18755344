import { MAD_TO_STD_DEV, median } from "../estimators.ts";

/**
 * Median absolute deviation from the median, times {@linkcode MAD_TO_STD_DEV} as criterion.rs has it.
 *
 * @throws {RangeError} On no values, or one that is not finite.
 */
export function medianAbsDev(values: ArrayLike<number>): number {
  const center = median(values);
  return median(Float64Array.from(values, (value) => Math.abs(value - center))) * MAD_TO_STD_DEV;
}
