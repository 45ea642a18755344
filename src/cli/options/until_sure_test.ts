import assert from "node:assert/strict";
import { Command } from "commander";
import { type UntilSureFlags, untilSureOptions } from "./until_sure.ts";
import { addOptions } from "./values.ts";

function flagsOf(...args: string[]): UntilSureFlags {
  const command = addOptions(new Command("bench").exitOverride(), untilSureOptions());
  return command.parse(args, { from: "user" }).opts();
}

Deno.test("--until-sure and --at-most say how long a bench goes on", () => {
  assert.deepEqual(flagsOf(), {});
  assert.deepEqual(flagsOf("--until-sure"), { untilSure: true });
  assert.deepEqual(flagsOf("--until-sure", "--at-most", "90s"), {
    untilSure: true,
    atMost: 90_000,
  });
  assert.deepEqual(flagsOf("--at-most", "2h"), { atMost: 7_200_000 });
  for (const text of ["", "15", "0.5s", "15m", "8 days", "200h", "soon"]) {
    assert.throws(() => flagsOf(`--at-most=${text}`), {
      name: "UsageError",
      message: `Cannot take ${JSON.stringify(text)} for --at-most: give a time from a second ` +
        "to a week, e.g. 15min or 2h",
    });
  }
});
