/**
 * Where the numbers of keys come from: one source for each distribution. A source draws from the keys
 * 0 to n − 1, where n may grow from draw to draw, and writes what it drew into an array: a number that
 * a function returns may be allocated.
 */
import { Random } from "../stats/mod.ts";
import { fnvHash64, type HashHalves, remainderOf } from "./fnv.ts";
import type { KeyDistribution } from "./load.ts";
import { ycsbRank, Zipfian } from "./zipfian.ts";

/** Draws numbers of keys. */
export interface KeySource {
  /**
   * Draws a key.
   *
   * @param keys How many there are now, at least as many as before.
   * @param into Where its number is written, at `at`.
   */
  draw(keys: number, into: Float64Array, at: number): void;
}

/** Whose draws they are. */
export interface SourceSeeds {
  /** Of this client alone. */
  random: Random;
  /** Of the whole load: what all clients have to see alike, such as where hot ranges lie. */
  shared: number;
  /** Place of the client among all, from 0 on. */
  client: number;
  /** All clients. */
  clients: number;
}

/** The source of a distribution. @param keys How many there are at first. */
export function keySource(
  distribution: KeyDistribution,
  keys: number,
  seeds: SourceSeeds,
): KeySource {
  switch (distribution.kind) {
    case "sequential":
      return new SequentialSource(Math.floor(keys * seeds.client / seeds.clients));
    case "uniform":
      return new UniformSource(seeds.random);
    case "zipfian":
      return new ZipfianSource(new Zipfian(seeds.random, keys, distribution.theta), keys);
    case "scrambledZipfian":
      return new ScrambledSource(seeds.random, keys);
    case "latest":
      return new LatestSource(new Zipfian(seeds.random, keys, distribution.theta), keys);
    case "hotspot": {
      const { keyShare, operationShare } = distribution;
      return new HotspotSource(seeds.random, keyShare, operationShare);
    }
    case "mixgraph":
      return new MixgraphSource(seeds.random, keys, distribution, seeds.shared);
  }
}

class SequentialSource implements KeySource {
  readonly #next = new Float64Array(1);

  constructor(first: number) {
    this.#next[0] = first;
  }

  draw(keys: number, into: Float64Array, at: number): void {
    const key = this.#next[0]!;
    into[at] = key;
    this.#next[0] = key + 1 < keys ? key + 1 : 0;
  }
}

class UniformSource implements KeySource {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  draw(keys: number, into: Float64Array, at: number): void {
    this.#random.uniformInto(into, at);
    into[at] = Math.floor(into[at]! * keys);
  }
}

class ZipfianSource implements KeySource {
  readonly #zipfian: Zipfian;
  readonly #keys: Float64Array;

  constructor(zipfian: Zipfian, keys: number) {
    this.#zipfian = zipfian;
    this.#keys = Float64Array.of(keys);
  }

  draw(keys: number, into: Float64Array, at: number): void {
    if (keys !== this.#keys[0]) {
      this.#keys[0] = keys;
      this.#zipfian.resize(keys);
    }
    into[at] = this.#zipfian.next();
  }
}

/** From the newest key down. */
class LatestSource implements KeySource {
  readonly #ranks: ZipfianSource;

  constructor(zipfian: Zipfian, keys: number) {
    this.#ranks = new ZipfianSource(zipfian, keys);
  }

  draw(keys: number, into: Float64Array, at: number): void {
    this.#ranks.draw(keys, into, at);
    into[at] = keys - 1 - into[at]!;
  }
}

/**
 * YCSB's. It draws from the keys of the beginning only: were the number of keys another, all hot keys
 * would be others.
 */
class ScrambledSource implements KeySource {
  readonly #random: Random;
  readonly #keys: number;
  readonly #inverse: number;
  readonly #hash: HashHalves = { high: 0, low: 0 };

  constructor(random: Random, keys: number) {
    this.#random = random;
    this.#keys = keys;
    this.#inverse = 1 / keys;
  }

  draw(_keys: number, into: Float64Array, at: number): void {
    fnvHash64(ycsbRank(this.#random.uniform()), this.#hash);
    into[at] = remainderOf(this.#hash, this.#keys, this.#inverse);
  }
}

class HotspotSource implements KeySource {
  readonly #random: Random;
  readonly #keyShare: number;
  readonly #operationShare: number;

  constructor(random: Random, keyShare: number, operationShare: number) {
    this.#random = random;
    this.#keyShare = keyShare;
    this.#operationShare = operationShare;
  }

  draw(keys: number, into: Float64Array, at: number): void {
    const hot = Math.max(1, Math.floor(keys * this.#keyShare));
    const isHot = hot === keys || this.#random.uniform() < this.#operationShare;
    const place = this.#random.uniform();
    into[at] = isHot ? Math.floor(place * hot) : hot + Math.floor(place * (keys - hot));
  }
}

/** Weights below it are none, as in db_bench. */
const LEAST_WEIGHT = 1e-16;

/**
 * db_bench's two terms for ranges and power for keys. The ranges' weights are its own, to the integer;
 * its generators are not copied, so that which range is hot, and which key in it, is another. As there,
 * keys beyond the last whole range are not drawn.
 */
class MixgraphSource implements KeySource {
  readonly #random: Random;
  /** Keys of a range. */
  readonly #size: number;
  readonly #inverse: number;
  /** Weights of the ranges up to and with each, in the order in which they lie. */
  readonly #upTo: Float64Array;
  readonly #scale: number;
  readonly #power: number;
  readonly #hash: HashHalves = { high: 0, low: 0 };

  constructor(
    random: Random,
    keys: number,
    { ranges, rangeHotness, keyHotness }: Extract<KeyDistribution, { kind: "mixgraph" }>,
    shared: number,
  ) {
    this.#random = random;
    this.#size = Math.floor(keys / ranges);
    this.#inverse = 1 / this.#size;
    const weights = rangeWeights(ranges, rangeHotness);
    new Random(shared).shuffle(weights);
    let sum = 0;
    this.#upTo = Float64Array.from(weights, (weight) => sum += weight);
    const [a, b] = keyHotness;
    this.#scale = 1 / a;
    this.#power = 1 / b;
  }

  draw(_keys: number, into: Float64Array, at: number): void {
    const upTo = this.#upTo;
    const wanted = this.#random.uniform() * upTo[upTo.length - 1]!;
    let range = 0;
    while (upTo[range]! <= wanted) range++;
    fnvHash64(Math.ceil((this.#random.uniform() * this.#scale) ** this.#power), this.#hash);
    into[at] = range * this.#size + remainderOf(this.#hash, this.#size, this.#inverse);
  }
}

/**
 * How often each range is taken, as db_bench's `InitiateExpDistribution` counts it, from the last one,
 * which is the coldest: whole multiples of that one's.
 */
export function rangeWeights(
  ranges: number,
  [a, b, c, d]: readonly [number, number, number, number],
): Float64Array {
  const hotness = Float64Array.from({ length: ranges }, (_, i) => {
    const x = ranges - i;
    const value = a * Math.exp(b * x) + c * Math.exp(d * x);
    return value < LEAST_WEIGHT ? 0 : value;
  });
  const coldest = hotness.find((value) => value > 0) ?? 1;
  const amplify = Math.floor(1 / coldest) + 1;
  return hotness.map((value) => Math.floor(amplify * value));
}
