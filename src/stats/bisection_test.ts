import assert from "node:assert/strict";
import { Random } from "./random.ts";
import { type Measure, nextStep, type SearchEnd, type SearchEvent } from "./bisection.ts";

/** A made-up repository, and how it is measured. */
interface World {
  commits: number;
  /** The first slow commit; none where it is above the last. */
  slow: number;
  /** Its effect, as a fraction. @default 0.1 */
  effect?: number;
  /** Commits that cannot be measured. @default none */
  broken?: number[];
  /** Spread of a pair. @default 0.06 */
  spread?: number;
  seed: number;
  mostPairs?: number;
}

/** Searches to the end; what was asked for, and how it ended. */
function search(world: World): { end: SearchEnd; asked: Measure[]; events: SearchEvent[] } {
  const { commits, slow, effect = 0.1, broken = [], spread = 0.06, seed, mostPairs = 600 } = world;
  const random = new Random(seed);
  const events: SearchEvent[] = [];
  const asked: Measure[] = [];
  for (;;) {
    const step = nextStep({ commits, mostPairs }, events);
    if (step.kind !== "measure") return { end: step, asked, events };
    asked.push(step);
    const { base, candidate, pairs } = step;
    const odd = [base, candidate].find((commit) => broken.includes(commit));
    if (odd !== undefined) {
      events.push({ kind: "skipped", commit: odd });
      continue;
    }
    const shift = base < slow && slow <= candidate ? Math.log1p(effect) : 0;
    const logs = Array.from({ length: pairs }, () => shift + spread * random.normal());
    events.push({ kind: "measured", base, candidate, logs });
  }
}

Deno.test("nextStep() finds the commit of 64 that costs 10 % in 19 of 20 searches", () => {
  let found = 0;
  for (let seed = 0; seed < 20; seed++) {
    const slow = 1 + new Random(seed).below(64);
    const { end } = search({ commits: 64, slow, seed });
    assert.equal(end.kind, "found");
    if (end.kind !== "found" || end.span.to !== slow) continue;
    found++;
    assert.deepEqual([end.span.from, end.span.chance > 0.95], [slow - 1, true]);
    assert.ok(end.effect.value > 1.05 && end.effect.value < 1.16, `${end.effect.value}`);
  }
  assert.ok(found >= 19, `${found}`);
});

Deno.test("nextStep() finds what made it faster as well, at both ends of the row", () => {
  for (const slow of [1, 16]) {
    const { end } = search({ commits: 16, slow, effect: -0.15, seed: 5 });
    assert.ok(end.kind === "found");
    assert.deepEqual([end.span.from, end.span.to], [slow - 1, slow]);
    assert.ok(end.effect.high < 1);
  }
});

Deno.test("nextStep() builds few commits, and asks a question until its answer is plain", () => {
  const { asked } = search({ commits: 64, slow: 40, seed: 7 });
  const built = new Set(asked.flatMap(({ base, candidate }) => [base, candidate]));
  assert.ok(built.size <= 12, `${built.size}`);
  assert.deepEqual([asked[0]!.why, asked.at(-1)!.why], ["difference", "commit"]);
});

Deno.test("nextStep() ends at once where good and bad are all the same", () => {
  for (let seed = 0; seed < 10; seed++) {
    const { end, asked } = search({ commits: 64, slow: 99, seed });
    assert.equal(end.kind, "no difference");
    assert.ok(asked.every(({ why }) => why === "difference"));
  }
  const { end } = search({ commits: 64, slow: 9, effect: 0.015, spread: 0.01, seed: 1 });
  assert.equal(end.kind, "no difference", "sure, and too small to be searched for");
});

Deno.test("nextStep() goes round commits that cannot be measured, and tells those it cannot part", () => {
  const { end, events } = search({ commits: 16, slow: 8, broken: [7, 8, 9], seed: 3 });
  assert.ok(end.kind === "found");
  assert.deepEqual([end.span.from, end.span.to], [6, 10]);
  assert.ok(events.some(({ kind }) => kind === "skipped"));
  const alone = search({ commits: 4, slow: 2, broken: [1, 2, 3], seed: 3 }).end;
  assert.ok(alone.kind === "found" && alone.span.from === 0 && alone.span.to === 4);
});

Deno.test("nextStep() ends where good or bad itself cannot be measured", () => {
  assert.deepEqual(search({ commits: 4, slow: 2, broken: [4], seed: 1 }).end, {
    kind: "no end",
    commit: 4,
  });
  assert.deepEqual(nextStep({ commits: 4 }, [{ kind: "skipped", commit: 0 }]), {
    kind: "no end",
    commit: 0,
  });
});

Deno.test("nextStep() says which commits hold it together where the pairs are used up", () => {
  const { end, events } = search({ commits: 64, slow: 20, seed: 11, spread: 0.08, mostPairs: 60 });
  assert.ok(end.kind === "open");
  const { from, to, chance } = end.span;
  assert.ok(from < 20 && 20 <= to && to - from > 1 && chance > 0.97, JSON.stringify(end.span));
  const used = events.reduce((sum, e) => sum + (e.kind === "measured" ? e.logs.length : 0), 0);
  assert.ok(used <= 60);
});

Deno.test("nextStep() has one commit after the good one for an answer without asking", () => {
  const { end, asked } = search({ commits: 1, slow: 1, seed: 2 });
  assert.ok(end.kind === "found" && end.span.from === 0 && end.span.to === 1);
  assert.ok(asked.every(({ base, candidate }) => base === 0 && candidate === 1));
  assert.throws(() => nextStep({ commits: 0 }, []), RangeError);
});

Deno.test("nextStep() asks the same again of the same events, so that a search can be gone on with", () => {
  const { events } = search({ commits: 32, slow: 9, seed: 4 });
  for (let n = 0; n <= events.length; n++) {
    const some = events.slice(0, n);
    assert.deepEqual(nextStep({ commits: 32 }, some), nextStep({ commits: 32 }, some));
  }
});
