import assert from "node:assert/strict";
import { simulateHistories } from "./histories.ts";

const QUALITY = simulateHistories(1, 1);

/** Four standard errors of a share. */
const slack = (share: number, n: number) => 4 * Math.sqrt(share * (1 - share) / n);

Deno.test("simulateHistories() sees few false shifts, and that the night before is no measure", () => {
  const promised = QUALITY.falseShifts.filter(({ most }) => most !== null);
  assert.ok(promised.length >= 4);
  for (const { data, most, series, share } of promised) {
    assert.ok(share <= most! + slack(most!, series), `${data}: ${share}`);
  }
  const spiked = promised.find(({ data }) => data.startsWith("5 % of nights"))!;
  assert.ok(spiked.lastNight > 0.9);
});

Deno.test("simulateHistories() sees shifts and creeps found in time, and located", () => {
  for (const { change, data, most, median, p90, in50, within3 } of QUALITY.shifts) {
    // A night more than is promised, for sixty series tell a median no better.
    if (most !== null) assert.ok(median <= most + 1, `${change}, ${data}: ${median}`);
    assert.ok(median >= 3 && p90 >= median);
    assert.ok(in50 > 0.9, `${change}, ${data}: ${in50}`);
    if (within3 !== null) assert.ok(within3 > 0.8, `${change}, ${data}: ${within3}`);
  }
});

Deno.test("simulateHistories() sees usual nights called so, and spikes told from them", () => {
  for (const { data, assumed, nights, outside, called } of QUALITY.falseNights) {
    assert.ok(called <= outside);
    // Of a hundred nights, no more can be told.
    if (assumed) assert.ok(called <= 1 / 200 + slack(1 / 200, nights), `${data}: ${called}`);
  }
  const [spiked] = QUALITY.anomalies;
  assert.ok(spiked!.found > 0.99 && spiked!.wrong <= 1 / 200);
});
