import { quantileSorted } from "./estimators.ts";

/**
 * The medcouple (Brys, Hubert and Struyf, 2004), a robust measure of skewness from −1 to 1, 0 for
 * symmetric data: the median of ((u − m) − (m − l)) / (u − l) over all pairs l ≤ m ≤ u around the
 * median m.
 *
 * The kernel rises with u and with l, so the pairs below a level form a staircase that is counted in
 * O(n); bisecting on the level finds the two middle kernel values without making all n²/4 of them.
 *
 * @param sorted ascending values.
 * @throws {RangeError} on no values.
 */
export function medcouple(sorted: Float64Array): number {
  const center = quantileSorted(sorted, 0.5);
  const lower = sorted.filter((value) => value <= center);
  const upper = sorted.filter((value) => value >= center);
  // Values equal to the median are in both halves. Pairs of two of them have no kernel; they get
  // −1, 0, 1 by their places, so that they cancel out.
  const ties = sorted.reduce((count, value) => count + (value === center ? 1 : 0), 0);
  const firstTiedLower = lower.length - ties;
  const kernel = (l: number, u: number): number => {
    const spread = upper[u]! - lower[l]!;
    if (spread === 0) return Math.sign((l - firstTiedLower) + u - (ties - 1));
    return ((upper[u]! - center) - (center - lower[l]!)) / spread;
  };

  const pairs = lower.length * upper.length;
  /** The k-th smallest kernel value, counted from 1. */
  const smallest = (k: number): number => {
    let low = -1;
    let high = 1;
    // The level's bits run out, or a gap between kernel values is reached: 60 halvings do.
    for (let step = 0; step < 60 && high > low; step++) {
      const level = (low + high) / 2;
      let count = 0;
      let u = upper.length;
      let highestBelow = -Infinity;
      let lowestAbove = Infinity;
      for (let l = 0; l < lower.length; l++) {
        while (u > 0) {
          const value = kernel(l, u - 1);
          if (value <= level) {
            highestBelow = Math.max(highestBelow, value);
            break;
          }
          lowestAbove = Math.min(lowestAbove, value);
          u--;
        }
        count += u;
      }
      if (count >= k) high = highestBelow;
      else low = lowestAbove;
    }
    return high;
  };
  const middle = smallest(Math.ceil(pairs / 2));
  return pairs % 2 === 1 ? middle : (middle + smallest(pairs / 2 + 1)) / 2;
}
