import assert from "node:assert/strict";
import { Command } from "commander";
import fc from "fast-check";
import { STORES } from "../../store/mod.ts";
import { PROFILES } from "../../suite/mod.ts";
import {
  benchArguments,
  type MeasuringFlags,
  measuringOptions,
  profileOption,
} from "./measuring.ts";
import { addOptions } from "./values.ts";

/** The flags that arguments have, as every command with these options reads them. */
function parse(args: readonly string[]): { suite: string | undefined; flags: MeasuringFlags } {
  const command = addOptions(new Command().argument("[suite]"), measuringOptions(profileOption()))
    .exitOverride().parse(args, { from: "user" });
  return { suite: command.args[0], flags: command.opts() };
}

const word = fc.stringMatching(/^[a-z][a-z0-9=._/-]{0,9}$/);
const flags: fc.Arbitrary<MeasuringFlags> = fc.record({
  store: fc.array(fc.constantFrom(...STORES.map(({ name }) => name)), { minLength: 1 }),
  profile: fc.constantFrom(...Object.keys(PROFILES)),
  runs: fc.integer({ min: 1, max: 1000 }),
  filter: word,
  // Of an option that is named again, the values stand together.
  set: fc.uniqueArray(word, {
    minLength: 1,
    selector: (text) => text.includes("=") ? text.split("=")[0] : ` ${text}`,
  }),
  from: word,
  to: word,
  seed: fc.nat(),
  runLimit: fc.oneof(fc.integer({ min: 1000 }), fc.constant(Infinity)),
}, { requiredKeys: ["profile", "seed"] });

Deno.test("benchArguments() are read again as what they were made of", () => {
  fc.assert(fc.property(word, flags, (suite, given) => {
    assert.deepEqual(parse(benchArguments(suite, given)), { suite, flags: { ...given } });
  }));
});

Deno.test("benchArguments() draw a seed once, and name the profile", () => {
  const [first, second] = [0, 1].map(() => parse(benchArguments("baseline", {})).flags);
  assert.equal(first!.profile, "baseline");
  assert.ok(Number.isSafeInteger(first!.seed));
  assert.notEqual(first!.seed, second!.seed, "drawn each time");
});

Deno.test("--set takes an option's values by commas, or named again, in their order", () => {
  const cases: [string[], string[]][] = [
    [["release=1,2"], ["release=1", "2"]],
    [["release=1", "release=2"], ["release=1", "2"]],
    [["release=1,2", "wal=off", "release=3,4"], ["release=1", "2", "3", "4", "wal=off"]],
    [["wal=off", "release=1", "wal=on"], ["wal=off", "on", "release=1"]],
    [["wal=off", "release=1", "2"], ["wal=off", "release=1", "2"]],
  ];
  for (const [given, read] of cases) {
    assert.deepEqual(parse(given.flatMap((text) => ["--set", text])).flags.set, read);
  }
});
