import assert from "node:assert/strict";
import { RoundLimit } from "./round_limit.ts";

const MS = 1e6;

/** How many rounds are played that take so long, of 400 that are planned. */
function rounds(plannedMs: number, workMs: (round: number) => number): number {
  const limit = new RoundLimit(plannedMs);
  let round = 0;
  while (round < 400 && !limit.isReached()) limit.played(workMs(round++) * MS);
  return round;
}

Deno.test("RoundLimit lets rounds be played that take about what they are to, or a second in all", () => {
  assert.equal(rounds(1200, () => 3), 400);
  assert.equal(rounds(1200, () => 11.9), 400, "four times as long");
  assert.equal(rounds(1, () => 2.4), 400, "960 ms");
});

Deno.test("RoundLimit lets five be played however long they take, and then ends", () => {
  assert.equal(rounds(1200, () => 4000), 5);
  assert.equal(rounds(1200, () => 480), 11, "4.8 s are for ten, and it is over after one more");
});

Deno.test("RoundLimit is not reached by rounds that the machine held up, until these take too much", () => {
  assert.equal(rounds(1200, (round) => round === 1 ? 9000 : 3), 400, "once for long");
  assert.equal(
    rounds(1200, (round) => round % 3 === 0 ? 60 : 3),
    400,
    "in one of three, 8.8 s in all",
  );
  const often = rounds(1200, (round) => round % 3 === 0 ? 400 : 3);
  assert.ok(often > 100 && often < 120, `${often}: 14.4 s in all`);
});
