/** Made-up runs whose truth is known. */
import type { Random } from "../../stats/mod.ts";

/** How the samples of a run are spread; each kind has a mean of 1. */
export const KINDS = ["normal", "lognormal", "bimodal", "drifting", "autocorrelated"] as const;
/** One of {@linkcode KINDS}. */
type Kind = typeof KINDS[number];

/** What the kinds are, for readers. */
export const KIND_WORDS: Record<Kind, string> = {
  normal: "normal, 5 % of the mean",
  lognormal: "lognormal, σ = 1",
  bimodal: "two modes, 20 % apart",
  drifting: "normal, 5 %, drifting by 10 % over the run",
  autocorrelated: "5 %, each sample correlated 0.9 with the next",
};

const DRIFT = 0.1;
const CORRELATION = 0.9;

/** The samples of a run of one kind, in time order, around a center. */
export function drawRun(kind: Kind, n: number, center: number, random: Random): Float64Array {
  let wave = random.normal();
  const draw = (i: number): number => {
    switch (kind) {
      case "normal":
        return 1 + 0.05 * random.normal();
      case "lognormal":
        return Math.exp(random.normal() - 0.5);
      case "bimodal":
        return (random.uniform() < 0.5 ? 0.9 : 1.1) * (1 + 0.01 * random.normal());
      case "drifting":
        return 1 + DRIFT * ((i + 0.5) / n - 0.5) + 0.05 * random.normal();
      case "autocorrelated":
        wave = CORRELATION * wave + Math.sqrt(1 - CORRELATION ** 2) * random.normal();
        return 1 + 0.05 * wave;
    }
  };
  const samples = new Float64Array(n);
  for (let i = 0; i < n; i++) samples[i] = center * draw(i);
  return samples;
}

/** The center of a run: lognormal with a mean of 1. */
export function drawCenter(spread: number, random: Random): number {
  return Math.exp(spread * random.normal() - spread * spread / 2);
}
