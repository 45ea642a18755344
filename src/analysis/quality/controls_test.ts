import assert from "node:assert/strict";
import { simulateControls } from "./controls.ts";

Deno.test("simulateControls() sees walks of the machine told from the store, and its changes found", () => {
  const { machine, store } = simulateControls(1, 1);
  for (const { data, most, series, withControl, machines } of machine) {
    // Four standard errors of a share of so many.
    const slack = 4 * Math.sqrt(most * (1 - most) / series);
    assert.ok(withControl <= most + slack, `${data}: ${withControl}`);
    if (data !== "steady") assert.ok(machines > 0.8, `${data}: ${machines}`);
  }
  assert.ok(machine.find(({ data }) => data.startsWith("walks by 0.5"))!.without > 0.9);
  for (const { change, most, median } of store) {
    if (most !== null) assert.ok(median <= most, `${change}: ${median}`);
  }
});
