/**
 * Distribution functions, with relative errors below 1e-10 (simple-statistics has the normal distribution as
 * a four-digit table, which is too coarse for intervals).
 */

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** From here on the asymptotic series of the Stirling error is exact to double precision. */
const STIRLING_FROM = 15;
/** A continued fraction has converged when a step changes it by less than this. */
const CONVERGED = 1e-15;
/** Far above the O(√(a + b)) steps that counts of 1e9 need. */
const MOST_STEPS = 10_000_000;

function requireProbability(p: number, what: string): void {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`Cannot compute ${what}: the probability is ${p}, and must be in [0, 1]`);
  }
}

/** Density of the standard normal distribution at x. */
function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_TWO_PI;
}

/** P(Z > x) for x ≥ 2.5: Laplace's continued fraction φ(x) / (x + 1 / (x + 2 / (x + …))). */
function normalUpperTail(x: number): number {
  // The density is 0 there, to the last bit.
  if (x > 39) return 0;
  let fraction = x;
  // 120 levels give double precision at x = 2.5, where it converges slowest.
  for (let level = 120; level >= 1; level--) {
    fraction = x + level / fraction;
  }
  return normalDensity(x) / fraction;
}

/**
 * P(Z ≤ x) of the standard normal distribution. The lower tail keeps its relative accuracy.
 *
 * Series ½ + φ(x) Σ x^(2k+1) / (1·3·5…) in the middle (Marsaglia, "Evaluating the normal
 * distribution", 2004), Laplace's continued fraction in the tails.
 */
export function normalCdf(x: number): number {
  if (x <= -2.5) return normalUpperTail(-x);
  if (x >= 2.5) return 1 - normalUpperTail(x);
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= x * x / odd;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/**
 * The x with P(Z ≤ x) = p of the standard normal distribution; −∞ and ∞ at 0 and 1.
 *
 * Starts from formula 26.2.23 of Abramowitz and Stegun (error below 4.5e-4) and refines it with
 * Halley's method on {@linkcode normalCdf}.
 *
 * @throws {RangeError} Where p is not in [0, 1].
 */
export function normalQuantile(p: number): number {
  requireProbability(p, "a normal quantile");
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const newton = (normalCdf(x) - p) / normalDensity(x);
    x -= newton / (1 + 0.5 * x * newton);
  }
  return x;
}

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  let shift = 0;
  while (x < STIRLING_FROM) {
    shift += Math.log(x);
    x += 1;
  }
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingSeries(x) - shift;
}

/** The asymptotic series of ln Γ(x) − (x − ½) ln x + x − ½ ln 2π, for large x. */
function stirlingSeries(x: number): number {
  const inverseSquare = 1 / (x * x);
  return (1 / 12 -
    (1 / 360 -
        (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 * inverseSquare) * inverseSquare) *
              inverseSquare) * inverseSquare) * inverseSquare) / x;
}

/** What Stirling's formula for ln x! leaves out. */
function stirlingError(x: number): number {
  if (x >= STIRLING_FROM) return stirlingSeries(x);
  return logGamma(x) - (x - 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
}

/** x ln(x / m) + m − x without the cancellation that a plain computation suffers near x = m. */
function deviance(x: number, m: number): number {
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) - difference;
  const v = difference / (x + m);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let odd = 3;; odd += 2) {
    power *= v * v;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/**
 * x^a · y^b / B(a, b) with y = 1 − x, by Loader's saddle-point expansion ("Fast and accurate
 * computation of binomial probabilities", 2000): a difference of three log-gammas would lose all
 * digits beyond the sixth at counts of 1e9.
 */
function betaPower(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) -
    deviance(a, n * x) - deviance(b, n * y);
  return Math.exp(exponent) * Math.sqrt(a * b / (2 * Math.PI * n));
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - (a + b) * x / (a + 1) || tiny);
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    fraction *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < CONVERGED) return fraction;
  }
  throw new RangeError(
    `Cannot compute the incomplete beta function: no convergence at x = ${x}, a = ${a}, b = ${b}`,
  );
}

/**
 * The regularized incomplete beta function I_x(a, b).
 *
 * @param x From 0 to 1.
 * @param a Above 0.
 * @param b Above 0.
 * @param y 1 − x, where the caller knows it more exactly than the subtraction gives it.
 * @throws {RangeError} On arguments outside these ranges.
 */
export function incompleteBeta(x: number, a: number, b: number, y = 1 - x): number {
  requireProbability(x, "the incomplete beta function");
  if (!(a > 0 && b > 0)) {
    throw new RangeError(
      `Cannot compute the incomplete beta function: a = ${a} and b = ${b} must be above zero`,
    );
  }
  // Not y === 1 or x === 1, which a tiny counterpart can round to.
  if (x === 0) return 0;
  if (y === 0) return 1;
  const power = betaPower(x, y, a, b);
  // The fraction converges fast on this side of the mean only.
  return x < (a + 1) / (a + b + 2)
    ? power * betaFraction(x, a, b) / a
    : 1 - power * betaFraction(y, b, a) / b;
}

/**
 * P(X ≤ k) for X binomial with n trials of probability p; sound for n up to 1e9 and beyond.
 *
 * @throws {RangeError} Where p is not in [0, 1].
 */
export function binomialCdf(k: number, n: number, p: number): number {
  requireProbability(p, "a binomial probability");
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incompleteBeta(1 - p, n - k, k + 1, p);
}

/**
 * P(X > k) for X binomial with n trials of probability p, without the cancellation of 1 − cdf.
 *
 * @throws {RangeError} Where p is not in [0, 1].
 */
export function binomialUpperTail(k: number, n: number, p: number): number {
  requireProbability(p, "a binomial probability");
  if (k < 0) return 1;
  if (k >= n) return 0;
  return incompleteBeta(p, k + 1, n - k, 1 - p);
}

function requireDegrees(degrees: number): void {
  if (!(degrees > 0)) {
    throw new RangeError(
      `Cannot compute Student's t: the degrees of freedom are ${degrees}, and must be above zero`,
    );
  }
}

/** P(T > t) for t ≥ 0. */
function studentTUpperTail(t: number, degrees: number): number {
  const square = t * t;
  if (square === Infinity) return 0;
  const total = degrees + square;
  return 0.5 * incompleteBeta(degrees / total, degrees / 2, 0.5, square / total);
}

/**
 * P(T ≤ t) of Student's t distribution. The lower tail keeps its relative accuracy.
 *
 * @param t Where.
 * @param degrees Degrees of freedom, above 0, need not be whole.
 * @throws {RangeError} Where the degrees of freedom are not above zero.
 */
export function studentTCdf(t: number, degrees: number): number {
  requireDegrees(degrees);
  return t < 0 ? studentTUpperTail(-t, degrees) : 1 - studentTUpperTail(t, degrees);
}

/**
 * The t with P(T ≤ t) = p of Student's t distribution; −∞ and ∞ at 0 and 1.
 *
 * Newton's method on the logarithms of the tail and of t, in which the tail of every t distribution
 * is nearly straight, kept inside a bracket.
 *
 * @param p From 0 to 1.
 * @param degrees Degrees of freedom, above 0, need not be whole.
 * @throws {RangeError} Where p is not in [0, 1] or the degrees of freedom are not above zero.
 */
export function studentTQuantile(p: number, degrees: number): number {
  requireProbability(p, "a quantile of Student's t");
  requireDegrees(degrees);
  if (p === 0.5) return 0;
  return p < 0.5 ? -studentTUpperQuantile(p, degrees) : studentTUpperQuantile(1 - p, degrees);
}

/** The t with P(T > t) = tail, for a tail below ½. */
function studentTUpperQuantile(tail: number, degrees: number): number {
  if (tail === 0) return Infinity;
  // Tails are heavier than the normal distribution's, so its quantile is a lower bound.
  let low = -normalQuantile(tail);
  let high = 2 * low;
  while (studentTUpperTail(high, degrees) > tail) high *= 2;
  const logScale = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) -
    0.5 * Math.log(degrees * Math.PI);
  let t = low;
  for (let step = 0; step < 200; step++) {
    const at = studentTUpperTail(t, degrees);
    if (at > tail) low = t;
    else high = t;
    const density = Math.exp(logScale - (degrees + 1) / 2 * Math.log1p(t * t / degrees));
    const newton = t * Math.exp(at * Math.log(at / tail) / (t * density));
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (Math.abs(next - t) <= 1e-15 * t) return next;
    t = next;
  }
  return t;
}
