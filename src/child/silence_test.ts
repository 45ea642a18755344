import assert from "node:assert/strict";
import { Silence } from "./silence.ts";

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("Silence tells once that nothing was heard, and late where something was", async () => {
  const start = performance.now();
  const told: number[] = [];
  using silence = new Silence(200, () => told.push(performance.now() - start));
  await after(100);
  silence.heard();
  await after(50);
  silence.heard();
  const heard = performance.now() - start;
  await after(700);
  assert.equal(told.length, 1);
  assert.ok(told[0]! >= heard + 195, `${told} after ${heard}`);
});

Deno.test("Silence tells nothing once it is disposed of, nor where it has no limit", async () => {
  let told = 0;
  new Silence(20, () => told++)[Symbol.dispose]();
  using _ = new Silence(Infinity, () => told++);
  await after(60);
  assert.equal(told, 0);
});

Deno.test("Silence tells nothing while nothing is to be heard, and begins anew after it", async () => {
  let told = 0;
  using silence = new Silence(200, () => told++);
  silence.rest();
  await after(700);
  assert.equal(told, 0);
  silence.heard();
  await after(900);
  assert.equal(told, 1);
});

Deno.test("Silence does not count the time in which the process itself was stopped", async () => {
  let told = 0;
  using _ = new Silence(500, () => told++);
  // As Ctrl-Z does: no timer comes while it lasts.
  const start = performance.now();
  while (performance.now() - start < 2700);
  await after(100);
  assert.equal(told, 0);
  await after(800);
  assert.equal(told, 1, "the silence after it counts");
});
