import { normalCdf } from "./distributions.ts";
import type { StepVerdict } from "./load_step.ts";
import type { Random } from "./random.ts";

/** How a search goes. */
export interface KneeOptions {
  /** The first rate, operations a second. */
  first: number;
  /** No rate below it is tried. @default a thousandth of the first */
  least?: number;
  /** No rate above it is tried. @default a thousand times the first */
  most?: number;
  /** The ratio of the answer's two neighbours. @default 1.05 */
  precision?: number;
  /** How often an unsure step is repeated before it counts as none. @default 2 */
  repeats?: number;
  /** How often both neighbours of the answer are measured again. @default 4 */
  confirmations?: number;
  /** Steps after which the answer is what is known by then. @default 60 */
  mostSteps?: number;
  /** Determines the order in which neighbours are measured again. */
  random: Random;
}

/** A rate that was tried. */
interface Tried {
  rate: number;
  verdict: StepVerdict;
}

/** What a search found. */
export interface Knee {
  /**
   * `found`: the interval has the knee. `above`: the highest rate that was to be tried passed. `below`:
   * none passed. `unfinished`: the steps were used up before both neighbours had been measured again.
   */
  outcome: "found" | "above" | "below" | "unfinished";
  /** Where the knee is, operations a second; of `above` and `below` it is open to one side. */
  low: number;
  high: number;
  /** Whether no rate below the answer failed: where one did, more load makes the store faster there. */
  monotone: boolean;
  /** All steps in the order in which they were measured. */
  steps: readonly Tried[];
}

/** A rate's verdicts. */
interface Count {
  steps: number;
  /** Those that passed; an unsure one counts half. */
  passed: number;
}

/** How far below the answer it is looked whether the store is monotone. */
const WELL_BELOW = 4;
/** Rates that are tried between those of the ramp where none of these passed. */
const MOST_BETWEEN = 6;
/** Rates have four digits: what is the same one must be found again. */
const DIGITS = 4;

/**
 * Searches the highest rate that a store keeps, one step at a time: it says which rate to offer next,
 * and is told what came of it. It knows neither clock nor store.
 *
 * It doubles until a store falls behind, which more load never mends; the highest rate that passed
 * below that may have slower ones below it, where more load lowers latency. Then it bisects on the
 * ratio. At last both neighbours of the answer are measured again in random order, and moved where most
 * of their verdicts speak against them. The interval is what all verdicts together leave: a rate passes
 * with a probability that falls with its logarithm as a normal distribution's does, of which neither
 * middle nor width is known.
 */
export class KneeSearch {
  readonly #options: Required<KneeOptions>;
  readonly #steps: Tried[] = [];
  readonly #plan: Generator<number, Knee["outcome"], StepVerdict>;
  #next: number | undefined;
  #outcome: Knee["outcome"] = "unfinished";
  #low = 0;
  #high = Infinity;

  /** @throws {RangeError} Where the rates are not positive and in their order. */
  constructor(options: KneeOptions) {
    const { first, least = first / 1000, most = first * 1000 } = options;
    if (!(least > 0 && least <= first && first <= most && most < Infinity)) {
      throw new RangeError(
        `Cannot search from ${least} to ${most} beginning with ${first}: give rates above 0, in order`,
      );
    }
    const usual = { precision: 1.05, repeats: 2, confirmations: 4, mostSteps: 60 };
    this.#options = { ...usual, ...options, least, most };
    this.#plan = this.#search();
    this.#advance(this.#plan.next());
  }

  /** The rate to offer next; `undefined` where the search is over. */
  get next(): number | undefined {
    return this.#next;
  }

  /** Takes the verdict of the rate that was to be offered. @throws {TypeError} Where none was. */
  observe(verdict: StepVerdict): void {
    if (this.#next === undefined) throw new TypeError("Cannot take a verdict: the search is over");
    this.#steps.push({ rate: this.#next, verdict });
    if (this.#steps.length >= this.#options.mostSteps) this.#next = undefined;
    else this.#advance(this.#plan.next(verdict));
  }

  /** What is known by now. */
  knee(): Knee {
    const steps = [...this.#steps];
    const [low, high] = this.#interval();
    const isLower = ({ rate }: Tried) => rate < this.#low / Math.sqrt(this.#options.precision);
    const monotone = !steps.some((step) => isLower(step) && step.verdict === "slow");
    return { outcome: this.#outcome, low, high, monotone, steps };
  }

  #advance({ done, value }: IteratorResult<number, Knee["outcome"]>): void {
    this.#next = done ? undefined : value;
    if (done) this.#outcome = value;
  }

  *#search(): Generator<number, Knee["outcome"], StepVerdict> {
    const ended = yield* this.#ramp();
    if (ended !== undefined) return ended;
    yield* this.#bisect();
    const below = rounded(this.#low / WELL_BELOW);
    if (below >= this.#options.least && !this.#steps.some(({ rate }) => rate <= below)) {
      yield* this.#settle(below);
    }
    return yield* this.#confirm();
  }

  /** Measures a rate, again while it is unsure. */
  *#settle(rate: number): Generator<number, StepVerdict, StepVerdict> {
    for (let repeat = 0;; repeat++) {
      const verdict = yield rate;
      if (verdict !== "unsure" || repeat >= this.#options.repeats) return verdict;
    }
  }

  /** Finds a rate that passes and one above it that does not. */
  *#ramp(): Generator<number, Knee["outcome"] | undefined, StepVerdict> {
    const { first, least, most } = this.#options;
    const verdicts = new Map<number, StepVerdict>();
    const passed = () => [...verdicts].filter(([, verdict]) => verdict === "passed");
    let behind = Infinity;
    for (let rate = rounded(first);; rate = rounded(Math.min(rate * 2, most))) {
      const verdict = yield* this.#settle(rate);
      verdicts.set(rate, verdict);
      if (verdict === "behind") {
        behind = rate;
        break;
      }
      if (rate >= rounded(most)) break;
    }
    for (let rate = rounded(first / 2); passed().length === 0 && rate >= least;) {
      verdicts.set(rate, yield* this.#settle(rate));
      rate = rounded(rate / 2);
    }
    if (passed().length === 0) yield* this.#between(verdicts);
    if (passed().length === 0) {
      this.#high = Math.min(...verdicts.keys());
      return "below";
    }
    this.#low = Math.max(...passed().map(([rate]) => rate));
    const above = [...verdicts.keys()].filter((rate) => rate > this.#low);
    if (above.length === 0 && behind === Infinity) return "above";
    this.#high = Math.min(behind, ...above);
    return undefined;
  }

  /** Tries rates between those that did not pass, from the highest that did not fall behind. */
  *#between(verdicts: Map<number, StepVerdict>): Generator<number, void, StepVerdict> {
    const kept = [...verdicts].filter(([, verdict]) => verdict !== "behind")
      .map(([rate]) => rate).sort((a, b) => b - a).slice(0, MOST_BETWEEN);
    for (const rate of kept) {
      const between = rounded(rate * Math.SQRT2);
      if (between > this.#options.most) continue;
      const verdict = yield* this.#settle(between);
      verdicts.set(between, verdict);
      if (verdict === "passed") return;
    }
  }

  *#bisect(): Generator<number, void, StepVerdict> {
    while (this.#high / this.#low > this.#options.precision) {
      const middle = rounded(Math.sqrt(this.#low * this.#high));
      if (middle <= this.#low || middle >= this.#high) return;
      // One that stays unsure halves the step: the capacity is what surely passes.
      if ((yield* this.#settle(middle)) === "passed") this.#low = middle;
      else this.#high = middle;
    }
  }

  *#confirm(): Generator<number, Knee["outcome"], StepVerdict> {
    const { confirmations, precision, least, most, random } = this.#options;
    const wanted = 1 + confirmations;
    while (true) {
      const missing = [this.#low, this.#high].flatMap((rate) =>
        new Array<number>(Math.max(0, wanted - this.#count(rate).steps)).fill(rate)
      );
      for (const rate of random.shuffle(missing)) yield rate;
      if (this.#share(this.#low) < 0.5) {
        this.#high = this.#low;
        this.#low = rounded(this.#low / precision);
        if (this.#low < least) return "below";
      } else if (this.#share(this.#high) > 0.5) {
        this.#low = this.#high;
        this.#high = rounded(this.#high * precision);
        if (this.#high > most) return "above";
      } else if (missing.length === 0) return "found";
    }
  }

  #share(rate: number): number {
    const { steps, passed } = this.#count(rate);
    return passed / steps;
  }

  #count(rate: number): Count {
    const own = this.#steps.filter((step) => step.rate === rate);
    const passed = own.reduce((sum, { verdict }) => sum + passes(verdict), 0);
    return { steps: own.length, passed };
  }

  #interval(): [low: number, high: number] {
    if (this.#outcome === "above") return [this.#low, Infinity];
    if (this.#outcome === "below") return [0, this.#high];
    if (this.#low === 0 || this.#high === Infinity) return [this.#low, this.#high];
    // What was slow far below says nothing of the knee.
    const told = this.#steps.filter(({ rate, verdict }) =>
      verdict !== "slow" || rate > this.#low / WELL_BELOW ** 0.5
    );
    const [low, high] = likelyMiddles(told, this.#low, this.#high);
    return [Math.min(low, this.#low), Math.max(high, this.#high)];
  }
}

function passes(verdict: StepVerdict): number {
  return verdict === "passed" ? 1 : verdict === "unsure" ? 0.5 : 0;
}

function rounded(rate: number): number {
  return Number(rate.toPrecision(DIGITS));
}

/**
 * How much less likely than the likeliest a middle may be. By a chi-square of one degree it is 98 %;
 * after so few steps, whose rates the search chose, it is about 95 %.
 */
const LOG_LIKELIHOOD_DROP = 2.7;
/** Widths that are tried: of the logarithm of a rate. */
const WIDTHS = [0.003, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2];
/** Share of verdicts that say nothing: a machine that stood still for a moment. */
const FLUKES = 0.02;
/** How finely middles are tried, of the logarithm of a rate, and how far beyond both neighbours. */
const GRID = 0.005;
const REACH = 0.3;

/** The middles that are about as likely as the likeliest, each with its likeliest width. */
function likelyMiddles(
  steps: readonly Tried[],
  low: number,
  high: number,
): [low: number, high: number] {
  const middles: number[] = [];
  for (let log = Math.log(low) - REACH; log <= Math.log(high) + REACH; log += GRID) {
    middles.push(log);
  }
  const likelihoods = middles.map((middle) =>
    Math.max(...WIDTHS.map((width) =>
      steps.reduce((sum, { rate, verdict }) => {
        const share = normalCdf((middle - Math.log(rate)) / width);
        const passing = FLUKES + (1 - 2 * FLUKES) * share;
        const passed = passes(verdict);
        return sum + passed * Math.log(passing) + (1 - passed) * Math.log(1 - passing);
      }, 0)
    ))
  );
  const least = Math.max(...likelihoods) - LOG_LIKELIHOOD_DROP;
  const likely = middles.filter((_, i) => likelihoods[i]! >= least);
  return [Math.exp(likely[0]!), Math.exp(likely.at(-1)!)];
}
