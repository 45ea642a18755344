import assert from "node:assert/strict";
import { SCHEMA_VERSION } from "./schema.ts";
import { type Upgrade, upgrade } from "./upgrade.ts";

const steps = new Map<number, Upgrade>([
  [1, ({ speed, ...rest }) => ({ ...rest, throughput: speed })],
  [2, (result) => ({ ...result, unit: "1/s" })],
]);

Deno.test("upgrade() takes an old result through every step, and keeps other fields", () => {
  assert.deepEqual(upgrade({ version: 1, speed: 5, other: "x" }, steps, 3), {
    version: 3,
    throughput: 5,
    unit: "1/s",
    other: "x",
  });
});

Deno.test("upgrade() begins at the result's own version", () => {
  assert.deepEqual(upgrade({ version: 2, speed: 5 }, steps, 3), {
    version: 3,
    speed: 5,
    unit: "1/s",
  });
});

Deno.test("upgrade() leaves a result of the present version as it is", () => {
  const result = { version: SCHEMA_VERSION, speed: 5 };
  assert.equal(upgrade(result), result);
});

Deno.test("upgrade() throws when a step is missing", () => {
  assert.throws(
    () => upgrade({ version: 0 }, steps, 3),
    /^RangeError: Cannot upgrade .* version 0/,
  );
});
