/** Densities of marks along an axis. */
import { quantileSorted, sampleStdDev, sortedCopy } from "../../stats/mod.ts";

/** A density by position. */
interface Density {
  /** Where it was taken, px, evenly. */
  at: number[];
  /** Its height there, the highest being 1. */
  height: number[];
}

/** How far apart the density is taken, px. */
const STEP = 3;
/** Fewer values have no shape of their own. */
export const LEAST_VALUES = 20;
/** A band narrower than this would show the axis' pixels and not the data, px. */
const LEAST_BAND = 2;

/**
 * A Gaussian kernel density of positions, with Silverman's band, 0.9 · min(s, IQR / 1.34) · n^(−1/5)
 * (Silverman 1986, 3.31), on a grid from one end of the axis to the other.
 *
 * @param positions Px; on a logarithmic axis it is the density of the logarithms.
 * @returns `null` for fewer than {@linkcode LEAST_VALUES} values.
 */
export function density(positions: readonly number[], from: number, to: number): Density | null {
  if (positions.length < LEAST_VALUES) return null;
  const sorted = sortedCopy(positions);
  const iqr = quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25);
  const deviation = sampleStdDev(positions);
  const spread = iqr > 0 ? Math.min(deviation, iqr / 1.34) : deviation;
  const band = Math.max(LEAST_BAND, 0.9 * spread * positions.length ** -0.2);
  const at: number[] = [];
  for (let x = from; x <= to; x += STEP) at.push(x);
  // Positions are counted by pixel first: thousands of samples lie on few hundred of them.
  const counts = new Map<number, number>();
  for (const position of positions) {
    const pixel = Math.round(position);
    counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  }
  const height = at.map((x) => {
    let sum = 0;
    for (const [pixel, count] of counts) sum += count * Math.exp(-0.5 * ((x - pixel) / band) ** 2);
    return sum;
  });
  const highest = Math.max(...height);
  return { at, height: height.map((value) => highest > 0 ? value / highest : 0) };
}
