/** Shares that were counted in simulations, and how far they may be off. */

/** Two standard errors of a share. */
export function shareError(share: number, repetitions: number): number {
  // A share of 0 or 1 is not known exactly either.
  const inner = Math.min(Math.max(share, 0.5 / repetitions), 1 - 0.5 / repetitions);
  return 2 * Math.sqrt(inner * (1 - inner) / repetitions);
}

/** A share with two standard errors: `1.2% ± 0.4`. */
export function withError(share: number, repetitions: number, digits = 1): string {
  const error = shareError(share, repetitions);
  return `${(share * 100).toFixed(digits)}% ± ${(error * 100).toFixed(digits)}`;
}

/** Whether a share is surely outside of some bounds, given its error. */
export function outside(share: number, repetitions: number, low: number, high: number): boolean {
  const slack = shareError(share, repetitions);
  return share + slack < low || share - slack > high;
}
