/** Sizes that are drawn anew for each value and each scan. */
import type { Random } from "../stats/mod.ts";
import type { SizeDistribution } from "./load.ts";

/** Draws sizes into an array: a number that a function returns may be allocated. */
export interface SizeSource {
  draw(into: Float64Array, at: number): void;
}

/** The source of a distribution. */
export function sizeSource(distribution: SizeDistribution, random: Random): SizeSource {
  switch (distribution.kind) {
    case "fixed":
      return new FixedSizes(distribution.size);
    case "uniform":
      return new UniformSizes(random, distribution.least, distribution.most);
    case "pareto":
      return new ParetoSizes(random, distribution);
  }
}

/** The largest that can be drawn. */
export function mostOf(distribution: SizeDistribution): number {
  return distribution.kind === "fixed" ? distribution.size : distribution.most;
}

class FixedSizes implements SizeSource {
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  draw(into: Float64Array, at: number): void {
    into[at] = this.#size;
  }
}

class UniformSizes implements SizeSource {
  readonly #random: Random;
  readonly #least: number;
  readonly #count: number;

  constructor(random: Random, least: number, most: number) {
    this.#random = random;
    this.#least = least;
    this.#count = most - least + 1;
  }

  draw(into: Float64Array, at: number): void {
    into[at] = this.#least + Math.floor(this.#random.uniform() * this.#count);
  }
}

class ParetoSizes implements SizeSource {
  readonly #random: Random;
  readonly #shape: number;
  readonly #scale: number;
  readonly #least: number;
  readonly #most: number;

  constructor(
    random: Random,
    { shape, scale, least, most }: Extract<SizeDistribution, { kind: "pareto" }>,
  ) {
    this.#random = random;
    this.#shape = shape;
    this.#scale = scale;
    this.#least = least;
    this.#most = most;
  }

  draw(into: Float64Array, at: number): void {
    // From (0, 1]: at 0 it would be infinite.
    const uniform = 1 - this.#random.uniform();
    const shape = this.#shape;
    const drawn = Math.ceil(
      shape === 0
        ? -this.#scale * Math.log(uniform)
        : this.#scale * (uniform ** -shape - 1) / shape,
    );
    const most = this.#most;
    into[at] = Math.max(this.#least, drawn > most ? drawn % most : drawn);
  }
}
