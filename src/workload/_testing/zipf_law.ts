/** What Zipf's law says exactly, and how far draws are from a law. */

/** Terms that are added up one by one; beyond them the error is below 1e-15 of the sum. */
const TERMS = 1000;

/**
 * The sum of 1/k^θ from k = first to last, both counted from 1: the first terms one by one, the rest by
 * Euler and Maclaurin's formula.
 */
export function zipfSum(first: number, last: number, theta: number): number {
  let sum = 0;
  let k = first;
  for (; k <= last && k < TERMS; k++) sum += k ** -theta;
  if (k > last) return sum;
  const integral = (x: number) => theta === 1 ? Math.log(x) : x ** (1 - theta) / (1 - theta);
  const derivative = (x: number) => -theta * x ** (-theta - 1);
  const third = (x: number) => -theta * (theta + 1) * (theta + 2) * x ** (-theta - 3);
  return sum + integral(last) - integral(k) + (k ** -theta + last ** -theta) / 2 +
    (derivative(last) - derivative(k)) / 12 - (third(last) - third(k)) / 720;
}

/** Bins of ranks, counted from 0: each of the first, then as many to each doubling. */
export function rankBins(ranks: number, alone: number, each: number): number[] {
  const ends: number[] = [];
  for (let end = 1; end < ranks; end = Math.max(end + 1, Math.floor(end * 2 ** (1 / each)))) {
    if (end <= alone || ends.length >= alone) ends.push(end);
  }
  return [...ends, ranks];
}

/**
 * By how many standard deviations a chi-square is above what it is in the mean, where draws follow the
 * law: about normal, so that 4 is once in 30,000 trials.
 *
 * @param expected Of each bin; they sum to what `observed` does.
 */
export function chiSquareExcess(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  let chi = 0;
  for (let i = 0; i < expected.length; i++) {
    chi += (observed[i]! - expected[i]!) ** 2 / expected[i]!;
  }
  const degrees = expected.length - 1;
  return (chi - degrees) / Math.sqrt(2 * degrees);
}
