import assert from "node:assert/strict";
import { type OddsBlock, oddsRatioOverBlocks } from "./odds.ts";
import { Random } from "./random.ts";

/** Parts of a block, between which it is looked what goes on. */
const LOOKS = 20;
/** Operations between two looks. */
const OPERATIONS = 1000;

/** A load in which events come in bursts, and something goes on now and then, each by its own law. */
interface Simulated {
  runs: number;
  /** For what share of the time it goes on, and how long at a time, in looks. */
  share: number;
  lasting: number;
  /** How long a burst of events is, in looks; a tenth of the time has them. */
  burst: number;
  /** The true ratio. */
  odds: number;
}

function simulate(random: Random, { runs, share, lasting, burst, odds }: Simulated): OddsBlock[][] {
  return Array.from({ length: runs }, () => {
    let on = random.uniform() < share;
    let inBurst = random.uniform() < 0.1;
    return Array.from({ length: 32 }, () => {
      const block = { eventsOn: 0, eventsOff: 0, othersOn: 0, othersOff: 0 };
      for (let look = 0; look < LOOKS; look++) {
        const change = on ? 1 / lasting : share / (1 - share) / lasting;
        if (random.uniform() < change) on = !on;
        if (random.uniform() < (inBurst ? 1 / burst : 0.1 / burst)) inBurst = !inBurst;
        const own = inBurst ? 0.01 : 0.001;
        const events = poisson(
          random,
          OPERATIONS * (on ? own * odds / (1 - own + own * odds) : own),
        );
        block[on ? "eventsOn" : "eventsOff"] += events;
        block[on ? "othersOn" : "othersOff"] += OPERATIONS - events;
      }
      return block;
    });
  });
}

function poisson(random: Random, mean: number): number {
  let events = 0;
  for (let left = random.uniform(); left > Math.exp(-mean); left *= random.uniform()) events++;
  return events;
}

/** In how many of so many loads it held the truth, of those with an interval. */
function coverage(simulated: Simulated, loads = 200): number {
  const random = new Random(7);
  let [held, all] = [0, 0];
  for (let i = 0; i < loads; i++) {
    const ratio = oddsRatioOverBlocks(simulate(random, simulated));
    if (ratio === null) continue;
    all++;
    if (ratio.low <= simulated.odds && simulated.odds <= ratio.high) held++;
  }
  return held / all;
}

Deno.test("oddsRatioOverBlocks() holds the truth as often as it says, with bursts and what lasts", () => {
  for (const odds of [1, 4]) {
    for (const burst of [3, 20]) {
      const held = coverage({ runs: 1, share: 0.3, lasting: 7, burst, odds });
      assert.ok(held >= 0.93 && held <= 1, `${held} of odds ${odds}, bursts of ${burst}`);
    }
    // Something seldom, of which there are few spells: less than is said, as its docstring has it.
    const seldom = coverage({ runs: 3, share: 0.05, lasting: 20, burst: 20, odds }, 1000);
    assert.ok(seldom >= 0.78 && seldom < 0.93, `${seldom}`);
  }
});

Deno.test("oddsRatioOverBlocks() is wider than single events would have it, where they come in bursts", () => {
  const random = new Random(1);
  const [run] = simulate(random, { runs: 1, share: 0.3, lasting: 20, burst: 20, odds: 1 });
  const { low, high } = oddsRatioOverBlocks([run!])!;
  const total = (name: keyof OddsBlock) => run!.reduce((sum, block) => sum + block[name], 0.5);
  const woolf = Math.sqrt(
    (["eventsOn", "eventsOff", "othersOn", "othersOff"] as const)
      .reduce((sum, name) => sum + 1 / total(name), 0),
  );
  assert.ok(Math.log(high / low) > 2 * 2 * 1.96 * woolf, `${low} ${high} ${woolf}`);
});

Deno.test("oddsRatioOverBlocks() adds a half to each count, so that none is divided by nothing", () => {
  const block = { eventsOn: 1, eventsOff: 0, othersOn: 9, othersOff: 30 };
  const { value, low, high, blocks } = oddsRatioOverBlocks([Array(8).fill(block)])!;
  assert.ok(Math.abs(value - 8.5 * 240.5 / (0.5 * 72.5)) < 1e-9, `${value}`);
  assert.ok(low < value && value < high && blocks === 8);
});

Deno.test("oddsRatioOverBlocks() has none where there is nothing to compare", () => {
  const block = { eventsOn: 1, eventsOff: 1, othersOn: 9, othersOff: 30 };
  const of = (change: Partial<OddsBlock>, blocks = 8) =>
    oddsRatioOverBlocks([Array(blocks).fill({ ...block, ...change })]);
  assert.ok(of({}) !== null);
  assert.equal(of({}, 7), null);
  assert.equal(of({ eventsOn: 0, eventsOff: 0 }), null);
  assert.equal(of({ eventsOn: 0, othersOn: 0 }), null);
  assert.equal(of({ eventsOff: 0, othersOff: 0 }), null);
  assert.equal(oddsRatioOverBlocks([]), null);
  assert.throws(() => oddsRatioOverBlocks([], 1), RangeError);
  // In one block of many alone, nobody knows how it would be in another.
  const quiet = { ...block, eventsOn: 0, othersOn: 0 };
  assert.equal(oddsRatioOverBlocks([[block, ...Array(31).fill(quiet)]]), null);
});
