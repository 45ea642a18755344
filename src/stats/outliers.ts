import { quantileSorted, sortedCopy } from "./estimators.ts";

/** criterion.rs's classes, in the order in which it prints them, and what is none. */
export type OutlierLabel = "low severe" | "low mild" | "none" | "high mild" | "high severe";

/** The fences beyond which a value is an outlier, in the unit of the data. */
interface Fences {
  lowSevere: number;
  lowMild: number;
  highMild: number;
  highSevere: number;
}

/** A sample's outliers. They are labelled and counted, never dropped. */
export interface Outliers {
  fences: Fences;
  /** The label of each value, in the order given. */
  labels: OutlierLabel[];
  /** How many values have each label; they add up to the sample's size. */
  counts: Record<OutlierLabel, number>;
  /** How many are labelled anything but `none`. */
  total: number;
}

function labelBy(values: ArrayLike<number>, fences: Fences): Outliers {
  const counts = { "low severe": 0, "low mild": 0, "none": 0, "high mild": 0, "high severe": 0 };
  const labels = Array.from(values, (value): OutlierLabel => {
    if (value < fences.lowSevere) return "low severe";
    if (value > fences.highSevere) return "high severe";
    if (value < fences.lowMild) return "low mild";
    if (value > fences.highMild) return "high mild";
    return "none";
  });
  for (const label of labels) counts[label]++;
  return { fences, labels, counts, total: labels.length - counts.none };
}

/**
 * Tukey's outliers exactly as criterion.rs labels them: fences at Q1 and Q3 (type 7) ∓ 1.5 IQR
 * (mild) and 3 IQR (severe), strict inequality, severe first.
 *
 * The fences assume symmetry: of clean lognormal data (σ = 1) they flag about 7.8 %, nearly all of
 * them high.
 *
 * @param values The sample, e.g. nanoseconds for each iteration.
 * @throws {RangeError} On no values, or one that is not finite.
 */
export function tukeyOutliers(values: ArrayLike<number>): Outliers {
  const sorted = sortedCopy(values);
  const q1 = quantileSorted(sorted, 0.25);
  const q3 = quantileSorted(sorted, 0.75);
  const iqr = q3 - q1;
  return labelBy(values, {
    lowSevere: q1 - 3 * iqr,
    lowMild: q1 - 1.5 * iqr,
    highMild: q3 + 1.5 * iqr,
    highSevere: q3 + 3 * iqr,
  });
}
