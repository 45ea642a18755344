import assert from "node:assert/strict";
import { CAUSE_BLOCKS, CauseBlocks } from "./cause_blocks.ts";
import { Timeline } from "./causes.ts";

Deno.test("CauseBlocks puts operations where they ended, slow or not, with what went on there", () => {
  const beside = new Timeline();
  const blocks = new CauseBlocks(beside, 1000, CAUSE_BLOCKS * 100);
  blocks.knows(7);
  for (
    const [at, flush, operations] of [[1000, false, 7], [1050, true, 10], [
      1150,
      false,
      30,
    ]] as const
  ) {
    beside.look(at, { flush });
    blocks.took(operations, at);
  }
  beside.look(1190, { flush: false });
  blocks.took(90, 1190);
  blocks.slow(1020);
  blocks.slow(1180);
  // After the last look, what went on then goes on.
  blocks.slow(1195);
  const told = blocks.blocks();
  assert.equal(told.length, 2);
  assert.deepEqual(told[0], {
    operations: 3,
    slow: 1,
    // Between two looks it may have begun at any moment.
    on: { flush: { operations: 3, slow: 1 } },
  });
  assert.deepEqual(told[1], {
    operations: 80,
    slow: 2,
    on: { flush: { operations: 20, slow: 0 } },
  });
});

Deno.test("CauseBlocks has what is after the end in its last block, and nothing that is not known", () => {
  const beside = new Timeline();
  const blocks = new CauseBlocks(beside, 0, 3200);
  beside.look(0, {});
  beside.look(9999, {});
  blocks.took(5, 9999);
  const told = blocks.blocks();
  assert.equal(told.length, CAUSE_BLOCKS);
  assert.deepEqual(told[0], { operations: 0, slow: 0, on: {} });
  assert.deepEqual(told.at(-1), { operations: 5, slow: 0, on: {} });
});
