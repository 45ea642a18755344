import assert from "node:assert/strict";
import { netemArguments } from "./netem.ts";

Deno.test("netemArguments() says what tc is told, and nothing where nothing is done", () => {
  assert.equal(netemArguments({ delayMs: 0, jitterMs: 0, loss: 0 }), undefined);
  assert.equal(
    netemArguments({ delayMs: 5, jitterMs: 0.5, loss: 0.01 })!.join(" "),
    "netem limit 100000 delay 5ms 0.5ms loss 1%",
  );
  assert.equal(
    netemArguments({ delayMs: 0, jitterMs: 0, loss: 0.02 })!.join(" "),
    "netem limit 100000 loss 2%",
  );
});
