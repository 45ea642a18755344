import assert from "node:assert/strict";
import { threadWitness } from "./witness.ts";

/** Keeps the processor busy. */
function work(ms: number): void {
  const start = performance.now();
  while (performance.now() - start < ms);
}

Deno.test("threadWitness() counts the processor time of this thread's work, and not of its waiting", () => {
  const witness = threadWitness();
  const never = new Int32Array(new SharedArrayBuffer(4));
  witness.begin();
  const start = performance.now();
  work(20);
  const ms = performance.now() - start;
  const busy = witness.end().cpuNs!;
  witness.begin();
  Atomics.wait(never, 0, 0, 50);
  const idle = witness.end().cpuNs!;
  // However long others had the processor meanwhile, the thread did not take more than went by.
  assert.ok(busy > 0 && busy <= ms * 1.05e6, `${busy} ns in ${ms} ms`);
  assert.ok(idle >= 0 && idle < 25e6, `${idle} ns in 50 ms of waiting`);
});

Deno.test("threadWitness() counts what the processor counts, or says why not", () => {
  const witness = threadWitness();
  const count = (ms: number) => {
    witness.begin();
    work(ms);
    return witness.end();
  };
  count(1);
  const { instructions } = count(10);
  for (const name of ["instructions", "cacheMisses"]) {
    const missing = witness.missing[name];
    if (missing !== undefined) assert.match(missing, /^(it|this|the) .*[^.]$/);
  }
  if (witness.missing.instructions !== undefined) assert.equal(instructions, undefined);
  else assert.ok(instructions === undefined || instructions > 1e5, `${instructions}`);
});
